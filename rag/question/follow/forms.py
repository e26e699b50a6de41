"""The small words that a question is made of, as patterns that several readings of it share.

Left out: what is made of them (`lean`, `points`, `opener`, `fill`).
"""

from __future__ import annotations

import re

ACTORS = ("org", "place", "person")
AUXILIARY = "is|are|was|were|do|does|did|has|have|had|can|could|will|would|may|must|shall|should"
PREPOSITION = (
    "as of|in|on|at|for|to|from|by|with|under|after|before|since|until|against|of|about|between|without|despite"
)
ASKED = (
    r"(?:(?:until|till|since|from|by|for|to|in|on|at|with|under|against) )?"
    r"(?:when|why|where|how(?: (?:much|many|long|often|far|big|large|high))?|who|whom|what|which)"
)
BARE_ASKED = re.compile(
    rf"(?:{ASKED}|why not|what for|(?:{PREPOSITION}) (?:what|which|whose|how many)(?: [\w-]+){{0,2}}"
    r"|how many(?! are\b| were\b) [\w-]+)(?: exactly| so| then)?$",
    re.I,
)
MOST = r"(?:(?:second|third|fourth|next)[ -])?(?:largest|biggest|highest|smallest|lowest|best|latest|newest|oldest)"
ORDINAL = r"(?:first|second|third|fourth|fifth|sixth|initial)"
THIS_YEAR = re.compile(r"\b(?:this|last|next) (?:year|month|week|quarter|summer|autumn|winter|spring)\b", re.I)
TOO = re.compile(r",?\s+(?:too|as well|also|likewise)\W*$", re.I)
APART = re.compile(r"(?:even|only|just|not even|at least|especially|including|except|excluding)\s+(?=\w)", re.I)
NUMBERED = re.compile(r"\b(?:\d+%|[A-Z]*\d\w*) (?:rule|list|tariff|duty|cap|stake)\b")  # the 50% rule, the 1260H list
# Words before a noun that do not say which one
WHICH_ONE = (
    "additional|extra|general|broad|broader|wider|new|newer|old|older|current|existing|final|total|full|whole|entire|"
    "same|other|further|future|next|last|previous|earlier|later|first|implementing|parent|actual|exact|official|"
    "original|initial|main|underlying|related|similar|special|such"
)
