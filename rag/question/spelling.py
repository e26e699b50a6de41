"""A word of a question that the sources do not have -> the one of theirs that is meant: "affilliates", "DoD".

A name of the glossary gives way to another name of the same thing ("Pentagon"); anything else may be a slip of the pen,
where the encoder's vocabulary does not have it either. Mended is one slip: two letters turned round, one too many, one
left out, or, in a word that is no name, one letter for a like one. What was searched is shown to the reader.
Left out: slips in short words and in words with digits, where one letter makes another thing of it (H20, H200).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import ascii_lowercase
from typing import Any

from rag.glossary import same_as
from rag.text import words

_ALIKE = ("aeiouy", "cksqz")
SEEN = 2  # passages that must have the word that was meant
_ANY = re.compile(r"(?<![\w.'’-])[A-Za-z]\w+(?![\w-])")
_WORD = re.compile(r"(?<![\w.'’-])[A-Za-z]{5,}(?![\w-])")


def mended(text: str, pieces: Iterable[tuple[int, int]], index: Any) -> dict[str, str]:
    """The words of a question that the sources do not have, and what is meant by them; mostly nothing.

    `pieces` says where each word piece of the question stands: a word of one piece is no slip. `index` offers
    `passages_with`, how many passages have a search token, and `by_words` and `passage`.
    """
    whole = {(int(start), int(end)) for start, end in pieces}
    slips = (m for m in _WORD.finditer(text) if m.span() not in whole)
    found = {m[0]: _meant(m[0], m[0][0].isupper() and m.start() > 0, index) for m in slips}
    names = (m[0] for m in _ANY.finditer(text) if not m[0].islower() or text.islower())  # "dod" for "did" is no name
    found |= {word: name for word in names if (name := _other_name(word, index))}
    return {word: meant for word, meant in found.items() if meant}


def put_right(text: str, slips: dict[str, str]) -> str:
    """The text with the words that were meant."""
    return _ANY.sub(lambda m: slips.get(m[0], m[0]), text) if slips else text


def _other_name(word: str, index: Any) -> str:
    """What the sources call a thing of the glossary, where they do not call it so."""
    if any(map(index.passages_with, words(word))):
        return ""
    known = {name: min(map(index.passages_with, words(name)), default=0) for name in same_as(word)}
    return max((name for name in known if known[name] >= SEEN), key=lambda name: (known[name], name), default="")


def _meant(word: str, name: bool, index: Any) -> str:
    tokens = words(word)
    if len(tokens) != 1 or index.passages_with(tokens[0]):
        return ""
    near = _slips(word.lower())
    known = _known(near, index) or ([] if name else _known(_changes(word.lower()), index))
    _, meant = max(known, key=lambda k: (k[0], k[1].lower()), default=(0, ""))
    return meant if meant[:1].isupper() or not name else ""


def _known(candidates: Iterable[str], index: Any) -> list[tuple[int, str]]:
    """(passages that have it bent in any way, as the sources write it) of those that the sources have as they are."""
    seen = {word: index.passages_with(tokens[0]) for word in set(candidates) if len(tokens := words(word)) == 1}
    written = ((number, _as_written(word, index)) for word, number in seen.items() if number >= SEEN)
    return [(number, word) for number, word in written if word]


def _slips(word: str) -> Iterable[str]:
    """Two letters turned round, one too many, one left out; the end is left, where words bend (broaden, broader)."""
    parts = [(word[:n], word[n:]) for n in range(1, len(word) + 1)]
    yield from (a[:-1] + b[0] + a[-1] + b[1:] for a, b in parts if len(b) > 1 and a[-1] != b[0])
    yield from (a + b[1:] for a, b in parts if len(b) > 1)
    yield from (a + letter + b for a, b in parts for letter in ascii_lowercase)


def _changes(word: str) -> Iterable[str]:
    """One letter for another that may sound like it, but for the first, which is seldom mistaken, and the last."""
    for n in range(1, len(word) - 1):
        like = next((letters for letters in _ALIKE if word[n] in letters), "")
        yield from (word[:n] + letter + word[n + 1 :] for letter in like if letter != word[n])


def _as_written(word: str, index: Any) -> str:
    """The word with the capitals that the sources give it; nothing where they have it only in another form."""
    texts = [index.passage(hit.passage).text for hit in index.by_words(words(word), 8)]
    written = [m[0] for text in texts for m in re.finditer(rf"\b{word}\b", text, re.I)]
    return max(set(written), key=lambda w: (written.count(w), w), default="")
