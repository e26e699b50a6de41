"""What a reader of a web page does not see, taken out of its tree: hidden, shrunk to nothing, white on white.

Only what the page itself says by attribute, inline style or a plain rule (`styles`).
"""

from __future__ import annotations

import re
from typing import Any

from rag.load.styles import Said, inline, over, rules, value
from rag.load.styles import hides as style_hides

_WHITE = re.compile(r"(?:#fff(?:fff)?|white|rgba?\(\s*255\s*,\s*255\s*,\s*255\b[^)]*\))(?![\w])", re.I)
_CODE = {"script", "style", "template", "noscript"}
_READERS_ONLY = {"sr-only", "visually-hidden", "visuallyhidden", "element-invisible", "screen-reader-text"}
_Rules = dict[tuple[str, str], Said]


def drop_hidden(tree: Any) -> None:
    """Take out every element that is not shown, with all inside it."""
    known = rules(style.text or "" for style in tree.iter("style") if _is_for_screens(style))
    for node in list(tree.iter()):
        if isinstance(node.tag, str) and _is_hidden(node, known):
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
    return any(isinstance(n, lxml_html.HtmlElement) and (n.tag in _CODE or _is_hidden(n, {})) for n in nodes)


def _is_for_screens(sheet: Any) -> bool:
    media = sheet.get("media", "")
    return not media.strip() or bool(re.search(r"\b(?:all|screen)\b", media, re.I))


def _is_hidden(node: Any, known: _Rules) -> bool:
    classes = node.get("class", "").split()
    names = [f".{name}" for name in classes] + [f"#{node.get('id', '').strip()}"]
    own = inline(node.get("style", ""))
    layers = (known.get(key, {}) for name in names for key in (("", name), (node.tag, name)))
    return (
        node.tag == "template"
        or node.get("hidden") is not None
        or (node.tag == "input" and node.get("type") == "hidden")
        or not _READERS_ONLY.isdisjoint(classes)
        or style_hides(over(*layers, own))
        or (_is_white(node, own) and _ground(node) == "white")
    )


def _is_white(node: Any, own: Said) -> bool:
    named = node.get("color", "") if node.tag == "font" else ""
    return bool(_WHITE.match(value(own, "color")) or _WHITE.fullmatch(named))


def _ground(node: Any) -> str:
    """`white`, also where nothing says otherwise, or `dark` for every other colour or picture behind a node."""
    for place in (node, *node.iterancestors()):
        said = inline(place.get("style", ""))
        colours = [value(said, name) for name in ("background-image", "background-color", "background")]
        for ground in (*colours, place.get("bgcolor", "")):
            if ground and ground not in ("transparent", "none", "inherit"):
                return "white" if _WHITE.match(ground) else "dark"
    return "white"
