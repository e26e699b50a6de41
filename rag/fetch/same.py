"""Do two bodies that differ say the same? That is for their words to tell, as the loaders read them.

A page may carry a new token, a scrambled address or the time of day at every visit, and say nothing new.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from rag.errors import FetchError
from rag.load import load_all


def say_the_same(one: bytes, other: bytes, extensions: tuple[str, str]) -> bool:
    """False also where one of them cannot be loaded. `extensions` of their files tell which loader reads each.

    Raises FetchError when a loader cannot be given its file.
    """
    texts = _texts(one, extensions[0])
    return bool(texts) and texts == _texts(other, extensions[1])


def _texts(body: bytes, extension: str) -> list[str]:
    """The normalised text of every document in a body; none where one of them cannot be loaded."""
    try:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"text{extension}"
            path.write_bytes(body)
            loaded = load_all([path])
    except OSError as error:
        raise FetchError(f"no temporary file can be written ({error.strerror}); free some space") from error
    return [] if loaded.failures else [document.text for document in loaded.documents]
