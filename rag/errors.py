"""Every error a user can meet. Each message says what happened and how to mend it.

ChipQuoteError
├── SettingsError        a setting has an impossible value
├── LoadError            one file cannot be read as a document
├── ModelError           the embedding model is missing, changed or cannot be exported
├── IndexError           nothing can be searched, or nothing can be written
│   ├── IndexMissing         no index was built here yet
│   ├── IndexDamaged         files of the index are gone or unreadable
│   ├── IndexMismatch        the index was made by another model than the one set
│   ├── IndexBusy            another process is building it
│   └── IndexNotWritable     the folder is read-only, or the disk is full
├── QuestionError        the question is empty, too long, or its date is not one
├── QuoteUnknown         a quote key or document id that this index does not hold
├── FetchError           a document cannot be fetched, or a list of sources is wrong
│   ├── Unreachable          its host does not answer
│   ├── NoNetwork            no host at all answers
│   └── FetchBusy            another process is fetching into the same folder
├── FeedbackError        what readers say cannot be kept or read
├── ExportError          answers cannot be written where they should go
└── EvaluationError      an evaluation cannot be run or compared
    └── QuestionFileError    a question file has a bad line

"Not found" is an outcome of an answer, never an error.
"""

from __future__ import annotations


class ChipQuoteError(Exception):
    """The root: catch this to catch everything that a user can mend."""


class SettingsError(ChipQuoteError):
    """A setting has an impossible value."""


class LoadError(ChipQuoteError):
    """One file cannot be read as a document; the rest of a run goes on."""


class ModelError(ChipQuoteError):
    """The embedding model is missing, is not the published one, or cannot be exported."""


class IndexError(ChipQuoteError):  # noqa: A001  the field's word; always used as errors.IndexError
    """Nothing can be searched, or nothing can be written."""


class IndexMissing(IndexError):
    """No index was built here yet."""


class IndexDamaged(IndexError):
    """Files of the index are gone or unreadable."""


class IndexMismatch(IndexError):
    """The index was made by another model than the one set."""


class IndexBusy(IndexError):
    """Another process is building the index."""


class IndexNotWritable(IndexError):
    """The index folder is read-only, or its disk is full."""


class QuestionError(ChipQuoteError):
    """The question is empty, too long, or carries an impossible date."""


class QuoteUnknown(ChipQuoteError):
    """A quote key or document id that this index does not hold."""


class FetchError(ChipQuoteError):
    """A document cannot be fetched, or a list of sources is wrong; the rest of a run goes on."""


class Unreachable(FetchError):
    """The host of a source does not answer."""


class NoNetwork(FetchError):
    """No host at all answers: this machine is offline."""


class FetchBusy(FetchError):
    """Another process is fetching into the same folder."""


class FeedbackError(ChipQuoteError):
    """What readers say of answers cannot be kept or read."""


class ExportError(ChipQuoteError):
    """Answers cannot be written where they should go."""


class EvaluationError(ChipQuoteError):
    """An evaluation cannot be run or compared."""


class QuestionFileError(EvaluationError):
    """A question file has a bad line."""
