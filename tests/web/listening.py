"""A person who listens: Orca, the screen reader of Debian's desktops, over a real browser on a display of its own.

Needs Debian's orca, at-spi2-core, xvfb, dbus and openbox beside chromium. What Orca would speak is read from its log.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

NEEDED = ("orca", "Xvfb", "dbus-daemon", "openbox")
BUS = Path("/usr/libexec/at-spi-bus-launcher")
SPOKEN = re.compile(r"SPEECH OUTPUT: '(.+)'(?:\{.*)?$", re.MULTILINE)
PATIENCE = 30  # seconds to wait for words
PAUSE, SILENCE = 0.5, 2.0  # seconds after which it has said what it had to say, or has nothing to say
# Orca writes its log in blocks, which would keep the last words back: line by line instead.
UNHURRIED = """import builtins, runpy, sys
whole = builtins.open
builtins.open = lambda file, mode="r", *more, **named: whole(file, mode, *(more or ((1,) if mode == "w" else ())), **named)
runpy.run_path(sys.argv.pop(1), run_name="__main__")"""


def missing() -> list[str]:
    """What is not installed here."""
    return [name for name in NEEDED if not shutil.which(name)] + ([] if BUS.exists() else [BUS.name])


class Listener:
    """What Orca said, in order."""

    def __init__(self, log: Path) -> None:
        self._log, self._from = log, 0

    def all(self) -> list[str]:
        """Everything since the last `hush`."""
        if not self._log.is_file():
            return []
        return SPOKEN.findall(self._log.read_text(encoding="utf-8", errors="replace"))[self._from :]

    def hush(self) -> None:
        """Forget what was said so far."""
        self._from += len(self.all())

    def hears(self, words: str) -> str:
        """Wait until something with these words is said. -> it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for line in self.all():
                if words in line:
                    return line
            time.sleep(0.2)
        raise AssertionError(f"Orca did not say “{words}”, but: {self.all()}")

    def hears_out(self) -> list[str]:
        """Wait until it has spoken and paused, or is silent all along. -> what it said."""
        said, since = self.all(), time.monotonic()
        while time.monotonic() < since + (PAUSE if said else SILENCE):
            time.sleep(0.1)
            if self.all() != said:
                said, since = self.all(), time.monotonic()
        return said


@contextmanager
def listening(home: Path, playwright: Any, chromium: str, address: str) -> Iterator[tuple[Any, Listener]]:
    """(the page at `address` in a window of its own, what Orca says of it)."""
    with ExitStack() as stack:
        home.mkdir(parents=True, exist_ok=True)
        (home / "run").mkdir(mode=0o700)
        environment = os.environ | {"HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"), "LANG": "C.UTF-8"}
        environment |= {"ACCESSIBILITY_ENABLED": "1", "GTK_MODULES": "gail:atk-bridge", "NO_AT_BRIDGE": "0"}

        def start(*command: str, **more: Any) -> subprocess.Popen[str]:
            quiet = {"stdout": subprocess.DEVNULL} | more
            process = subprocess.Popen(
                command, env=environment, text=True, stderr=subprocess.DEVNULL, start_new_session=True, **quiet
            )
            stack.callback(process.wait)
            stack.callback(os.killpg, process.pid, signal.SIGKILL)  # Orca does not always end when it is asked to
            return process

        read, write = os.pipe()
        start("Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as told:
            environment["DISPLAY"] = ":" + told.readline().strip()
        bus = start("dbus-daemon", "--session", "--nofork", "--print-address", stdout=subprocess.PIPE)
        assert bus.stdout
        environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        start(str(BUS), "--launch-immediately")
        start("openbox")
        log = home / "orca.log"
        start("/usr/bin/python3", "-c", UNHURRIED, str(shutil.which("orca")), "--replace", f"--debug-file={log}")
        listener = Listener(log)
        listener.hears("Screen reader on")
        browser = playwright.chromium.launch_persistent_context(
            home / "profile",
            executable_path=chromium,
            headless=False,
            args=["--no-sandbox", "--force-renderer-accessibility", "--disable-gpu", "--test-type", f"--app={address}"],
            env=environment,
        )
        stack.callback(browser.close)
        yield browser.pages[0], listener
