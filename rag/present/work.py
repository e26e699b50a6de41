"""What is cited: a source with what citations need of it, and its dates as Americans and their lawyers write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.datatypes import Quote, Reference
from rag.dates import in_words
from rag.rules.turns import said_by

_NO_STANDING = ("", "event", "statement")  # kinds of source, not what became of one
_MONTHS = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()  # Bluebook, table T12
_FEDERAL_REGISTER = re.compile(r"\b(\d+) (?:FR|Fed\. Reg\.) ([\d,]+)")
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?")


@dataclass(frozen=True, slots=True)
class Work:
    """What is cited; an empty field is not known. `standing` is "superseded", `standing_day` when that was read."""

    title: str
    author: str = ""
    publisher: str = ""
    date: str = ""
    citation: str = ""
    url: str = ""
    standing: str = ""
    standing_day: str = ""
    ours: bool = False  # a record: ChipQuote's summary of its references, whose date is that of what it tells of
    checked: str = ""  # when a record was
    references: tuple[Reference, ...] = ()

    @property
    def register(self) -> str:
        """Its place in the Federal Register, as lawyers write it: 91 Fed. Reg. 1684; five digits take a comma."""
        found = _FEDERAL_REGISTER.search(self.citation)
        page = int(found[2].replace(",", "")) if found else 0
        return f"{found[1]} Fed. Reg. {page if page < 10_000 else f'{page:,}'}" if found else ""

    @property
    def code(self) -> str:
        """Executive orders and the Code of Federal Regulations as lawyers write them; any other citation as it is."""
        cited = re.sub(r"\bExecutive Order (\d+)", lambda m: f"Exec. Order No. {int(m[1]):,}", self.citation)
        cited = re.sub(r"\b(\d+) CFR (?:[Pp]art )?(\d+)(?![\d.])", r"\1 C.F.R. pt. \2", cited)
        return re.sub(r"\b(\d+) CFR (\d+\.\d+)", r"\1 C.F.R. § \2", cited)


def work_of(quote: Quote) -> Work:
    """What is cited where this is quoted. A record is nobody's words but ours, whoever it is about."""
    s = quote.document.source
    standing, day = ("", "") if s.status in _NO_STANDING else (s.status, s.status_as_of)
    if s.kind == "record":
        return Work(s.title, "ChipQuote", "", s.published, "", "", standing, day, True, s.status_as_of, s.references)
    author, publisher = said_by(quote) or s.actor, s.publisher
    publisher = "" if publisher.casefold() == author.casefold() else publisher
    return Work(s.title, author, publisher, s.published, s.citation, web(s.url), standing, day)


def web(url: str) -> str:
    """`url` where it leads to the web; any other scheme is no address to cite."""
    return url.strip() if url.strip().lower().startswith(("http://", "https://")) else ""


def date_parts(date: str) -> tuple[int, int, int]:
    """(year, month, day) of a partial ISO date; 0 where it does not say."""
    match = _DATE.fullmatch(date)
    year, month, day = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return year, month, day


def american(date: str) -> str:
    """May 13, 2025; May 2025; 2025. What is no date stays as it is."""
    year, _, day = date_parts(date)
    return f"{in_words(date[:7]).split()[0]} {day}, {year}" if day else in_words(date)


def abbreviated(date: str) -> str:
    """Jan. 15, 2026; Jan. 2026; 2026. What is no date stays as it is."""
    year, month, day = date_parts(date)
    if not month:
        return date
    return f"{_MONTHS[month - 1]} {day}, {year}" if day else f"{_MONTHS[month - 1]} {year}"
