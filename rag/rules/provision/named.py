"""Which provisions a question names by their number, and whether it asks for these and nothing in particular."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.names import FUNCTION

LABEL = r"(?:[a-z]|\d{1,2})"
_ENTRY = re.compile(rf"\b(?P<number>\d[A-E]\d{{3}})(?P<path>(?:\.{LABEL})*)(?![\w.]*\w)")
_SECTION = re.compile(r"(?:§{1,2} ?|\b(?:[Ss]ections?|CFR) )(?P<number>\d{3}\.\d{1,2})(?P<path>(?:\(\w{1,4}\))*)")
# Words of a question for the provision itself, and for nothing that stands in it.
_OF_ITSELF = FUNCTION | frozenset(
    "15 cfr ear eccn eccns ccl entry entries section sections paragraph paragraphs provision provisions text wording"
    " item items chip chips equipment tool tools software technology commodity commodities goods products circuits"
    " control controls controlled cover covers covered say says state states read reads require requires required"
    " prohibit prohibits prohibited define defines defined contain contains include includes included fall falls"
    " specify specifies specified describe describes described mean means threshold thresholds parameter parameters"
    " performance technical requirement requirements restrict restricts restricted apply applies list lists listed"
    " classified caught exactly regulate regulates regulated meet meets words".split()
)


@dataclass(frozen=True, slots=True)
class Provision:
    """`3A090.a.1` is number 3A090, path a, 1; `§ 744.23(a)(3)` is number 744.23, path a, 3."""

    number: str
    path: tuple[str, ...]

    @property
    def is_entry(self) -> bool:
        """True for an entry of the control list, False for a section of the Code."""
        return not re.fullmatch(r"[\d.]+", self.number)


def provisions(question: str) -> tuple[Provision, ...]:
    """Those that a question names, in its order."""
    found = [(m.start(), Provision(m["number"], tuple(m["path"].split(".")[1:]))) for m in _ENTRY.finditer(question)]
    for m in _SECTION.finditer(question):
        found.append((m.start(), Provision(m["number"], tuple(re.findall(r"\w+", m["path"])))))
    return tuple(dict.fromkeys(provision for _, provision in sorted(found, key=lambda f: f[0])))


def asks_for_itself(question: str) -> bool:
    """True where a question asks what a provision says and for nothing in particular: "What does 3A090.a control?"."""
    rest = _SECTION.sub(" ", _ENTRY.sub(" ", question))
    return rest != question and all(word in _OF_ITSELF for word in re.findall(r"[a-z\d]+", rest.lower()))
