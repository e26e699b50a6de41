"""The reader: a small cross-encoder that reads a question and a passage together.

It says whether the passage answers and which of its words do; from that come the order of sentences and how likely the
question is answered. Left out: finding passages (`rag.retrieve`) and choosing quotes (`rag.quote`).
"""

from rag.read.judge import foremost, judged, likelihood, needed
from rag.read.reader import LONGEST_READ, Reader, Reading, Reads
from rag.read.rival import Rival

__all__ = ["LONGEST_READ", "Reader", "Reading", "Reads", "Rival", "foremost", "judged", "likelihood", "needed"]
