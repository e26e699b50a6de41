"""The bytes of a file, and bytes -> text. A guess at an encoding could change words, so there is none."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from rag.errors import LoadError

MAX_BYTES = 64 * 2**20  # the longest US Code title is about 30 MB; a 2 GB file is refused before it is read


def read_bytes(path: Path) -> bytes:
    """The whole file. Raises LoadError when it is empty, too large or unreadable."""
    try:
        size = path.stat().st_size
        if size == 0:
            raise LoadError("the file is empty")
        if size > MAX_BYTES:
            raise LoadError(f"{size / 2**20:.0f} MB is over the limit of {MAX_BYTES // 2**20} MB; split the file")
        return path.read_bytes()
    except OSError as error:
        raise LoadError(f"cannot be read: {error.strerror}") from error


def decode(data: bytes, declared: str = "") -> str:
    """UTF-8 or marked UTF-16, else what the file `declared`. Raises LoadError, naming what it may be instead."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    if encoding == "utf-8-sig" and b"\0" in data[:4096]:
        raise LoadError("this is a binary file, not text, whatever its name says; turn it into text")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        with suppress(LookupError, UnicodeDecodeError):
            if declared:
                return data.decode(declared)
        import charset_normalizer

        guess = charset_normalizer.from_bytes(data[:100_000]).best()
        hint = f"; it may be {guess.encoding}: iconv -f {guess.encoding} -t utf-8" if guess else ""
        raise LoadError(f"not UTF-8 at byte {error.start}, and a guess could change words{hint}") from error


def declared_encoding(page: bytes) -> str:
    """The encoding that a web page names, as browsers take it: the wider form of gb2312 and latin-1."""
    match = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", page[:4096], re.I)
    name = match[1].decode("ascii", "ignore").lower() if match else ""
    return {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "latin1": "cp1252"}.get(name, name)
