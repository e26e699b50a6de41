"""Passages <-> Chroma: by meaning, by words, by date. `read.py` searches an index, `write.py` makes one.

Each way of keeping has its file: `catalog` documents, `vectors` those of passages, `tokens` word pieces; `layout` names
the files.

On disk (all of it disposable, rebuilt by `python -m rag index`):

    INDEX/
      current              the name of the generation that readers open; replaced in one step
      writer.lock          held by the one process that builds
      encoder-<model>/     the embedding model as ONNX
      gen-<digest>-…/      one whole index, never changed once `current` names it
        manifest.json      what it was made from
        catalog.sqlite     documents: text, source, headings, pages
        passages.npy       (n, 4) document, start, end, first sentence; readers hold a shared lock on it
        sentences.npy      (m, 2) start, end
        sentence_vectors.npy   (m, d) float16
        words.npy          (t,) search tokens of the sentences, as numbers in the vocabulary of bm25/
        word_rows.npy      (m + 1,) where those of each sentence begin
        keys.npy           (r, 4) key, document, start, end of every possible quote, by key
        chroma/            the passages and their vectors
        bm25/              the passages by words
"""

from rag.index.read import Hit, Index, remembered
from rag.index.write import Generation, writing

__all__ = ["Generation", "Hit", "Index", "remembered", "writing"]
