"""Lint the corpus of records: `python -m rag check`.

    schema    a record's front matter as a strict model      figures   dates and numbers in one form each
    rules     pages -> findings                              ledger    the records against the ledger of facts
    readme    corpus/README.md, written from the records

Left out: whether a fact is true. The check holds records to their own front matter, to one another and to the ledger.
"""

from rag.check.rules import Corpus, Finding

__all__ = ["Corpus", "Finding"]
