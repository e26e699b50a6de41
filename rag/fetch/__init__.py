"""sources.toml -> primary documents on this machine, in the user's data folder.

    list -> choose -> visit politely -> check what came -> keep it, beside the older texts

Read `run.py` first. What came is data: it is stored and later loaded, never run or rendered here. Left out: reading
the files as Documents (`rag.load`), indexing them (`rag.build`), and pages that need a browser or a login.
"""

from rag.fetch.hold import Holding
from rag.fetch.manners import Manners
from rag.fetch.page import added_page, added_pages, fetch_page, folder_of, forget_page
from rag.fetch.run import Outcome, Places, fetch
from rag.fetch.sources import Entry, choose, default_list, read_list, successors

__all__ = [
    "Entry",
    "Holding",
    "Manners",
    "Outcome",
    "Places",
    "added_page",
    "added_pages",
    "choose",
    "default_list",
    "fetch",
    "fetch_page",
    "folder_of",
    "forget_page",
    "read_list",
    "successors",
]
