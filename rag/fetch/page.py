"""A page or a file at one address: from the list of sources, or by hand with `index URL`.

What was added by hand lives in `<data>/pages/<id>`, one folder an address, and is indexed and removed by that folder.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import FetchError
from rag.fetch.body import EXTENSIONS, check
from rag.fetch.hold import Found, Holding, write_whole
from rag.fetch.manners import Manners
from rag.fetch.sources import UNKNOWN_LICENCE, Entry
from rag.fetch.visit import Visitor

ADDRESS = ".address.json"


def look(entry: Entry, visitor: Visitor, holding: Holding) -> list[Found]:
    """What stands there now; nothing when it has not changed. Raises FetchError."""
    reply = visitor.get(entry.url, holding.seen)
    if not reply.changed:
        return []
    form = check(reply, entry.format)
    url = entry.url if entry.title else reply.url  # by hand: where it led
    return [Found(reply.body, EXTENSIONS[form], url, facts={"etag": reply.headers.get("etag", "")})]


def folder_of(data: Path, url: str) -> Path:
    """Where the page at `url` is kept when it is added by hand."""
    return data / "pages" / f"web-{hashlib.sha256(url.encode()).hexdigest()[:12]}"


def fetch_page(data: Path, url: str, manners: Manners) -> Path:
    """Fetch one address into its folder and return that. Raises FetchError."""
    folder = folder_of(data, url)
    entry = Entry(id=folder.name, kind="page", title="", publisher="", side="", url=url, licence=UNKNOWN_LICENCE)
    holding = Holding.open(folder)
    with Visitor(manners) as visitor:
        holding.take_in(entry, look(entry, visitor, holding), datetime.now(UTC))
    write_whole(folder / ADDRESS, json.dumps(url).encode())
    return folder


def added_pages(data: Path) -> dict[Path, str]:
    """The folders of pages added by hand, and their addresses."""
    return {path.parent: json.loads(path.read_bytes()) for path in sorted((data / "pages").glob(f"*/{ADDRESS}"))}


def added_page(data: Path, url: str) -> Path:
    """The folder of a page that was added by hand. Raises FetchError when it was not, naming those that were."""
    folder = folder_of(data, url)
    if not folder.is_dir():
        known = "".join(f"\n  {u}" for u in added_pages(data).values()) or " nothing"
        raise FetchError(f"{url} was not added. Added by address were:{known}")
    return folder


def forget_page(data: Path, url: str) -> None:
    """Delete what was fetched from `url`."""
    shutil.rmtree(added_page(data, url))
