"""The reader: a small cross-encoder that reads a question and a passage together.

It says whether the passage answers, or denies what the question takes for granted, and by which words; from that come
the order of sentences, how likely the question is answered, and whether it rests on something denied. Left out: finding
passages (`rag.retrieve`) and choosing quotes (`rag.quote`).
"""

from rag.read.judge import denying, foremost, judged, likelihood, needed
from rag.read.reader import LONGEST_READ, Reader, Reading, Reads
from rag.read.rival import Rival

__all__ = [
    "LONGEST_READ", "Reader", "Reading", "Reads", "Rival", "denying", "foremost", "judged", "likelihood", "needed",
]  # fmt: skip
