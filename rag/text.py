"""What counts as the same text, and what counts as a word. Pure functions over strings.

Left out: sentences (`split`) and meaning (`embed`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import chain, pairwise

# Characters that are invisible, turn the direction of what follows, or mean "space": dropped or folded when a file
# becomes a Document.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
    r"\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"[^\S\n]+")
_NEWLINES = re.compile(r"\r\n?|\u2028|\u2029|\x0c|\x0b|\x85")

_FOLD = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "′": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
    | dict.fromkeys("‐‑‒–—―−", "-")
)
# Digits whose place carries meaning: NFKC makes 1026 of 10²⁶ and 11⁄2 of 1½.
_PLACED = re.compile(r"([²³¹¼-¾⁰-ₜ⅐-⅟↉①-⓿㉑-㊿]+)")

_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
# Numbers that are one word -> what they count.
SPELLED = dict(zip(f"{_TO_NINETEEN} {_TENS}".split(), [*range(20), *range(20, 100, 10)], strict=True))

CHINESE = re.compile(r"[\u3400-\u9fff]")  # one character, as people write them today
_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+(?:[.'’][^\W_{_CJK}]+)*")
_ACRONYM = re.compile(r"(?:[a-z]\.)+[a-z]")
_SEVERAL = re.compile(r"[a-z]{1,2}\d{2,4}[a-z]?s|[cdgnt]pus")  # the stemmer leaves these: H20s, GB200s, GPUs
_CODE = re.compile(r"(?=[^.]*[a-z])[^.]*\d[^.]*(?=\.)")
# What is seldom comes first in both, and then what must stand before it: a search skips from one to the next.
_FOOTNOTE = re.compile(r"[⁰¹²³⁴-⁹](?<=(?:[^\W\d_]|[.,;:)\"'”’]).)[⁰¹²³⁴-⁹]*")
_GROUPED = re.compile(r",(?<=\d,)(?=\d{3}(?!\d))")

_SHORT = 2_000  # characters: longer texts are not kept

# Words too common to carry a question. Kept short on purpose: negations and numbers must stay, and so must May.
STOPWORDS = frozenset(
    """a an the of to in on at by for from with as and or is are was were be been being do does did has have had it its
    this that these those there which who whom whose what when where how why will would can could might shall should
    about into than then so such if but say says said tell tells told s t""".split()
)


def carries_meaning(piece: str) -> bool:
    """True for a word piece that is no stop word, no punctuation and no mark."""
    return any(map(str.isalnum, piece)) and piece.lower() not in STOPWORDS


def normalise(text: str) -> str:
    """One form for every text that is stored: NFC, LF line ends, single spaces, nothing invisible."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", _NEWLINES.sub("\n", text)))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


@lru_cache(maxsize=8192)  # the same sentences are compared again and again
def fold(text: str) -> str:
    """The form in which two renderings of the same words are equal.

    Only Unicode form, white space, quote marks and dashes are folded: a changed digit, unit or negation is not.
    """
    text = _INVISIBLE.sub("", text)
    if not text.isascii():
        text = _one_form(text).translate(_FOLD)
    return " ".join(text.split())


def _one_form(text: str) -> str:
    """NFKC, but for raised, lowered, circled and fraction digits; ASCII, which callers spare it, stays as it is."""
    pieces = _PLACED.split(text)
    return "".join(p if n % 2 else unicodedata.normalize("NFKC", p) for n, p in enumerate(pieces))


def alike(one: set[str], other: set[str]) -> float:
    """The share of their words that two texts have in common (Jaccard), 0 to 1."""
    common = len(one & other)
    return common / (len(one) + len(other) - common or 1)


def words(text: str) -> list[str]:
    """Search tokens: lower-cased and stemmed words; Chinese as characters and as overlapping pairs of them.

    `4,800` and `4800` are one token, as are `U.S.` and `US`, `H20s` and `H20`, `GPUs` and `GPU`; `744.23` stays whole;
    `3A090.a` also counts as `3A090`.
    The raised number of a footnote is no part of the word before it.
    """
    return list(_words_of(text) if len(text) < _SHORT else _words_of.__wrapped__(text))


@lru_cache(maxsize=32_768)  # the sentences of passages that many questions lead to
def _words_of(text: str) -> tuple[str, ...]:
    if not text.isascii():
        text = _FOOTNOTE.sub(" ", _one_form(text))
    return tuple(chain.from_iterable(map(_tokens, _WORD.findall(_GROUPED.sub("", text).lower()))))


@lru_cache(maxsize=100_000)
def _tokens(word: str) -> tuple[str, ...]:
    if "\u3400" <= word[0] <= "\ufaff":
        # Pairs rank, single characters find 镓 inside 氧化镓. A dictionary (jieba) found no more on 30 questions.
        return (*word, *map("".join, pairwise(word)))
    word = word.replace("’", "'").removesuffix("'s")
    if _ACRONYM.fullmatch(word):
        word = word.replace(".", "")
    if _SEVERAL.fullmatch(word):
        word = word[:-1]
    if word in STOPWORDS:
        return ()
    code = _CODE.match(word)
    return (stem(word), code[0]) if code else (stem(word),)


def stem(word: str) -> str:
    """The Snowball stem of an English word; anything with a digit stays as it is."""
    return word if any(map(str.isdigit, word)) else _stemmer().stemWord(word)


@cache
def _stemmer():  # type: ignore[no-untyped-def]  # PyStemmer has no types
    import Stemmer

    return Stemmer.Stemmer("english")
