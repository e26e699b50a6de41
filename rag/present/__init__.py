"""How an Answer looks outside: its JSON shape, links, citations, and plain text for a terminal. Decides nothing."""

from __future__ import annotations

from rag.present.cite import FORMATS, citation, citations
from rag.present.json import answer_json, document_json, explain_json, fate_json, quote_json, when_json
from rag.present.links import document_path, fragment_url
from rag.present.order import Card, Placed, by_document, cards, placed
from rag.present.text import HEADINGS, REFUSALS, answer_text, cite, explain_text

__all__ = [
    "FORMATS",
    "HEADINGS",
    "REFUSALS",
    "Card",
    "Placed",
    "answer_json",
    "answer_text",
    "by_document",
    "cards",
    "citation",
    "citations",
    "cite",
    "document_json",
    "document_path",
    "explain_json",
    "explain_text",
    "fate_json",
    "fragment_url",
    "placed",
    "quote_json",
    "when_json",
]
