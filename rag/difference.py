"""Where two texts differ, shown as `git diff --word-diff` does: [-only in the claim-]{+only in the source+}.

Left out: whether a difference matters. One character does (`rag.verify`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

_PIECES = re.compile(r"[^\W\u3400-\u9fff]+|.", re.S)  # a word, or one character of anything else, Chinese too
_LONGEST = 6_000  # characters that are compared; a quote has at most 1,500
_TOGETHER = 20  # lines that are looked for together; a quote has seldom more than two
_MUCH, _OFTEN = 200_000, 20  # pairs of like pieces that are compared, beyond which what comes more often is not
_AROUND = 40  # characters of what is equal that are shown on each side of a difference


def difference(claimed: str, there: str) -> str:
    """Both texts in one, marked where they differ and shortened where they do not; "" when they are equal."""
    if claimed == there:
        return ""
    a, b = _pieces(claimed), _pieces(there)
    shown = []
    steps = _matcher(a, b).get_opcodes()
    for n, (what, i, j, k, m) in enumerate(steps):
        if what == "equal":
            shown.append(_shortened("".join(a[i:j]), first=n == 0, last=n == len(steps) - 1))
        else:
            shown.append(f"[-{''.join(a[i:j])}-]" if j > i else "")
            shown.append(f"{{+{''.join(b[k:m])}+}}" if m > k else "")
    return "".join(shown)


def closest(words: str, text: str) -> str:
    """The lines of `text` that have most words in common with `words`, cut to where they meet; "" when none has any."""
    lines = [line for line in text.split("\n") if line.strip()]
    together = min(len([line for line in words.split("\n") if line.strip()]) or 1, _TOGETHER)
    wanted = set(_pieces(words)) - {" "}
    windows = ("\n".join(lines[n : n + together]) for n in range(max(len(lines) - together + 1, 0)))
    best = max(windows, key=lambda window: len(wanted & set(_pieces(window))), default="")
    if not any(piece.isalnum() and len(piece) > 3 for piece in wanted & set(_pieces(best))):
        return ""
    return _cut(words, best)


def _cut(words: str, block: str) -> str:
    """The part of `block` from its first to its last piece that is also in `words`, in the same order."""
    pieces = _pieces(block)
    met = [
        m
        for m in _matcher(_pieces(words), pieces).get_matching_blocks()
        if any(piece.isalnum() for piece in pieces[m.b : m.b + m.size])
    ]
    return "".join(pieces[met[0].b : met[-1].b + met[-1].size]).strip() if met else block


def _matcher(a: Sequence[str], b: Sequence[str]) -> SequenceMatcher[str]:
    """What compares `a` with `b`. Where too much of one is much of the other, that is passed over: spaces, say.

    Comparing them all takes the third power of them; two texts of the length of a quote are far from that.
    """
    times = Counter(b)
    common = {piece for piece, n in times.items() if n > _OFTEN} if sum(times[p] for p in a) > _MUCH else set()
    return SequenceMatcher(common.__contains__, a, b, autojunk=False)


def _pieces(text: str) -> list[str]:
    return _PIECES.findall(text[:_LONGEST])


def _shortened(equal: str, first: bool, last: bool) -> str:
    """What is the same, without its middle; at either end only the side that touches a difference is kept."""
    if len(equal) <= 2 * _AROUND:
        return equal
    return ("" if first else equal[:_AROUND]) + "…" + ("" if last else equal[-_AROUND:])
