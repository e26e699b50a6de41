"""What a reader of a web page does not see, taken out of its tree: hidden, shrunk to nothing, white on white.

Only what the page itself says by attribute, inline style or a plain class rule; outside stylesheets are not fetched.
"""

from __future__ import annotations

import re
from typing import Any

_UNSEEN = re.compile(
    r"(?:^|;)\s*(?:display:\s*none|visibility:\s*(?:hidden|collapse)|font-size:\s*(?:0(?:\.0+)?(?![\d.])|(?:1|1?\.\d+|0\.\d+)p[xt])"
    r"|opacity:\s*0(?:\.0+)?\s*(?:;|!|$)|text-indent:\s*-\d{3,})",
    re.I,
)
_WHITE = r"(?:#fff(?:fff)?|white|rgba?\(\s*255\s*,\s*255\s*,\s*255\b[^)]*\))(?![\w])"
_WHITE_WORDS = re.compile(rf"(?:^|;)\s*color:\s*{_WHITE}", re.I)
_GROUND = re.compile(r"(?:^|;)\s*background(?:-color|-image)?:\s*([^;]+)", re.I)
_CODE = {"script", "style", "template", "noscript"}
_READERS_ONLY = {"sr-only", "visually-hidden", "visuallyhidden", "element-invisible", "screen-reader-text"}


def drop_hidden(tree: Any) -> None:
    """Take out every element that is not shown, with all inside it."""
    unseen = _READERS_ONLY | _classes_not_shown(tree)
    for node in list(tree.iter()):
        if isinstance(node.tag, str) and _is_hidden(node, unseen):
            drop(node)


def drop(node: Any) -> None:
    """Take an element out of its tree and leave the words behind it."""
    if node.getparent() is not None:
        node.drop_tree()


def hides(tag: str) -> bool:
    """True for an opening tag whose words are not shown: `<span hidden>`, `<script>`."""
    from lxml import etree
    from lxml import html as lxml_html

    try:
        nodes = lxml_html.fragments_fromstring(tag)
    except (ValueError, etree.ParserError):
        return False
    return any(isinstance(n, lxml_html.HtmlElement) and (n.tag in _CODE or _is_hidden(n, _READERS_ONLY)) for n in nodes)


def _is_hidden(node: Any, unseen: set[str]) -> bool:
    style = node.get("style", "")
    return (
        node.tag == "template"
        or node.get("hidden") is not None
        or (node.tag == "input" and node.get("type") == "hidden")
        or bool(_UNSEEN.search(style))
        or not unseen.isdisjoint(node.get("class", "").split())
        or (_is_white(node, style) and _ground(node) == "white")
    )


def _is_white(node: Any, style: str) -> bool:
    return bool(
        _WHITE_WORDS.search(style) or (node.tag == "font" and re.fullmatch(_WHITE, node.get("color", ""), re.I))
    )


def _ground(node: Any) -> str:
    """`white`, also where nothing says otherwise, or `dark` for every other colour or picture behind a node."""
    for place in (node, *node.iterancestors()):
        said = _GROUND.search(place.get("style", ""))
        ground = said[1].strip() if said else place.get("bgcolor", "")
        if ground and ground not in ("transparent", "none", "inherit"):
            return "white" if re.match(_WHITE, ground, re.I) else "dark"
    return "white"


def _classes_not_shown(tree: Any) -> set[str]:
    """The names in rules such as `.note { display: none }`; not in those that hold only in print, say (at-rules)."""
    import tinycss2

    sheets = "\n".join(style.text or "" for style in tree.iter("style"))
    rules = [rule for rule in tinycss2.parse_stylesheet(sheets, True, True) if rule.type == "qualified-rule"]
    hiding = [rule for rule in rules if _UNSEEN.search(tinycss2.serialize(rule.content))]
    selectors = (s.strip() for rule in hiding for s in tinycss2.serialize(rule.prelude).split(","))
    return {selector[1:] for selector in selectors if re.fullmatch(r"\.[\w-]+", selector)}
