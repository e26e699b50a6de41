"""What the words around a pronoun tell of what it stands for: who acts, what a rule does, what is a firm's.

"Does it cover …" is asked of a rule or a chip, "what did they buy?" of people, firms and states (firms before states),
and "its share price" is a firm's. Left out: which name that is (`meant`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.question.follow.forms import AUXILIARY, PREPOSITION

_ALSO = r" (?:(?:also|ever|then|still|really|already|just|no longer) )*"
_OF_SCOPE = re.compile(
    rf"{_ALSO}(?:cover|hit|affect|include|reach|catch|ban|restrict|apply|require|allow|name|list|define|exempt|forbid|"
    r"prohibit|concern|mean|expire|lapse|take effect|come into|enter|pass|clear|become|replace|amend|cap|target|"
    r"contain|differ|cost|last|set|make an? (?:exception|exemption))\w*\b",
    re.I,
)
# "They" who drop a rule are no rules, "it" that sues is no list.
_ACTS = re.compile(
    rf"{_ALSO}(?:want|plan|pay|say|intend|hope|buy|sell|build|own|employ|think|earn|make|expect|forecast|sue|open|talk|"
    r"meet|get|put|drop|add|admit|plead|appeal|complain|deny|agree|decide|promise|claim|threaten|retaliate|owe|learn|"
    r"succeed|try|doing|order|ask|warn|tell|argue|go after|respond|react|contest|dispute|challenge|file|propose"
    r"|have (?:an?|any|in|left|before)\b|have(?= [\w-]+(?:\W*$| or\b))|have\W*$"
    r"|[a-z]+ (?:the|its|their|an?|any|part|back|so)|do(?: so| that| about|\W*$)|[a-z]+ (?:it|him|her))(?!\w)",
    re.I,
)
_TRADES = re.compile(
    rf"{_ALSO}(?:buy|sell|own|earn|pay|plead|appeal|have|get|build|make|produce|ship|hire|employ|admit|settle|owe)\b"
    r"|.*\bdo\W*$",
    re.I,
)
_PAYS = re.compile(r" (?:\w+ )?(?:pay|appeal|plead|owe|admit)\b", re.I)  # who was fined, not who fined them
_OF_A_FIRM = re.compile(
    r" (?:share price|shares?|stock|revenue|profits?|sales|earnings|chief executive|ceo|boss|founder|plants?|fabs?|"
    r"factor\w+|market share|\w+ (?:process|node)|products?)\b(?! of)",
    re.I,
)
_ITS_PEOPLE = re.compile(
    r" (?:spokes\w+|ministers?|ministry|chief|chairman|lawyers?|staff|engineers|customers|owners?)\b", re.I
)
_DONE_TO_PEOPLE = re.compile(
    r"\b(?:help|charge|fine|sue|punish|tell|told|ask|warn|accuse|blame|pay|cost|force|mean for|happen to)(?:e?[sd])? $",
    re.I,
)
_SAID = re.compile(r"\b(?:say|said|says|claim|claimed|confirm|deny|denied|dispute|know|believe|explain) $", re.I)
_STANDS_ALONE = re.compile(
    rf"\s*(?:[^\sa-z]|$|(?:{AUXILIARY}|apply|happen|mean|matter|change|cover|work|still|so|too|true|now|last|take|end|"
    r"start|affect|also)\b)"
)
_OF_GOODS = re.compile(r"\b(?:let|buy|sell|ship|import|export|make|produce|order|use|smuggle|get)(?:ing)? $", re.I)
_AS_GOODS = re.compile(rf"{_ALSO}(?:bought|sold|shipped|imported|exported|made|produced|smuggled|delivered)\b", re.I)
_PASSIVE = re.compile(r"\b(?:is|was|are|were) $", re.I)
_AMONG = re.compile(r"\b(?:among|(?:one|any|some|each|all|which|most|both|none) of) $", re.I)
_BEHIND = re.compile(rf"\b(?:{PREPOSITION}) $", re.I)


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A word that points out of its question, in small letters, with what stands before and after it."""

    word: str
    before: str
    after: str

    @property
    def of_a_firm(self) -> bool:
        """True for "its share price"."""
        return self.word in ("its", "their") and bool(_OF_A_FIRM.match(self.after))

    @property
    def of_scope(self) -> bool:
        """True for what does as rules do: "does it cover Macau"."""
        return bool(_OF_SCOPE.match(self.after))

    @property
    def acts(self) -> bool:
        """True for who wants, pays or says something, or has people or a share price."""
        to_people = self.word == "them" and _DONE_TO_PEOPLE.search(self.before)
        does = _ACTS.match(self.after) and not self.of_scope
        return bool(does or to_people or self.of_a_firm or _ITS_PEOPLE.match(self.after))

    @property
    def trades(self) -> bool:
        """True for who does as firms do rather than states; "it" goes on with who acted before."""
        return self.of_a_firm or (self.acts and self.word != "it" and bool(_TRADES.match(self.after)))

    @property
    def pays(self) -> bool:
        """True for who pays or appeals, which no office does."""
        return bool(_PAYS.match(self.after))

    @property
    def are_goods(self) -> bool:
        """True for what is bought, sold and let in: a chip rather than the conditions for it."""
        return bool(_OF_GOODS.search(self.before) or (self.is_done_to and _AS_GOODS.match(self.after)))

    @property
    def is_done_to(self) -> bool:
        """True for the subject of a passive: "was it widened"."""
        return bool(_PASSIVE.search(self.before))

    @property
    def is_among(self) -> bool:
        """True for several that something is one of."""
        return bool(_AMONG.search(self.before))

    @property
    def is_behind(self) -> bool:
        """True behind a preposition: "about it"."""
        return bool(_BEHIND.search(self.before))

    @property
    def stands_alone(self) -> bool:
        """True but for "this" and "that" with a noun to come, or for what was said."""
        alone = bool(_STANDS_ALONE.match(self.after)) and not _SAID.search(self.before)
        return alone or self.word not in ("this", "that", "these", "those")
