"""Who may come in: listed sites, the names of this machine, those who signed in, and how often one may ask."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from conftest import Site, serving  # type: ignore[import-not-found]
from hypothesis import given
from hypothesis import strategies as st
from material import Shelf
from neighbour import neighbour  # type: ignore[import-not-found]

from rag.errors import SettingsError
from rag.pipeline import Pipeline
from rag.settings import load_settings
from rag.web import create_app
from rag.web.budget import A_SITE_GETS, MINUTE, Budget, address_of
from rag.web.guard import Door
from rag.web.sign_in import SignIn, password_line

FRIEND, STRANGER = "https://friend.example", "https://evil.example"
ASKED = {"question": "Which exports does the Bureau of Examples ban?"}
PASSWORD = "pass:word with ünicode"


@pytest.fixture(scope="module")
def opened(site_shelf: Shelf) -> Iterator[Callable[..., Any]]:
    """Serve the site with other settings."""
    pipeline = site_shelf.pipeline()

    def start(**settings: Any) -> Any:
        changed = load_settings(index=site_shelf.index, corpus=(site_shelf.corpus,), **settings)
        return serving(Pipeline(pipeline.index, pipeline.encoder, changed))

    yield start
    pipeline.index.close()


@pytest.fixture(scope="module")
def friendly(opened: Callable[..., Any]) -> Iterator[Site]:
    with opened(origins=FRIEND, budget=0) as site:
        yield site


# Sites


def test_a_listed_site_may_ask_and_read_the_answer(friendly: Site) -> None:
    headers = {"Origin": FRIEND, "Access-Control-Request-Method": "POST"}
    before = httpx.options(f"{friendly.address}/api/ask", headers=headers)
    assert before.headers["access-control-allow-origin"] == FRIEND
    assert "POST" in before.headers["access-control-allow-methods"]
    reply = httpx.post(f"{friendly.address}/api/ask", json=ASKED, headers={"Origin": FRIEND})
    assert reply.status_code == 200
    assert reply.headers["access-control-allow-origin"] == FRIEND
    assert "Origin" in reply.headers["vary"]
    assert "access-control-allow-credentials" not in {*before.headers, *reply.headers}


@pytest.mark.parametrize(
    "origin",
    [STRANGER, "null", "https://friend.example.evil.example", "http://friend.example", "http://["],
)
@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
def test_a_site_that_is_not_listed_may_neither_ask_nor_read_the_refusal(
    friendly: Site, origin: str, method: str
) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    reply = httpx.request(method, f"{friendly.address}/api/ask", json=ASKED, headers=headers)
    assert reply.status_code == 403
    assert not [name for name in reply.headers if name.startswith("access-control")]


def test_a_listed_site_may_call_the_api_only(friendly: Site) -> None:
    for path in ("/gradio_api/queue/join", "/metrics"):
        assert httpx.post(friendly.address + path, json={}, headers={"Origin": FRIEND}).status_code == 403


def test_an_empty_list_means_our_own_pages_only(site: Site) -> None:
    assert httpx.post(f"{site.address}/api/ask", json=ASKED, headers={"Origin": FRIEND}).status_code == 403
    own = httpx.post(f"{site.address}/api/ask", json=ASKED, headers={"Origin": site.address})
    assert own.status_code == 200
    assert "access-control-allow-origin" not in own.headers


@pytest.mark.parametrize("path", ["/", "/embed", "/documents/orders", "/api/docs"])
def test_who_may_frame_a_page_follows_the_list(friendly: Site, site: Site, path: str) -> None:
    for served, ancestors in ((friendly, f"'self' {FRIEND}"), (site, "'self'")):
        assert f"frame-ancestors {ancestors};" in httpx.get(served.address + path).headers["content-security-policy"]


@pytest.mark.parametrize(
    "origin", ["friend.example", "https://friend.example/", "*", "https://*", "https://a.b;c", "null"]
)
def test_what_is_no_origin_cannot_be_listed(origin: str) -> None:
    with pytest.raises(SettingsError, match=r"'origins' is wrong.*CHIPQUOTE_ORIGINS"):
        load_settings(origins=origin)


def sent(site: str, mode: str, dest: str) -> dict[str, str]:
    """What a browser says of a request without Origin, which no script can change."""
    return {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}


@pytest.mark.parametrize("path", ["/quote/ffffffff", "/api/quotes/ffffffff", "/api/documents", "/ui/icon.svg", "/"])
@pytest.mark.parametrize(
    ("site", "mode", "dest"),
    [("cross-site", "no-cors", "image"), ("cross-site", "no-cors", "empty"), ("same-site", "no-cors", "script"),
     ("cross-site", "navigate", "object")],
)  # fmt: skip
def test_a_page_of_another_site_cannot_load_ours_as_its_parts(
    friendly: Site, path: str, site: str, mode: str, dest: str
) -> None:
    assert httpx.get(friendly.address + path, headers=sent(site, mode, dest)).status_code == 403


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [("/quote/ffffffff", sent("cross-site", "navigate", "document"), 404), ("/quote/ffffffff", {}, 404),
     ("/quote/ffffffff", sent("none", "navigate", "document"), 404), ("/ui/icon.svg", sent("same-origin", "no-cors", "image"), 200),
     ("/", sent("cross-site", "navigate", "document"), 200), ("/embed", sent("cross-site", "navigate", "iframe"), 200),
     ("/widget.js", sent("cross-site", "no-cors", "script"), 200), ("/healthz", sent("cross-site", "no-cors", "empty"), 200),
     ("/api/coverage", sent("cross-site", "cors", "empty") | {"Origin": FRIEND}, 200),
     ("/api/coverage", sent("cross-site", "cors", "empty") | {"Origin": STRANGER}, 403)],
)  # fmt: skip
def test_links_frames_the_widget_and_our_own_pages_come_in(
    friendly: Site, path: str, headers: dict[str, str], status: int
) -> None:
    assert httpx.get(friendly.address + path, headers=headers).status_code == status


def test_pictures_of_another_site_do_not_spend_their_readers_budget(opened: Callable[..., Any], browser: Any) -> None:
    with opened(budget=2) as site, neighbour() as other:
        pictures = "".join(f"<img src='{site.address}/quote/{n:08x}'>" for n in range(5))
        page = browser.new_page()
        page.goto(other.put(f"{pictures}<a href='{site.address}/quote/ffffffff'>A link</a>"))
        page.wait_for_load_state("networkidle")
        with page.expect_navigation() as arrived:
            page.locator("a").click()
        assert arrived.value.status == 404, "and no 429"
        page.close()


# Names of this machine


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:7860", 200), ("127.0.0.1", 200), ("[::1]:7860", 200), ("friend.example", 200), ("evil.example", 421), ("", 421)],
)  # fmt: skip
def test_a_foreign_name_that_leads_to_this_machine_is_a_rebinding_attack(
    friendly: Site, host: str, status: int
) -> None:
    for path in ("/healthz", "/"):
        assert httpx.get(friendly.address + path, headers={"Host": host}).status_code == status


def test_a_server_for_others_goes_by_any_name(opened: Callable[..., Any]) -> None:
    with opened(host="0.0.0.0") as site:
        assert httpx.get(f"{site.address}/healthz", headers={"Host": "chat.example"}).status_code == 200


# Budgets


def test_who_asks_too_often_is_told_kindly_when_to_come_back(opened: Callable[..., Any]) -> None:
    with opened(budget=3, origins=FRIEND) as site:
        replies = [httpx.post(f"{site.address}/api/ask", json=ASKED, headers={"Origin": FRIEND}) for _ in range(4)]
        assert [r.status_code for r in replies] == [200, 200, 200, 429]
        last = replies[-1]
        assert 1 <= int(last.headers["retry-after"]) <= 61
        assert "Please ask again in" in last.json()["detail"]
        assert last.headers["access-control-allow-origin"] == FRIEND
        assert httpx.post(f"{site.address}/gradio_api/queue/join", json={}).status_code == 429
        assert httpx.post(f"{site.address}/mcp", json={}).status_code == 429
        for path in ("/quote/ffffffff", "/api/quotes/ffffffff", "/api/quotes/ffffffff/citation?format=bibtex"):
            assert httpx.get(site.address + path).status_code == 429
        assert httpx.get(f"{site.address}/api/documents").status_code == 200


def test_what_goes_with_an_answer_counts_too_an_export_as_often_as_it_asks(opened: Callable[..., Any]) -> None:
    with opened(budget=2) as site:
        turns = [{"question": "Which exports are banned?"}] * 2
        assert httpx.post(f"{site.address}/api/export", json={"turns": turns, "format": "json"}).status_code == 200
        said = turns[0] | {"outcome": "answered", "verdict": "up"}
        bodies = {
            "suggestions": turns[0],
            "timeline": turns[0],
            "export": {"turns": turns, "format": "json"},
            "feedback": said,
        }
        for name, body in bodies.items():
            assert httpx.post(f"{site.address}/api/{name}", json=body).status_code == 429


def test_an_address_in_a_header_counts_only_from_a_trusted_proxy(
    opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def statuses(site: Site) -> list[int]:
        return [
            httpx.post(
                f"{site.address}/api/ask", json=ASKED, headers={"X-Forwarded-For": f"198.51.100.{n}"}
            ).status_code
            for n in range(3)
        ]

    with opened(budget=2) as site:
        assert statuses(site) == [200, 200, 429]
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "127.0.0.1")
    with opened(budget=2) as site:
        assert statuses(site) == [200, 200, 200]


@given(st.lists(st.integers(0, 30), max_size=40), st.integers(1, 5))
def test_no_minute_ever_holds_more_than_the_budget_and_who_waits_gets_in(pauses: list[int], budget: int) -> None:
    now, granted = 0.0, list[float]()
    window = Budget(budget, lambda: now)
    for pause in pauses:
        now += pause
        wait = window.spend({"someone": budget})
        if not wait:
            granted.append(now)
        else:
            now += wait
            assert window.spend({"someone": budget}) == 0
            granted.append(now)
    assert all(sum(t - MINUTE < u <= t for u in granted) <= budget for t in granted)


def test_several_questions_at_once_count_each_and_wait_until_there_is_room_for_all() -> None:
    now = 0.0
    budget = Budget(3, lambda: now)
    assert budget.spend({"a": 3}, 2) == 0
    now = 10.0
    assert budget.spend({"a": 3}) == 0
    assert budget.spend({"a": 3}) == MINUTE - 10
    now = 20.0
    assert budget.spend({"a": 3}, 2) == MINUTE - 20, "until the first two are a minute old"
    assert budget.spend({"a": 3}, 9) == MINUTE - 10, "the whole minute, and no more"
    now = 10.0 + MINUTE
    assert budget.spend({"a": 3}, 9) == 0
    assert budget.spend({"a": 3}) == MINUTE


def test_one_asker_does_not_spend_anothers_budget_and_a_refused_question_costs_nothing() -> None:
    budget = Budget(1, lambda: 0.0)
    assert budget.spend({"a": 1, "site": 2}) == 0
    assert budget.spend({"a": 1, "site": 2}) > 0
    assert budget.spend({"b": 1, "site": 2}) == 0
    assert budget.spend({"c": 1, "site": 2}) > 0


def test_many_readers_of_one_site_spend_its_budget_and_no_other_sites() -> None:
    now = 0.0
    budget = Budget(2, lambda: now)

    def wait(reader: int, site: str = FRIEND) -> float:
        headers = [(b"origin", site.encode())] if site else []
        return budget.wait({"type": "http", "client": (f"192.0.2.{reader}", 1), "headers": headers})

    assert [wait(reader) for reader in range(2 * A_SITE_GETS)] == [0.0] * 2 * A_SITE_GETS
    now = 10.0
    assert wait(200) == MINUTE - 10, "a new address, but its site has had enough"
    assert wait(200, STRANGER) == 0
    assert wait(200, "") == 0, "nothing was counted for the address while its site had to wait"
    now = MINUTE
    assert wait(201) == 0


def test_readers_of_our_own_pages_share_no_budget() -> None:
    budget = Budget(1, lambda: 0.0)

    def wait(reader: int) -> float:
        headers = [(b"host", b"friend.example"), (b"origin", FRIEND.encode())]
        return budget.wait({"type": "http", "client": (f"192.0.2.{reader}", 1), "headers": headers})

    assert [wait(reader) for reader in range(2 * A_SITE_GETS)] == [0.0] * 2 * A_SITE_GETS
    assert wait(0) == MINUTE, "each has the budget of an address"


def test_a_house_with_many_new_addresses_is_one_asker() -> None:
    ends = ["1", "2", "ffff:ffff:ffff:ffff"]
    assert (
        len(
            {
                address_of({"client": (f"2001:db8:1:2::{end}" if ":" not in end else f"2001:db8:1:2:{end}", 1)})
                for end in ends
            }
        )
        == 1
    )
    assert address_of({"client": ("2001:db8:1:3::1", 1)}) != address_of({"client": ("2001:db8:1:2::1", 1)})
    assert address_of({"client": ("192.0.2.1", 1)}) == "192.0.2.1"


# Signing in


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def test_only_who_knows_the_password_opens_the_chat_and_the_api_stays_open(
    opened: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    line = password_line("ada", PASSWORD)
    with caplog.at_level(logging.DEBUG), opened(sign_in=line, budget=0) as site:
        first = httpx.get(site.address)
        assert (first.status_code, first.headers["www-authenticate"][:5]) == (401, "Basic")
        for path in ("/widget.js", "/embed", "/demo"):
            assert httpx.get(site.address + path).status_code == 200
        for path in ("/config", "/gradio_api/queue/data", "/assets/x.js"):
            assert httpx.get(site.address + path).status_code == 401
        for wrong in (
            basic("ada", "x"),
            basic("eve", PASSWORD),
            {"Authorization": "Basic !"},
            {"Authorization": "Bearer x"},
        ):
            assert httpx.get(site.address, headers=wrong).status_code == 401
        for _ in range(15):
            assert httpx.get(site.address, headers=basic("ada", PASSWORD)).status_code == 200
        assert httpx.post(f"{site.address}/api/ask", json=ASKED).status_code == 200
        assert httpx.get(f"{site.address}/documents/orders").status_code == 200
        guesses = [httpx.get(site.address, headers=basic("ada", str(n))).status_code for n in range(12)]
        assert (guesses[0], guesses[-1]) == (401, 429)
        assert httpx.get(site.address, headers=basic("ada", PASSWORD)).status_code == 200
    for secret in (PASSWORD, line.rsplit(":", 1)[1], basic("ada", PASSWORD)["Authorization"]):
        assert secret not in caplog.text


def test_a_proxy_may_name_the_reader_and_nobody_else_may(
    opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {"Remote-User": "ada"}
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "192.0.2.7")
    with opened(sign_in="header:Remote-User") as site:
        assert httpx.get(site.address, headers=named).status_code == 401
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "127.0.0.1")
    with opened(sign_in="header:Remote-User") as site:
        assert httpx.get(site.address, headers=named).status_code == 200
        assert httpx.get(site.address).status_code == 401
    monkeypatch.delenv("FORWARDED_ALLOW_IPS")
    with pytest.raises(SettingsError, match="FORWARDED_ALLOW_IPS"), opened(sign_in="header:Remote-User"):
        pass


@pytest.mark.parametrize("setting", ["ada:secret", "ada", "header:", "a b:scrypt:00:00"])
def test_a_password_in_the_clear_is_no_setting_and_is_not_repeated(setting: str) -> None:
    with pytest.raises(SettingsError, match="python -m rag password") as raised:
        SignIn.of(setting)
    assert "secret" not in str(raised.value)
    assert "secret" not in repr(load_settings(sign_in=setting))


def test_the_command_prints_a_line_that_the_setting_takes(
    here: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("click.prompt", lambda *_, **__: PASSWORD)
    ran = here("password", "ada")
    made = SignIn.of(ran.out.strip())
    assert made is not None
    from starlette.datastructures import Headers

    assert made.admits(Headers(basic("ada", PASSWORD)))
    assert not made.admits(Headers(basic("ada", PASSWORD + "x")))


def test_the_app_is_not_made_with_a_door_that_cannot_close(pipeline: Pipeline) -> None:
    changed = load_settings(sign_in="nonsense")
    with pytest.raises(SettingsError):
        create_app(Pipeline(pipeline.index, pipeline.encoder, changed))
    assert Door.of(load_settings()).sign_in is None


def test_where_many_are_known_a_browser_still_spends_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has gone quiet is forgotten, but never between the two windows of one request."""
    monkeypatch.setattr("rag.web.budget._MOST_KEPT", 3)
    now = 0.0
    budget = Budget(1, lambda: now)
    for reader in range(9):
        assert budget.spend({f"a{reader}": 1, f"site {reader}": 9}) == 0
        assert budget.spend({f"a{reader}": 1, f"site {reader}": 9}) > 0
    now = 2 * MINUTE
    assert budget.spend({"b": 1, "site b": 9}) == 0
    assert len(budget._spent) == 2
