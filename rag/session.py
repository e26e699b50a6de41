"""An ONNX file -> a session that serves it. Left out: which file, and that it is the right one (`embed`, `read`)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def open_session(file: Path) -> Any:
    """A session on every core this process may use. onnxruntime raises bare exception types when it cannot."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
