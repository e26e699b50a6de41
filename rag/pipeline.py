"""Question -> Answer. Read this file first: it is the whole path of a question.

    read its words: what it follows, its day, what it names (`asking`) -> embed it -> retrieve passages, then inside the
    documents that lead -> weigh their sentences -> read the best passages with it -> choose quotes, one for each of its
    parts -> answer, answer in part, contradict what is taken for granted, or find nothing -> by side, where positions
    are asked

Left out: how an index comes to be (`rag.build`), and how an answer looks (`rag.present`, `rag.web`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NoReturn, Self, cast

from rag.answer import LEAST_SUPPORT, NEAREST, answer, contradicted, held_back, partial, refused
from rag.datatypes import ENDED, Answer, Evidence, Fate, Outcome, Quote, Span, Weighed
from rag.dates import in_words
from rag.embed import Encoder, encoder_folder, load_cross_encoder, load_encoder, word_pieces
from rag.errors import IndexDamaged, IndexMismatch, QuestionError
from rag.freshness import falls_in, with_later, with_time
from rag.glossary import names_an_anchor, record_of
from rag.index import Index
from rag.question.asking import Asking, understood
from rag.question.chinese import in_english
from rag.question.follow import Followed, follow, is_courtesy
from rag.question.parts import Part, complete, parts, uncovered
from rag.question.reworded import as_the_source_says
from rag.question.spelling import mended, put_right
from rag.question.when import asks_what_became, asks_whether, holds_now
from rag.quote import choose, led_by
from rag.read import LONGEST_READ, Reader, Reads, Rival, denying, foremost, judged, likelihood, needed
from rag.retrieve import beside, inside, opening_of, retrieve
from rag.rules.defined import defining, introducing, is_told_of, looked_for
from rag.rules.fate import fate, outdone, tell_the_state, tell_what_became
from rag.rules.hindsight import tells_later, told_by
from rag.rules.hollow import saying_more, saying_something, wants_to_know_what
from rag.rules.kinds import assessing, odds_of_a_reason, telling_a_state, ungiven
from rag.rules.lack import is_near, lacking
from rag.rules.named import names_none_of, of_that_name, unnamed
from rag.rules.news import Gathered, gathered
from rag.rules.posts import naming_the_holder
from rag.rules.premise import READ_SO, Denial, denial, speaks_of
from rag.rules.provision import asks_for_itself, of_that_provision, own_words
from rag.rules.sides import Asked, Voices, asks_for_words, by_its_actor, grouped, heard, silent
from rag.rules.turns import in_turn, said_by
from rag.settings import Settings
from rag.split import sentences
from rag.text import normalise
from rag.weigh import FOREMOST, by_best_sentence, covering, is_chinese, reweighed, support, weigh

OF_AN_ASKED_SIDE = 4  # passages of each side whose position is asked for, beside those found anyway
OF_A_TERM = 12  # passages that may define a term whose meaning is asked for
LEADING, OF_EACH = 3, 4  # documents that are searched once more, each by itself, and passages of each
# Support before reading from which it counts as much as reading, where it is asked what somebody said and documents
# other than our records answer: their passages seldom name who speaks. Of 44 such questions with an answer six more get
# it, of 12 near misses none: 0.59 was their most.
WELL_FOUND = 0.65
READ = {"fast": 0, "standard": 12, "wide": 24}  # passages that are read with the question, by depth
MOST_QUOTES = 5
LONGEST_QUESTION = 4_000  # characters; about 700 words


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a question has come: "searching", "reading", "answer" (only then is there an `answer`)."""

    name: str
    note: str = ""
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """Sentences, best first; how `likely` they answer, the `least` that is needed; if reading alone `judges` that."""

    weighed: list[Weighed]
    likely: float
    least: float
    judges: bool

    @property
    def is_enough(self) -> bool:
        """True when they may answer."""
        return self.likely >= self.least


class Pipeline:
    """An open index and its encoder. Safe to share between threads. `today` tells what "today" and "still" mean."""

    def __init__(
        self, index: Index, encoder: Encoder, settings: Settings, today: Callable[[], date] = date.today
    ) -> None:
        self.index, self.encoder, self.settings, self.today = index, encoder, settings, today
        self._fate = lru_cache(maxsize=4096)(self._fate_of)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the index that `settings` names, with the encoder it was made with.

        Raises IndexMissing, IndexDamaged, IndexMismatch or ModelError, each saying what to do.
        """
        folder = encoder_folder(settings.index, settings.model)
        if not folder.is_dir():
            _say_why_there_is_no_encoder(settings)
        encoder = load_encoder(folder, settings.model)
        return cls(Index.open(settings.index, encoder.recipe.fingerprint), encoder, settings)

    def ask(self, question: str, as_of: date | None = None, side: str = "", turns: Sequence[str] = ()) -> Answer:
        """Answer a question by quotes.

        `as_of` leaves out what was not yet published that day, and wins over a day in the question's own words; `side`
        leaves out all but one side's sources; `turns` are the earlier questions of a conversation, oldest first.
        Raises QuestionError when there is nothing to ask.
        """
        *_, last = self.stages(question, as_of, side, turns)
        return cast(Answer, last.answer)

    def stages(
        self, question: str, as_of: date | None = None, side: str = "", turns: Sequence[str] = ()
    ) -> Iterator[Stage]:
        """The same, one stage at a time, for a page that shows how far it has come."""
        yield from self._stages(question, as_of, side, turns)

    def _stages(
        self, question: str, as_of: date | None, side: str, turns: Sequence[str], as_put: bool = True
    ) -> Iterator[Stage]:
        """Those of a question `as_put`, or of another that stands for it and is read in no other way again."""
        question, today = _checked(question), self.today()
        asking = understood(question, turns, as_of, side, today, self.index, self.voices)
        followed, when, sides = asking.followed, asking.when, asking.sides
        yield Stage("searching", f"Searching {self.index.manifest.documents:,} documents")
        read = self.encoder.read(asking.searched)
        slips = mended(asking.searched, read.offsets.tolist(), self.index)
        right = [put_right(text, slips) for text in (question, *turns)]
        if right != [question, *turns]:
            yield from self._again(question, right[0], as_of, side, right[1:], as_put)
            return
        evidence = self._evidence(asking, read)
        yield Stage("reading", f"Reading {len(evidence)} passages")
        news = self._news(asking)
        scored = self._weighed(asking, read, evidence, reads=news is None)  # what is new needs no reading
        done, quotes, several = self._decided(question, asking, evidence, scored, news)
        if done.outcome is Outcome.NOT_FOUND:
            if is_chinese(followed.searched) and (english := in_english(followed.searched)):
                yield from self._again(question, english, when.as_of, side, as_put=as_put)
                return
            for other in self._read_otherwise(followed, quotes) if as_put else ():
                *_, last = self._again(question, other, when.as_of, side)
                if last.answer and last.answer.outcome in (Outcome.ANSWERED, Outcome.PARTIAL):
                    yield last
                    return
            unheard = sides.voices if self._silent(quotes, sides) else ()
            others = (f"None of them speaks for {voice.label}." for voice in unheard)
            asked = followed.own if followed.leans else followed.searched
            done = refused(done, is_near(quotes), (*others, *lacking(asked, quotes)))
        m = self.index.manifest
        done = with_time(done, when, m.checked, m.newest, today)
        if done.outcome is Outcome.NOT_FOUND and when.as_of:
            *_, last = self._again(question, asking.text, None, side)
            done = with_later(done, last.answer, when.as_of)
        yield Stage("answer", answer=grouped(done, sides, self.voices, self.index.rarity, several))

    def _decided(
        self, question: str, asking: Asking, evidence: Sequence[Evidence], scored: Scored, news: Gathered | None
    ) -> tuple[Answer, tuple[Quote, ...], bool]:
        """The answer by its quotes and what is taken for granted; its quotes, refused or not; if it has parts."""
        if news:
            quotes = self._with_fates(news.quotes, asking.day)
            done = answer(question, asking.followed.searched, quotes, evidence, 1.0, scored.least, self.coverage())
            return replace(done, notes=(news.note,)), quotes, False
        weighed, sides = scored.weighed, asking.sides
        told = own_words(asking.provisions) if asks_for_itself(asking.text) else ()
        split = () if told else self._parts(asking.text)
        found, answered = list[list[Weighed]](), [scored.likely]
        for part in split:
            own = self._weighed_for(part, asking)
            found.append(own.weighed if not scored.judges or own.is_enough or not part.clause else [])
            answered.append(own.likely)
        # No passage answers all of several parts; one that answers a part is enough.
        likely = max(answered) if scored.judges else scored.likely
        quotes = heard(weighed, choose, self.settings.quotes, sides, self.voices, self.index.rarity)
        quotes = complete(quotes, split, found, max(self.settings.quotes, len(split)))
        if told:
            quotes, likely = led_by(told, quotes, self.settings.quotes), 1.0
        presupposing = split[0].question if split and split[0].clause else asking.text
        denied = denial(presupposing, weighed, self.index.rarity, asking.day)
        if denied is None and scored.judges and not split:
            against = denying(weighed, likely < scored.least)
            if against and speaks_of(asking.text, against.span, self.index.rarity):
                denied = Denial(against, READ_SO)
        if denied:
            quotes = led_by([Quote.of(denied.weighed)], [*filter(denied.is_on, quotes)], self.settings.quotes)
        quotes = self._with_fates(quotes, asking.day) if denied else self._with_what_became(asking, quotes, split)
        evidence = covering(asking.searched, evidence, weighed, self.index)
        done = answer(question, asking.followed.searched, quotes, evidence, likely, scored.least, self.coverage())
        if denied:
            done = contradicted(done, quotes, denied.note)
        elif missing := uncovered(split, found, quotes):
            done = partial(done, missing)
        elif not split and len(sides.voices) < 2 and self._lacks_what_is_named(asking, weighed, quotes):
            done = held_back(done)
        return done, quotes, bool(split)

    def _news(self, asking: Asking) -> Gathered | None:
        if asking.news is None:
            return None
        as_of = asking.when.as_of
        told = told_by(as_of, sentences, self._tells_later) if as_of else sentences
        return gathered(asking.news, self.index, told, MOST_QUOTES, as_of, asking.only)

    def _lacks_what_is_named(self, asking: Asking, weighed: Sequence[Weighed], quotes: Sequence[Quote]) -> bool:
        """True when a name, a kind of answer or a voice that is asked for in so many words stands in nothing found."""
        followed = asking.followed
        own = followed.own if followed.leans else asking.text  # what earlier turns lend may be lent wrongly
        texts = [f"{q.document.source.about} {said_by(q)} {q.text}" for q in quotes]
        return bool(
            (asking.thing and not is_told_of(own, asking.thing, texts))
            or (asking.post and not any(map(asking.post.is_held, quotes)))
            or names_none_of(own, texts)
            or unnamed(own, weighed)
            or (asking.news and asking.news.period and not any(falls_in(q, asking.news.period) for q in quotes))
            or ungiven(own, [q.text for q in quotes])
            or self._silent(quotes, asking.sides)
        )

    def _evidence(self, asking: Asking, read: Any) -> list[Evidence]:
        """The passages that may answer, those of each asked side and those that may define a term among them."""
        as_of = asking.when.as_of
        evidence = self.found(asking.searched, read, as_of, asking.only)
        for side in () if asking.only else asking.sides.sides:
            evidence = beside(
                evidence, retrieve(asking.searched, read.vector, self.index, OF_AN_ASKED_SIDE, as_of, side)
            )
        told = looked_for(asking.term) if asking.term else asking.post.looked_for if asking.post else ""
        if told:
            evidence = beside(evidence, retrieve(told, None, self.index, OF_A_TERM, as_of, asking.only))
        evidence = beside(evidence, opening_of(record_of(asking.thing), self.index, as_of, asking.only))
        return beside(evidence, [e for home in asking.provisions for e in home.evidence])

    def found(self, question: str, read: Any, as_of: date | None = None, side: str = "") -> list[Evidence]:
        """What the searches find; where passages are read, also inside the documents that this leads to."""
        evidence = retrieve(question, read.vector, self.index, self.settings.passages, as_of, side)
        if not self._reads(question):
            return evidence
        leading = by_best_sentence(evidence, weigh(read, evidence, self.index))
        return beside(evidence, inside(question, read.vector, self.index, leading, LEADING, OF_EACH))

    def _weighed(self, asking: Asking, read: Any, evidence: Sequence[Evidence], reads: bool = True) -> Scored:
        """The sentences, weighed and, where it `reads` at all, read."""
        weighed = weigh(read, evidence, self.index, asking.followed.weighing(self.index.rarity))
        if asking.when.as_of:
            weighed = self._known_by(asking.when.as_of, weighed)
        tells_what = [defining(asking.term)] if asking.term else [introducing(asking.thing)] if asking.thing else []
        weighed = reweighed(weighed, *tells_what)  # so that they are read
        found = support(weighed, asking.on)
        near = bool(weighed) and (found >= LEAST_SUPPORT or names_an_anchor(asking.text))
        reads = reads and near and self._reads(asking.text)  # what is off the subject needs no reading
        if reads:
            weighed = self._read(asking.read, weighed, asking.sides.sides)
        # A state is told by what became of a source, and several voices by several: no one passage says it all.
        judges = reads and not (asking.of_a_state or len(asking.sides.sides) > 1)
        likely, least = found, LEAST_SUPPORT
        if judges:
            likely, least = likelihood(weighed, found, odds_of_a_reason(asking.text, weighed[0].span.text)), needed()
            if found >= WELL_FOUND and asks_for_words(asking.text) and weighed[0].span.document.source.kind != "record":
                likely = max(likely, (likely + found) / 2)
        elif reads and asking.of_a_state:  # so reading counts no more than finding
            likely, least = (found + likelihood(weighed, found)) / 2, (LEAST_SUPPORT + needed()) / 2
        weighed = reweighed(weighed, *self._shares(asking, weighed), *tells_what)
        if asking.post and weighed and asking.post.is_held(weighed[0].span):
            likely = max(likely, least)  # that is all that is asked
        return Scored(weighed, likely, least, judges)

    def _shares(self, asking: Asking, weighed: Sequence[Weighed]) -> Iterator[Callable[[Span], float]]:
        """What a sentence keeps of its score, whatever found it: each says why it may keep less."""
        text = asking.text
        if asking.of_a_state or asks_what_became(text):
            yield telling_a_state(text, not asking.when.as_of)
            yield outdone(weighed)
        elif asking.thing or wants_to_know_what(text):
            yield saying_more
        if not asking.of_a_state:
            yield in_turn(text)
        yield of_that_name(text)
        yield of_that_provision(asking.provisions)
        yield saying_something(text)
        yield assessing(text)
        yield by_its_actor(text, self.voices)
        if asking.post:
            yield naming_the_holder(asking.post, [w.span for w in weighed[:FOREMOST]])

    def _with_what_became(self, asking: Asking, quotes: Sequence[Quote], split: Sequence[Part]) -> tuple[Quote, ...]:
        """The quotes with what became of their sources, led by the words that say so where that is asked.

        These take the place of the last quote, but of none that an asked voice or a part of the question has.
        """
        quotes, most = self._with_fates(quotes, asking.day), self.settings.quotes
        if split or asking.sides:
            most = max(most, min(len(quotes) + 2, MOST_QUOTES))
        if asking.of_a_state:
            return self._with_fates(tell_the_state(quotes, asking.day, most, asks_whether(asking.text)), asking.day)
        if not split and quotes and holds_now(asking.text) and quotes[0].fate and quotes[0].fate.state in ENDED:
            return self._with_fates(tell_the_state(quotes, asking.day, most, True), asking.day)
        if asks_what_became(asking.text):
            return self._with_fates(tell_what_became(quotes, asking.day, most, asking.text), asking.day)
        return quotes

    def _again(
        self,
        question: str,
        words: str,
        as_of: date | None,
        side: str,
        turns: Sequence[str] = (),
        as_put: bool = False,
    ) -> Iterator[Stage]:
        """The same in other words: in English, where no Chinese source answers; mended; a follow-up read otherwise."""
        for stage in self._stages(words, as_of, side, turns, as_put):
            found = stage.answer and replace(stage.answer, question=question)
            yield replace(stage, answer=found)

    def _read_otherwise(self, followed: Followed, quotes: Sequence[Quote]) -> Iterator[str]:
        """What a question that found no answer may mean: with more names or fewer, or in the verb of the source."""
        yield from followed.alternatives
        texts = [quote.text for quote in quotes[:NEAREST]]
        if not ungiven(followed.searched, texts) and (other := as_the_source_says(followed.searched, " ".join(texts))):
            yield other

    def _parts(self, question: str) -> tuple[Part, ...]:
        """The parts of a question, each as it is searched: "it" in a later one stands for what an earlier one names."""
        split = parts(question)
        said = [part.question for part in split]
        alone = [follow(p.question, said[:n]).searched if p.clause else p.question for n, p in enumerate(split)]
        return tuple(replace(part, question=question) for part, question in zip(split, alone, strict=True))

    def _weighed_for(self, part: Part, whole: Asking) -> Scored:
        """The sentences for one part, as for a question of its own, which costs as much."""
        asking = understood(part.question, (), whole.when.as_of, whole.only, self.today(), self.index, self.voices)
        read = self.encoder.read(asking.searched)
        return self._weighed(asking, read, self._evidence(asking, read))

    def _reads(self, question: str) -> bool:
        """True when passages are read with this question: the reader knows no Chinese and no long questions."""
        return self.reads > 0 and not is_chinese(question) and len(question.split()) <= LONGEST_READ

    def _read(self, question: str, weighed: Sequence[Weighed], sides: Sequence[str] = ()) -> list[Weighed]:
        """The sentences in the order that reading the foremost passages gives, those of each asked side among them."""
        passages = foremost(weighed, self.reads)
        for side in sides:
            own = [w for w in weighed if w.span.document.source.side == side]
            passages += [p for p in foremost(own, OF_AN_ASKED_SIDE) if p not in passages]
        return judged(weighed, passages, self.reader.read(question, passages))

    def _silent(self, quotes: Sequence[Quote], sides: Asked) -> bool:
        return silent(quotes, sides, self.voices, self.index.rarity)

    @cached_property
    def voices(self) -> Voices:
        """Who can speak, by the names in the catalog."""
        return Voices(self.index.voices())

    @property
    def reads(self) -> int:
        """How many passages are read with a question."""
        return READ[self.settings.depth]

    @cached_property
    def reader(self) -> Reads:
        """The reader, loaded by the first question that needs it. Raises ModelError when it cannot be had."""
        if self.settings.reader:
            return Rival(load_cross_encoder(self.settings.reader))
        return Reader.load(*word_pieces())

    def _known_by(self, day: date, weighed: Sequence[Weighed]) -> list[Weighed]:
        """Without the sentences of our records that tell what came after that day."""
        return [w for w in weighed if not self._tells_later(w.span, day)]

    def _tells_later(self, sentence: Span, day: date) -> bool:
        became = self._fate(sentence.document.id, day)
        return tells_later(sentence, day, became is not None and became.later)

    def _with_fates(self, quotes: Sequence[Quote], day: date) -> tuple[Quote, ...]:
        return tuple(replace(q, fate=self._fate(q.document.id, day)) for q in quotes)

    def fate_today(self, document_id: str) -> Fate | None:
        """What became of a source by today, as answers tell it; None where nothing is known of it."""
        return self._fate(document_id, self.today())

    def _fate_of(self, document_id: str, day: date) -> Fate | None:
        return fate(self.index.document(document_id), day, self.index.find, sentences)

    def coverage(self) -> str:
        """One line on what can be answered at all."""
        m = self.index.manifest
        dates = f", dated {in_words(m.oldest)} to {in_words(m.newest)}" if m.oldest else ""
        return f"{m.documents:,} documents{dates}"


def _say_why_there_is_no_encoder(settings: Settings) -> NoReturn:
    """Raise IndexMissing, IndexDamaged or IndexMismatch: whichever is the reason."""
    index = Index.open(settings.index)
    index.close()
    if index.manifest.model != settings.model:
        raise IndexMismatch(
            f"The index in {settings.index} was made with the model {index.manifest.model!r}, not {settings.model!r}. "
            "Run `python -m rag index` to rebuild it, or set CHIPQUOTE_MODEL back."
        )
    raise IndexDamaged(f"The encoder of the index in {settings.index} is gone. Rebuild it: python -m rag index")


def _checked(question: str) -> str:
    if not any(c.isalnum() for c in question):
        empty = "has no words" if question.strip() else "is empty"
        raise QuestionError(f"The question {empty}. Ask something like: When did the H200 rule take effect?")
    if is_courtesy(question):
        raise QuestionError("There is no question in that. Ask something like: When did the H200 rule take effect?")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters; the limit is {LONGEST_QUESTION:,}. "
            "Ask for one thing at a time."
        )
    return " ".join(normalise(question).split())
