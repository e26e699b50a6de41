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
_NEAR = 80  # characters on each side of a stop that tell whether a sentence ends there
_CHINESE = 2.5  # a Chinese character says as much as so many letters, and is about as many word pieces

_CJK = r"\u2e80-\u9fff\uf900-\ufaff"
# After these a sentence goes on, beyond those that sentencex knows; after the numbered ones where a number follows.
_TITLES = "Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Prof|Hon|Amb|St"
_ABBREVIATIONS = "Fed|Pub|cf|v|vs|viz|approx|Cmte|Rept|Ser|Cong|Sess|Stat|Reg|Regs|Doc|Docs|Indus|Admin|Civ"
_NUMBERED = "Sec|Secs|No|Nos|Supp|Art|Arts|para|paras|pt|pts|cl|Div|Tit|Ch|Vol|Fig|App|Subpt|p|pp|n|nn|Cat|Ex|Rev"
_EITHER = "Inc|Ltd|Corp|Co|seq"  # these end a sentence before a word that usually begins one
_GOES_ON = re.compile(rf"(?:\b(?:{_TITLES}|{_ABBREVIATIONS}|{_EITHER})|§)\.?\s*$", re.I)
_GOES_ON_TO_A_NUMBER = re.compile(rf"\b(?:{_NUMBERED})\.\s*$", re.I)
_A_NUMBER = re.compile(r"[“(§]?(?:\d|Nos?\.|[IVXLC]+\b|[A-Z]{1,5}-?\d|[A-Z]{1,5}-[A-Z]+-?\d|[A-Z](?:[.,;:)]|\s))")
_OPENS = re.compile(
    r"“?(?:SEC|Sec|SECTION|Section|§+)\.? ?\d[\d.]*[A-Z]?\.\s*"
    r"|(?:Figure|Fig|Table|Chapter|Note|Box|Appendix|Part|Article|Annex)\.? [\dA-Z]{1,4}(?:[-.]\d+)*\.\s*"
    r"|(?:[(“\"‘']*[A-Za-z0-9]{1,4}[.)])+\s*|[-•●–*]\s*"
)
_FULL_STOPS = tuple("。！？；”』」")  # these end a sentence with no space behind them
_CLOSERS = tuple(";,)|]”’」』）》】")
_BEGINS = "|".join(
    """The This These Those That There It Its In If For Such When Where While Under On At As By An Any Each All Our We
    They He She But And However Also According Accordingly Therefore To Although Because Since After Before
    Section(?!\\s\\d)
    """.split()  # the U.S. Section 232 tariffs
)
_MARK = r"[⁰¹²³⁴-⁹]+(?:[,\s]+[⁰¹²³⁴-⁹]+)*"
# Ends that sentencex does not see.
_ENDS = re.compile(
    rf"(?:\b(?:{_EITHER}|al|etc|D\.C|U\.S|a\.m|p\.m)\.[”’\"')]*\s+(?=(?:{_BEGINS})\b)"  # Ltd. It
    rf"|[.?!][”’\"')\]]*(?:{_MARK}|\[\d+\])\s+(?=[“\"‘(]?[A-Z0-9])"  # the mark of a footnote stands behind the stop
    r"|(?:^|[:?!.—]\s+|[“\"])No\.[”\"]?\s+(?![A-Z]+-?[A-Z]*-?\d)(?=[^\W\d_]|[(“])"  # an answer, not a number
    r"|(?<=[a-z,] )\d[A-Z]\d{3}(?:\.[a-z0-9]{1,3})+\.\s+(?=[A-Z][a-z])"  # under 3A090.a. Items
    r"|(?<=[a-z]{3}\.)(?=[A-Z][a-z]+ [a-z])|(?<=[a-z][”\"]\.)(?=[A-Z])"  # run together in the source
    r"|[。！？]+[”’」』）】⁰¹²³⁴-⁹]*)"
)
_SAYS = re.compile(r"[^。！？，；：]{0,20}(?:说|表示|指出|称|强调|问道?|答道?|回应)[^。！？，；：]{0,4}[。！？]")


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
        if run and (heading != run_heading or _length(document.text[run[0].start : sentence.end]) > PASSAGE_CHARACTERS):
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


def _length(text: str) -> float:
    return len(text) + (_CHINESE - 1) * len(re.findall(f"[{_CJK}]", text))


def _sentence_offsets(line: str, language: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence in one block of text."""
    start = 0
    for end in _ends(line, language):
        for a, b in _cut_long(line[start:end]):
            left, right = start + a, start + b
            while left < right and line[left].isspace():
                left += 1
            while right > left and line[right - 1].isspace():
                right -= 1
            if left < right:
                yield left, right
        start = end


def _ends(line: str, language: str) -> Iterator[int]:
    """Where each sentence of a block ends: what sentencex says and what it does not see, less what goes on."""
    import sentencex

    chinese = len(re.findall(f"[{_CJK}]", line)) > 0.3 * len(line)
    found = sentencex.get_sentence_boundaries("zh" if chinese else language[:2] or "en", line)
    sure = {match.end() for match in _ENDS.finditer(line)} - {len(line)}
    last = max((n for n, character in enumerate(line) if character.isalnum()), default=-1)
    start = 0
    for end in sorted({boundary["end_index"] for boundary in found} | sure):
        surely = end in sure and not line.startswith(_CLOSERS, end) and not _SAYS.match(line, end)
        if end < len(line) and not surely and (end > last or _goes_on(line, start, end)):
            continue
        if end > start:
            yield end
        start = end
    if start < len(line):
        yield len(line)


def _goes_on(line: str, start: int, end: int) -> bool:
    """True where a stop is an abbreviation, a list mark or a dot inside a name, not the end of a sentence.

    Only what stands around it is looked at, so that a long line takes no longer than several short ones.
    """
    piece, rest = line[max(start, end - _NEAR) : end], line[end : end + _NEAR]
    if not piece[-1:].isspace() and (not piece.endswith(_FULL_STOPS) or re.match(_MARK, rest)):
        return True
    if not any(line[n].isalnum() for n in range(start, end)):
        return True
    if _GOES_ON_TO_A_NUMBER.search(piece) and _A_NUMBER.match(rest):
        return True
    if _GOES_ON.search(piece) or (end - start <= _NEAR and _OPENS.fullmatch(piece.lstrip())):
        return True
    if re.search(rf"{_MARK}\s*$", piece) and re.match(_MARK, rest):  # two footnotes to one sentence
        return True
    return rest[:1].islower() or rest.startswith(_CLOSERS) or bool("”" in piece[-2:] and _SAYS.match(rest))


def _cut_long(piece: str) -> Iterator[tuple[int, int]]:
    start = 0
    if len(piece) > LONG_SENTENCE:
        for match in re.finditer(r"[;；]\s+|, (?=\()|\s\|\s", piece):
            if match.end() - start > LONG_SENTENCE // 2:
                yield start, match.end()
                start = match.end()
    yield start, len(piece)
