"""What a question names, and what is found: names that stand nowhere (`nowhere`), sentences on another (`another`).

Another firm's fine or another chip's speed is no answer, however near its words are. A name alone does not choose among
what is found: a long document does not say it each time, and a question of several names may need several documents.
"""

from rag.rules.named.another import names_none_of, of_that_name
from rag.rules.named.nowhere import unnamed

__all__ = ["names_none_of", "of_that_name", "unnamed"]
