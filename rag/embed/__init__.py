"""Texts -> vectors, with a sentence vector for every sentence from the same pass over its passage.

`model.py` finds a model, loads it with sentence-transformers, writes it as ONNX and checks the two against each other.
`encoder.py` then serves from the file with onnxruntime, so that a question costs neither torch nor ten seconds of
imports. On a machine with an NVIDIA card, or when the export is refused, sentence-transformers runs the model itself.
"""

from rag.embed.encoder import Encoder, encoder_folder, load_encoder, on_gpu
from rag.embed.model import export, load_cross_encoder, model_folder
from rag.embed.words import word_pieces

__all__ = [
    "Encoder",
    "encoder_folder",
    "export",
    "load_cross_encoder",
    "load_encoder",
    "model_folder",
    "on_gpu",
    "word_pieces",
]
