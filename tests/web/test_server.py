"""Serving: the address is said once it answers, a taken port is explained, a stop is clean."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from material import ROOT, Shelf, environment

from rag.errors import ModelError, SettingsError
from rag.web.server import run


def test_the_app_says_where_it_is_and_stops_cleanly(site_shelf: Shelf, tmp_path: Path) -> None:
    env = environment(site_shelf) | {"CHIPQUOTE_PORT": "0"}
    command, pipe = [sys.executable, str(ROOT / "app.py")], subprocess.PIPE
    with subprocess.Popen(command, stderr=pipe, stdout=pipe, text=True, env=env, cwd=tmp_path) as server:
        try:
            assert server.stderr is not None
            address = next(found[1] for line in server.stderr if (found := re.search(r"is at (http://\S+)", line)))
            assert httpx.get(address).status_code == 200
            _ask_as_the_page_does(address, session="abc")
            with httpx.stream("GET", f"{address}/gradio_api/queue/data?session_hash=abc", timeout=10) as open_stream:
                began = time.perf_counter()
                server.send_signal(signal.SIGINT)
                _, said = server.communicate(timeout=20)
                assert open_stream.status_code == 200
        finally:
            server.kill()
    assert time.perf_counter() - began < 10
    assert server.returncode == 130
    assert "Traceback" not in said
    assert "Stopped" in said


def _ask_as_the_page_does(address: str, session: str) -> None:
    events = httpx.get(f"{address}/config").json()["dependencies"]
    asks = next(event["id"] for event in events if len(event["inputs"]) == 4)
    asked = {"data": ["What does the fluxite notice ban?", "", "", None], "fn_index": asks, "session_hash": session}
    httpx.post(f"{address}/gradio_api/queue/join", json=asked, headers={"Origin": address}).raise_for_status()


def test_a_taken_port_is_explained_before_anything_is_loaded(site_shelf: Shelf) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = site_shelf.settings.model_copy(update={"port": taken.getsockname()[1]})
        began = time.perf_counter()
        with pytest.raises(SettingsError, match=r"in use.*--port"):
            run(settings, print)
        assert time.perf_counter() - began < 1


def test_a_reader_that_cannot_be_had_is_said_before_anyone_is_served(site_shelf: Shelf, tmp_path: Path) -> None:
    settings = site_shelf.settings.model_copy(update={"port": 0, "reader": str(tmp_path)})
    with pytest.raises(ModelError, match="CHIPQUOTE_READER"):
        run(settings, print)


def test_an_address_of_another_machine_is_explained(site_shelf: Shelf) -> None:
    settings = site_shelf.settings.model_copy(update={"host": "192.0.2.1", "port": 0})
    with pytest.raises(SettingsError, match="CHIPQUOTE_HOST"):
        run(settings, print)


def test_importing_the_package_loads_no_web_framework() -> None:
    code = "import sys, rag.web; print([m for m in ('gradio', 'fastapi', 'uvicorn', 'jinja2') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    assert ran.stdout.strip() == "[]"
