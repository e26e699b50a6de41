"""Laws by their whole name and decrees by their number, as questions and sources write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

_DECREE = "Announcement"  # not "Executive Order": those get their number later, and their own text has none
NUMBERED = re.compile(rf"(?:\d{{4}}年)?第(?P<chinese>\d+)号|\b{_DECREE}(?: No\.?)? (?P<english>\d+)\b")


def as_one_name(law: str) -> re.Pattern[str]:
    """The words of a name together, with room for "and Science" between them."""
    return re.compile(r"\W+(?:and \w+\W+)?".join(map(re.escape, law.split())), re.I)


def numbers_of(question: str) -> Callable[[str], bool]:
    """Whether a text has the number of a decree that is asked about: 第61号, Announcement 61, Nos. 55 and 61."""
    numbers = sorted({m["chinese"] or m["english"] for m in NUMBERED.finditer(question)})
    told = re.compile("|".join(rf"第{n}号|\b(?:Nos?\.|{_DECREE}s?)[^.;]{{0,40}}?\b{n}\b" for n in numbers))
    return cache(lambda text: bool(told.search(text)))
