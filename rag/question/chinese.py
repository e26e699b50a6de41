"""A question in Chinese -> the English words to search English sources with, by the word list of `corpus/chinese.toml`.

No translation: words and dates in their order, with what is asked for in front. Left out: when it is used (`pipeline`).
"""

from __future__ import annotations

import re
import tomllib
from calendar import month_name
from functools import cache

from rag.dates import CHINESE
from rag.glossary import corpus_file

_DATE = rf"{CHINESE}|\d{{1,2}}\s?月\s?\d{{1,2}}\s?[日号]"
_YEAR_IN_WORDS = re.compile("[〇零一二三四五六七八九]{4}(?=年)")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_LATIN = r"[A-Za-z0-9$%€][A-Za-z0-9$%€.,:/&+-]*"
FEWEST = 2  # English words of a question, besides what it asks for, below which it says too little to search with


def in_english(question: str) -> str:
    """English words for a Chinese question; "" where too few of its words are known."""
    asks, words = _listed()
    asked, said = list[str](), list[str]()
    question = _YEAR_IN_WORDS.sub(lambda year: year[0].translate(_DIGITS), question)
    for match in _pieces().finditer(question):
        piece = match[0]
        if piece in asks:
            asked.append(asks[piece])
        elif (english := words.get(piece) or _day(piece)) not in said:
            said.append(english)
    return " ".join([*asked[:1], *said]) + "?" if len(said) >= FEWEST else ""


def _day(piece: str) -> str:
    """2024年12月3日 -> on 3 December 2024; what is no date stays as it is."""
    if not re.fullmatch(_DATE, piece):
        return piece
    year, _, rest = piece.partition("年") if "年" in piece else ("", "", piece)
    month, *day = re.findall(r"\d+", rest) or [""]
    name = month_name[int(month)] if month and int(month) <= 12 else ""
    return " ".join(part for part in ("on" if day else "in", *day, name, year.strip()) if part)


@cache
def _listed() -> tuple[dict[str, str], dict[str, str]]:
    listed = tomllib.loads(corpus_file("chinese.toml").read_text(encoding="utf-8"))
    return listed["asks"], listed["words"]


@cache
def _pieces() -> re.Pattern[str]:
    """Dates, the listed words with the longest that fits first, and whatever is not Chinese."""
    known = sorted((word for part in _listed() for word in part), key=len, reverse=True)
    return re.compile("|".join([_DATE, *map(re.escape, known), _LATIN]))
