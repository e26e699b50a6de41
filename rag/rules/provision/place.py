"""Where a document has a provision: from the label that its first line begins with to the next that is not its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.datatypes import Document
from rag.rules.provision.named import LABEL, Provision

Stretch = tuple[int, int]

_LINE_LABEL = re.compile(rf"^\W{{0,2}}(?P<path>{LABEL}(?:\.{LABEL})*)\. ", re.M)
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv".split()


def place(provision: Provision, document: Document) -> Stretch | None:
    """From where to where a document has the provision; None where it has it not."""
    if provision.is_entry:
        opens = re.match(rf"(?:ECCN )?{provision.number}\b(?!\.\w)", document.text)
        return _labelled(provision.path, document.text) if opens else None
    number = re.compile(rf"§? ?{re.escape(provision.number)}(?!\d)")
    for n, (start, end) in enumerate(document.headings):
        if number.match(document.text, start, end):
            after = document.headings[n + 1][0] if n + 1 < len(document.headings) else len(document.text)
            return _nested(provision.path, document.text, (end, after))
    return None


def _labelled(path: Sequence[str], text: str) -> Stretch | None:
    """The lines of an entry from the first with that label to the next with another."""
    if not path:
        return 0, len(text)
    labels = [(m.start(), f"{m['path']}.") for m in _own_labels(text)]
    own = f"{'.'.join(path)}."
    first = next((n for n, (_, label) in enumerate(labels) if label == own), None)
    if first is None:
        return None
    after = next((at for at, label in labels[first + 1 :] if not label.startswith(own)), len(text))
    return labels[first][0], after


def _own_labels(text: str) -> Iterator[re.Match[str]]:
    """The labels of an entry without those of lists in its notes, which begin with "a." anew and break off."""
    open_lists = list[str]()  # the last label of each list that is open, the innermost last
    for found in _LINE_LABEL.finditer(text):
        label = found["path"]
        if "." in label:
            yield found
            continue
        while len(open_lists) > 1 and label not in ("a", "1", _next(open_lists[-1])):
            open_lists.pop()
        if open_lists and label == _next(open_lists[-1]):
            open_lists[-1] = label
        else:
            open_lists.append(label)
        if len(open_lists) == 1:
            yield found


def _nested(path: Sequence[str], text: str, within: Stretch) -> Stretch | None:
    """The paragraph at the end of a path of labels, each at the head of a line or right behind the one before it."""
    start, end = within
    at = start
    for label in path:
        own = re.escape(f"({label})")
        found = re.compile(rf"\s?—?{own}").match(text, at) if at > start else None
        found = found or re.compile(rf"^{own}", re.M).search(text, at, end)
        if found is None:
            return None
        after = re.compile(rf"^{re.escape(f'({_next(label)})')}", re.M).search(text, found.end(), end)
        at, end = found.end(), after.start() if after else end
    line = text.rfind("\n", 0, at) + 1 if path else at
    return max(line, start), end


def _next(label: str) -> str:
    """The label of the paragraph behind: 4 for 3, iv for iii, c for b."""
    if label.isdigit():
        return str(int(label) + 1)
    if len(label) > 1 and label in _ROMAN[:-1]:
        return _ROMAN[_ROMAN.index(label) + 1]
    return chr(ord(label[-1]) + 1)
