"""An ONNX file -> a session that serves it, of itself on no more threads than the process has cores.

Left out: which file, and that it is the right one (`embed`, `read`).
"""

from __future__ import annotations

import os
from pathlib import Path
from threading import Semaphore
from typing import Any

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Session:
    """An open model. Safe to share between threads: at most `at_once` passes run, and who comes then waits."""

    def __init__(self, opened: Any, at_once: int) -> None:
        self._opened, self._passes = opened, Semaphore(at_once)

    def run(self, names: list[str] | None, given: dict[str, Any]) -> Any:
        """The outputs of these `names`, or all of them, for the inputs `given` by name."""
        with self._passes:
            return self._opened.run(names, given)


def open_session(file: Path, threads: int = CORES) -> Session:
    """A session whose passes take so many threads each, and no more of them at once than there are cores for.

    onnxruntime raises bare exception types when it cannot.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    opened = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return Session(opened, max(CORES // threads, 1))
