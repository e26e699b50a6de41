"""A question of several parts -> its parts, a quote for each, and which of them no quote covers.

    "When and why was it dropped?"         -> When was it dropped?  Why was it dropped?
    "Who sued, and what did China say?"    -> Who sued?             what did China say?
    "Is it in force, when does it end?"    -> Is it in force?       when does it end?
    "Compare the NAC and IEC exceptions"   -> What do the NAC exceptions do or require? …
    "What do the A, B and C acts require?" -> What does the A act require? …

`clauses` cuts a question that asks more than once, `lists` one that asks the same of several names, `compared` says
what is asked of each where they are only compared; `cover` gives each part its quote. A list of two names is taken
apart only where each is asked about on its own: "compare", "both", "versus", "respectively".
Left out: what a later part's "it" stands for (`follow`), and whose position is asked (`sides`).
"""

from __future__ import annotations

from rag.question.parts.clauses import both_asked, clauses
from rag.question.parts.compared import asked_of, compared, without_article
from rag.question.parts.cover import complete, uncovered
from rag.question.parts.lists import repeated, taken_apart
from rag.question.parts.part import MOST_PARTS, Part

__all__ = ["Part", "complete", "parts", "uncovered"]

LONGEST_LIST = 40  # words; in a longer question a list seldom stands where the question asks


def parts(question: str) -> tuple[Part, ...]:
    """The parts of a question, in its order; none where it has only one, or where nothing can be asked of one."""
    several, short = clauses(question), len(question.split()) <= LONGEST_LIST
    if both := both_asked(question):
        found = [Part(alone, asked) for asked, alone in both]
    elif len(several) > 1:
        found = [Part(f"{clause}?", clause, clause=True) for clause in several]
    elif short and (pair := compared(question)):
        found = [Part(asked_of(name), without_article(name)) for name in pair]
    else:
        found = (repeated(question) or taken_apart(question)) if short else []
    return tuple(found[:MOST_PARTS]) if all(part.question for part in found) else ()
