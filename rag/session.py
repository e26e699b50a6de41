"""An ONNX file -> a session that serves it, one pass at a time.

Left out: which file, and that it is the right one (`embed`, `read`).
"""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock
from typing import Any

# Held by whichever session runs: each takes every core, so two at once would only push each other out of the cache.
_PASS = Lock()


class Session:
    """An open model. Safe to share between threads: who comes while another pass runs, of any session, waits for it."""

    def __init__(self, opened: Any) -> None:
        self._opened = opened

    def run(self, names: list[str] | None, given: dict[str, Any]) -> Any:
        """The outputs of these `names`, or all of them, for the inputs `given` by name."""
        with _PASS:
            return self._opened.run(names, given)


def open_session(file: Path, threads: int | None = None) -> Session:
    """A session of so many threads, or one for every core this process may use.

    onnxruntime raises bare exception types when it cannot.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
    options.intra_op_num_threads = cores if threads is None else threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return Session(onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"]))
