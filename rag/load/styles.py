"""What the styles of a web page say of showing words: declarations, which of them holds, and what hides.

Known: inline styles, and rules for one class or one id, with or without a tag. Left out: rules that look at what
stands around a node, at-rules (most are for print or for the size of a window), outside style sheets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

# A property -> (what its declaration weighs: importance, how exact the rule is, its place; its value in small letters).
Said = dict[str, tuple[tuple[bool, int, int], str]]

_KNOWN = frozenset(
    "display visibility opacity font font-size text-indent position left top color background background-color"
    " background-image background-clip -webkit-background-clip clip clip-path height overflow overflow-y padding"
    " padding-top padding-bottom transform".split()
)
_LONGEST = 200  # characters of a value; the address of a picture may run to a million
_ID, _STATE, _INLINE = 2, 4, 5  # how exact; a class is 0, and a tag adds 1
_LEAST = 2  # pixels, of letters and of boxes
_FAR = -999  # pixels from the left or the top
_FAINT = 0.01
_NUMBER = re.compile(r"([+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))([a-z%]{0,4})")
_PIXELS = {"px": 1.0, "pt": 1.0, "em": 16.0, "rem": 16.0, "%": 0.16, "in": 96.0, "cm": 37.8, "mm": 3.78}
_ZERO = r"[+-]?(?:0+(?:\.0*)?|\.0+)%?"
_CLEAR = re.compile(
    rf"transparent|#[\da-f]{{3}}0|#[\da-f]{{6}}00|(?:rgb|hsl)a?\((?:(?:[^,]*,){{3}}|[^/]*/)\s*{_ZERO}\s*\)"
)
_NO_SCALE = re.compile(rf"\bscale(?:3d|x|y)?\(\s*{_ZERO}\s*[,)]")
_SIMPLE = re.compile(r"([\w-]*)([.#][\w-]+)")
_COMPOUND = re.compile(r"[^\s>+~]+")
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^][]*\]")


@lru_cache(1024)
def inline(style: str) -> Said:
    """The declarations of a `style` attribute; shared, so not to be changed."""
    return _weighed(_declarations(style), _INLINE, 0)


def value(said: Said, name: str) -> str:
    """The value of a property, "" when it is not declared."""
    return said[name][1] if name in said else ""


def over(*layers: Said) -> Said:
    """What holds where all of these are declared."""
    held: Said = {}
    for layer in layers:
        for name, declared in layer.items():
            if name not in held or declared[0] >= held[name][0]:
                held[name] = declared
    return held


def rules(sheets: Iterable[str]) -> dict[tuple[str, str], Said]:
    """(tag or "", `.class` or `#id`) -> what the rules for it declare.

    A class that is hidden but shown in some state of the page (`.tab.active`) is left out: the reader gets to see it.
    """
    held: dict[tuple[str, str], Said] = {}
    states: dict[str, Said] = {}
    for place, (selector, declarations) in enumerate(_rules(sheets)):
        if simple := _SIMPLE.fullmatch(selector):
            key = simple[1].lower(), simple[2]
            exact = _ID * key[1].startswith("#") + bool(key[0])
            held[key] = over(held.get(key, {}), _weighed(declarations, exact, place))
        elif _COMPOUND.fullmatch(selector) and not hides(said := _weighed(declarations, _STATE, place)):
            for name in re.findall(r"[.#][\w-]+", _IN_BRACKETS.sub("", selector)):
                states[name] = over(states.get(name, {}), said)
    return {key: said for key, said in held.items() if not hides(said) or hides(over(said, states.get(key[1], {})))}


def hides(said: Said) -> bool:
    """True where nothing is to be seen of the words for which these declarations hold, whatever is behind them."""
    see_through = "text" in (value(said, "background-clip"), value(said, "-webkit-background-clip"))
    return bool(
        value(said, "display") == "none"
        or value(said, "visibility") in ("hidden", "collapse")
        or _share(value(said, "opacity")) <= _FAINT
        or _pixels(value(said, "font-size"), _LEAST) < _LEAST
        or re.match(r"-\d{3}", value(said, "text-indent"))
        or _is_far(said)
        or (_CLEAR.fullmatch(value(said, "color")) and not see_through)
        or _is_cut(said)
        or _NO_SCALE.search(value(said, "transform"))
    )


def _is_far(said: Said) -> bool:
    placed = value(said, "position") in ("absolute", "fixed")
    return placed and min(_pixels(value(said, "left"), 0), _pixels(value(said, "top"), 0)) <= _FAR


def _is_cut(said: Said) -> bool:
    """True for a box that is cut, or folded, to nothing."""
    clip, path = (re.fullmatch(r"(?:rect|inset)\((.*?)(?: round .*)?\)", value(said, n)) for n in ("clip", "clip-path"))
    if clip and len(edges := [_pixels(x, float("nan")) for x in re.split(r"[ ,]+", clip[1].strip())]) == 4:
        top, right, bottom, left = edges
        if bottom - top < _LEAST or right - left < _LEAST:
            return True
    if path and (parts := [_share(x) if x.endswith("%") else 0.0 for x in path[1].split()]):
        top, right, bottom, left = (parts * 4)[:4] if len(parts) != 3 else (*parts, parts[1])
        if top + bottom >= 1 or right + left >= 1:
            return True
    closed = {"hidden", "clip"} & {*value(said, "overflow").split(), value(said, "overflow-y")}
    room = any(re.search("[1-9]", value(said, name)) for name in ("padding", "padding-top", "padding-bottom"))
    return bool(closed) and _pixels(value(said, "height"), _LEAST) < _LEAST and not room


def _pixels(length: str, other: float) -> float:
    """A length in pixels, `other` where it is none that can be told."""
    number = _NUMBER.fullmatch(length)
    if number is None or not (number[2] in _PIXELS or float(number[1]) == 0):
        return other
    return float(number[1]) * _PIXELS.get(number[2], 1)


def _share(part: str) -> float:
    """`0.5` and `50%` as 0.5; 1 for what is neither."""
    number = _NUMBER.fullmatch(part)
    return 1.0 if number is None else float(number[1]) / (100 if number[2] == "%" else 1)


def _rules(sheets: Iterable[str]) -> Iterator[tuple[str, list[tuple[str, bool, str]]]]:
    """(selector, its declarations), in order."""
    import tinycss2

    for sheet in sheets:
        for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
            if rule.type == "qualified-rule" and (declarations := _declarations(rule.content)):
                for selector in tinycss2.serialize(rule.prelude).split(","):
                    yield selector.strip(), declarations


def _declarations(content: Any) -> list[tuple[str, bool, str]]:
    """(property, whether it is important, value) for each one that can hide words; the last of each kind."""
    import tinycss2

    found: dict[tuple[str, bool], str] = {}
    for declared in tinycss2.parse_declaration_list(content, skip_comments=True, skip_whitespace=True):
        if declared.type == "declaration" and (name := declared.lower_name) in _KNOWN:
            words = tinycss2.serialize([token for token in declared.value if token.type != "comment"])
            words = " ".join(words[:_LONGEST].lower().split())
            name, words = ("font-size", _size_in(words)) if name == "font" else (name, words)
            found.pop((name, declared.important), None)
            found[name, declared.important] = words
    return [(name, important, words) for (name, important), words in found.items()]


def _size_in(font: str) -> str:
    """The size in `italic 0/0 a`: the first number that is nought or has a unit; any other is a weight."""
    numbers = (_NUMBER.fullmatch(part.partition("/")[0]) for part in font.split())
    return next((n[0] for n in numbers if n and (n[2] or float(n[1]) == 0)), "medium")


def _weighed(declarations: list[tuple[str, bool, str]], exact: int, place: int) -> Said:
    return over(*({name: ((important, exact, place), words)} for name, important, words in declarations))
