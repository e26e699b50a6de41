"""One part of a question."""

from __future__ import annotations

from dataclasses import dataclass

MOST_PARTS = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One part: the `question` that is searched for it, and the `label` by which a reader knows it.

    A `clause` of its own may lean on the parts before it: "… and who signed it?"
    """

    question: str
    label: str
    clause: bool = False
