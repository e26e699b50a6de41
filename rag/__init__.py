"""ChipQuote: verbatim, cited, dated quotes on US-China chip policy."""

from rag.datatypes import Answer, Document, Evidence, Outcome, Passage, Quote, Source, Span
from rag.errors import ChipQuoteError

__all__ = [
    "Answer",
    "ChipQuoteError",
    "Document",
    "Evidence",
    "Outcome",
    "Passage",
    "Quote",
    "Source",
    "Span",
]
__version__ = "0.1.0"
