"""Document -> Passages, by exact offsets: whole sentences, never across a heading.

Sentences come from sentencex (Wikimedia), which knows abbreviations and Chinese stops and gives offsets, so that no
piece is ever searched for again. Left out: what is embedded (`embed`) and what is stored (`index`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from rag.datatypes import Document, Passage, Span

# About 180 word pieces of English: MiniLM was trained on 128 and reads 256, and smaller passages rank better.
PASSAGE_CHARACTERS = 800
# A table row or a list without stops is cut at semicolons beyond this, so that a quote stays readable.
LONG_SENTENCE = 1200

# Legal abbreviations after which a sentence goes on, beyond those that sentencex knows.
_ABBREVIATIONS = "Sec|Secs|Doc|Docs|Supp|Stat|Fed|Reg|Pub|Art|No|Nos|para|pt|cl|cf|seq|v|vs|Inc|Ltd|Corp|Co"
_GOES_ON = re.compile(rf"(?:\b(?:{_ABBREVIATIONS})|§)\.?\s*$", re.I)
_OPENS = re.compile(r"(?:[(“\"‘']*[A-Za-z0-9]{1,4}[.)])+\s*|[-•●–*]\s*")
_FULL_STOPS = tuple("。！？；”』」")  # these end a sentence with no space behind them


def split(document: Document) -> list[Passage]:
    """Cut a document into passages of whole sentences, in reading order.

    Every sentence of the text is in exactly one passage; headings are in none, but name the passages below them.
    """
    passages: list[Passage] = []
    run: list[Span] = []
    run_heading = ""

    def close() -> None:
        if run:
            span = Passage(document, run[0].start, run[-1].end, tuple(run), run_heading)
            passages.append(span)
            run.clear()

    for heading, sentence in sentences(document):
        if run and (heading != run_heading or sentence.end - run[0].start > PASSAGE_CHARACTERS):
            close()
        run_heading = heading
        run.append(sentence)
    close()
    return passages


def sentences(document: Document) -> Iterator[tuple[str, Span]]:
    """(nearest heading, sentence) in reading order, without surrounding white space."""
    starts = [start for start, _ in document.headings]
    at = 0
    for line in document.text.split("\n"):
        start, at = at, at + len(line) + 1
        if not line.strip():
            continue
        nearest = bisect_right(starts, start) - 1
        if nearest >= 0 and starts[nearest] == start:
            continue
        heading = document.text[slice(*document.headings[nearest])] if nearest >= 0 else ""
        for a, b in _sentence_offsets(line, document.source.language):
            yield heading, Span(document, start + a, start + b)


def _sentence_offsets(line: str, language: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence in one block of text."""
    import sentencex

    found = [(s["start_index"], s["end_index"]) for s in sentencex.get_sentence_boundaries(language[:2] or "en", line)]
    start = 0
    for index, (_, end) in enumerate(found):
        piece = line[start:end]
        if index < len(found) - 1 and _goes_on(piece, line[end : end + 1]):
            continue
        for a, b in _cut_long(piece):
            left, right = start + a, start + b
            while left < right and line[left].isspace():
                left += 1
            while right > left and line[right - 1].isspace():
                right -= 1
            if left < right:
                yield left, right
        start = end


def _goes_on(piece: str, following: str) -> bool:
    """True where a stop is an abbreviation, a list mark or a dot inside a name, not the end of a sentence."""
    if not piece[-1:].isspace() and not piece.endswith(_FULL_STOPS):
        return True
    return bool(_GOES_ON.search(piece) or _OPENS.fullmatch(piece.lstrip()) or following.islower() or following in ";,)")


def _cut_long(piece: str) -> Iterator[tuple[int, int]]:
    start = 0
    if len(piece) > LONG_SENTENCE:
        for match in re.finditer(r"[;；]\s+|, (?=\()|\s\|\s", piece):
            if match.end() - start > LONG_SENTENCE // 2:
                yield start, match.end()
                start = match.end()
    yield start, len(piece)
