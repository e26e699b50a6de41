"""A question that found no answer, in the verb of the source that came nearest: people say "banned", sources "blocked".

Each line of the table are verbs that questions and sources use for the same act. Only the verb is put in the place of
another, in the same form; whether the source then answers is read anew.
Left out: nouns and names, which the glossary has, and verbs for other acts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

# Base form, third person, past, participle, -ing.
_ALIKE = (
    "ban bans banned banned banning, bar bars barred barred barring, block blocks blocked blocked blocking,"
    " prohibit prohibits prohibited prohibited prohibiting, restrict restricts restricted restricted restricting,"
    " curb curbs curbed curbed curbing, limit limits limited limited limiting",
    "rescind rescinds rescinded rescinded rescinding, revoke revokes revoked revoked revoking,"
    " drop drops dropped dropped dropping, withdraw withdraws withdrew withdrawn withdrawing,"
    " scrap scraps scrapped scrapped scrapping, repeal repeals repealed repealed repealing,"
    " cancel cancels cancelled cancelled cancelling, lift lifts lifted lifted lifting",
    "seize seizes seized seized seizing, take_over takes_over took_over taken_over taking_over,"
    " intervene_at intervenes_at intervened_at intervened_at intervening_at",
    "approve approves approved approved approving, allow allows allowed allowed allowing,"
    " permit permits permitted permitted permitting, clear clears cleared cleared clearing,"
    " license licenses licensed licensed licensing, authorise authorises authorised authorised authorising",
    "stop stops stopped stopped stopping, halt halts halted halted halting,"
    " suspend suspends suspended suspended suspending, pause pauses paused paused pausing,"
    " freeze freezes froze frozen freezing",
    "sanction sanctions sanctioned sanctioned sanctioning, blacklist blacklists blacklisted blacklisted blacklisting,"
    " list lists listed listed listing",
    "investigate investigates investigated investigated investigating, probe probes probed probed probing",
    "criticise criticises criticised criticised criticising, condemn condemns condemned condemned condemning,"
    " denounce denounces denounced denounced denouncing, attack attacks attacked attacked attacking",
    "exclude excludes excluded excluded excluding, leave_out leaves_out left_out left_out leaving_out,"
    " omit omits omitted omitted omitting",
    "fund funds funded funded funding, finance finances financed financed financing",
    "introduce introduces introduced introduced introducing, bring_in brings_in brought_in brought_in bringing_in,"
    " issue issues issued issued issuing, publish publishes published published publishing,"
    " release releases released released releasing",
    "export exports exported exported exporting, ship ships shipped shipped shipping, sell sells sold sold selling,"
    " supply supplies supplied supplied supplying",
    "dispute disputes disputed disputed disputing, contest contests contested contested contesting,"
    " challenge challenges challenged challenged challenging, deny denies denied denied denying",
    "open opens opened opened opening, launch launches launched launched launching,"
    " start starts started started starting, begin begins began begun beginning",
    "end ends ended ended ending, expire expires expired expired expiring, lapse lapses lapsed lapsed lapsing",
    "sign signs signed signed signing, join joins joined joined joining",
    "smuggle smuggles smuggled smuggled smuggling, divert diverts diverted diverted diverting",
)


def as_the_source_says(question: str, source: str) -> str:
    """The question with its first such verb in the word that the source has for it; "" where it has none."""
    forms, pattern = _verbs()
    for asked in pattern.finditer(question):
        group, own, form = forms[asked[0].lower()]
        for told in pattern.finditer(source):
            other, theirs, _ = forms[told[0].lower()]
            if other == group and theirs != own:
                verb = _table()[group][theirs][form]
                return f"{question[: asked.start()]}{verb}{question[asked.end() :]}"
    return ""


@cache
def _table() -> list[list[list[str]]]:
    return [[[f.replace("_", " ") for f in verb.split()] for verb in group.split(",")] for group in _ALIKE]


@cache
def _verbs() -> tuple[dict[str, tuple[int, int, int]], re.Pattern[str]]:
    """Each form -> (group, verb, which form), and a pattern for all; the past stands for an equal participle."""
    forms: dict[str, tuple[int, int, int]] = {}
    for form, place in _forms():
        forms.setdefault(form, place)
    longest_first = sorted(forms, key=len, reverse=True)
    return forms, re.compile(rf"\b(?:{'|'.join(longest_first)})\b", re.I)


def _forms() -> Iterator[tuple[str, tuple[int, int, int]]]:
    for g, group in enumerate(_table()):
        for v, verb in enumerate(group):
            for f, form in enumerate(verb):
                yield form, (g, v, f)
