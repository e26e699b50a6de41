"""The HTTP API over a real server: what it answers, what it refuses, and that its description is true."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from conftest import ATTACK, THEMES, Site, serving  # type: ignore[import-not-found]
from lxml import html
from material import Shelf

from rag.datatypes import Group
from rag.feedback import FILE, kept
from rag.present import FORMATS, answer_json, citation, document_json
from rag.suggest import suggest
from rag.verify import verify_quotes
from rag.web import shapes

FLUXITE = "Which exports does the Bureau of Examples ban from 4 July 2024?"


def post(site: Site, body: Any = None, **headers: str) -> httpx.Response:
    return httpx.post(f"{site.address}/api/ask", json=body or {"question": FLUXITE}, headers=headers, timeout=30)


def events(reply: httpx.Response) -> list[tuple[str, Any]]:
    pieces = [piece.split("\n", 1) for piece in reply.text.split("\n\n") if piece]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in pieces]


@pytest.fixture(scope="module")
def key(site: Site) -> str:
    return site.ask(FLUXITE).quotes[0].key


def test_an_answer_is_what_the_pipeline_gives_and_its_quotes_stand(site: Site) -> None:
    answer = post(site).json()
    assert answer == json.loads(json.dumps(answer_json(site.ask(FLUXITE))))
    checks = list(verify_quotes(answer, site.pipeline.index))
    assert checks
    assert all(check.stands for check in checks)


def test_events_tell_the_stages_then_each_quote_then_the_whole(site: Site) -> None:
    site.forget()
    reply = post(site, Accept="text/event-stream")
    assert reply.headers["content-type"].startswith("text/event-stream")
    names = [name for name, _ in events(reply)]
    answer = events(reply)[-1][1]
    assert names == ["stage", "stage", *["quote"] * len(answer["quotes"]), "answer"]
    assert [data for name, data in events(reply) if name == "quote"] == answer["quotes"]
    assert answer == post(site).json()


def test_both_prefixes_are_the_same(site: Site, key: str) -> None:
    for path in ("documents", "documents/orders"):
        replies = [httpx.get(f"{site.address}{prefix}/{path}") for prefix in ("/api", "/api/v1")]
        assert replies[0].json() == replies[1].json()
    body = {"question": FLUXITE}
    assert httpx.post(f"{site.address}/api/v1/ask", json=body, timeout=30).json() == post(site).json()


def test_what_narrows_a_question_reaches_it(site: Site) -> None:
    before = post(site, {"question": FLUXITE, "as_of": "2024-07-03"}).json()
    assert before["as_of"] == "2024-07-03"
    assert "fluxite-notice" not in {quote["document"] for quote in before["quotes"]}
    china = post(site, {"question": "What is the unobtainium quota for 2024?", "side": "china"}).json()
    assert {quote["document"] for quote in china["quotes"]} == {"orders"}
    follow = {"question": "And may one ask for a licence?", "turns": [FLUXITE]}
    assert post(site, follow).json()["searched"] == site.pipeline.ask(follow["question"], turns=[FLUXITE]).searched


def test_a_refusal_is_an_answer_and_no_error(site: Site) -> None:
    reply = post(site, {"question": "Who won the 2019 Tour de France?"})
    assert (reply.status_code, reply.json()["outcome"], reply.json()["quotes"]) == (200, "not_found", [])


@pytest.mark.parametrize(
    "body",
    [{}, {"question": ""}, {"question": "?!"}, {"question": 5}, {"question": "x" * 4001}, {"question": "a", "more": 1},
     {"question": "a", "as_of": "yesterday"}, {"question": "a", "as_of": 20250101}, {"question": "a", "as_of": "2025-02-30"},
     {"question": "a", "turns": ["b"] * 21}, {"question": "a", "turns": "b"}, [], "a", None],
)  # fmt: skip
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_what_cannot_be_asked_is_a_problem_that_says_why(site: Site, body: Any, accept: str) -> None:
    data = json.dumps(body)
    headers = {"Content-Type": "application/json", "Accept": accept}
    reply = httpx.post(f"{site.address}/api/ask", content=data, headers=headers)
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["status"] == 422
    assert reply.json()["detail"]


def test_only_json_is_taken_so_that_no_plain_form_can_ask(site: Site) -> None:
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"):
        body = json.dumps({"question": FLUXITE})
        assert httpx.post(f"{site.address}/api/ask", content=body, headers={"Content-Type": kind}).status_code == 422


def test_a_body_beyond_the_limit_is_refused_however_it_is_sent(site: Site) -> None:
    large = json.dumps({"question": "a", "turns": ["x" * 4000] * 17}).encode()
    pieces: Iterator[bytes] = iter([large[:40_000], large[40_000:]])
    for content in (large, pieces):
        reply = httpx.post(f"{site.address}/api/ask", content=content, headers={"Content-Type": "application/json"})
        assert (reply.status_code, reply.json()["status"]) == (413, 413)


def test_a_bug_of_ours_tells_nothing_of_the_inside(site: Site) -> None:
    reply = post(site, {"question": "Please explode now"})
    assert (reply.status_code, "passwd" in reply.text) == (500, False)
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_stream_that_breaks_off_ends_in_an_error_event(site: Site) -> None:
    reply = post(site, {"question": "Please stumble midway"}, Accept="text/event-stream")
    name, data = events(reply)[-1]
    assert (name, data["status"], "passwd" in reply.text) == ("error", 500, False)


def test_an_answer_that_takes_too_long_is_not_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.web.api.TIME", 0.5)  # each stage of such a question lingers for a second
    began = time.monotonic()
    reply = post(site, {"question": f"linger {FLUXITE}"})
    assert time.monotonic() - began < 5
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "5")
    assert reply.json()["detail"] == "This server is busy. Please ask again in a moment."
    name, data = events(post(site, {"question": f"linger {FLUXITE}"}, Accept="text/event-stream"))[-1]
    assert (name, data["status"], data["detail"]) == ("error", 503, reply.json()["detail"])


def test_a_certificate_that_takes_too_long_is_not_waited_for(
    site: Site, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.web.certificate.Certificates.certificate", lambda *_: time.sleep(1))
    monkeypatch.setattr("rag.web.api.TIME", 0.1)
    reply = httpx.get(f"{site.address}/api/quotes/{key}")
    assert (reply.status_code, "ask again in a moment" in reply.json()["detail"]) == (503, True)


def test_documents_are_listed_filtered_paged_and_read(site: Site) -> None:
    index = site.pipeline.index
    every = httpx.get(f"{site.address}/api/documents").json()
    assert every["documents"] == [document_json(d) for d in index.documents()]
    china = httpx.get(f"{site.address}/api/documents?side=china").json()
    assert (china["total"], [d["document"] for d in china["documents"]]) == (1, ["orders"])
    page = httpx.get(f"{site.address}/api/documents?limit=2&offset=1").json()
    assert page == {"total": every["total"], "documents": every["documents"][1:3]}
    one = httpx.get(f"{site.address}/api/documents/attack").json()
    assert (one["text"], one["version"]) == (index.document("attack").text, index.document("attack").version)
    quote = post(site).json()["quotes"][0]
    text = httpx.get(f"{site.address}/api/documents/{quote['document']}").json()["text"]
    assert text[quote["start"] : quote["end"]] == quote["text"]


def test_coverage_says_how_many_documents_and_how_far_they_reach(site: Site) -> None:
    manifest = site.pipeline.index.manifest
    told = httpx.get(f"{site.address}/api/coverage").json()
    assert (told["documents"], told["oldest"], told["newest"]) == (6, "2023-03-03", "2024-12-03")
    assert told["reaches"] == manifest.checked == "2026-06-27"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/documents/none", 404), ("/api/documents?limit=0", 422), ("/api/quotes/ffffffff", 404),
     ("/api/quotes/xyz", 422), ("/api/nowhere", 404), ("/api/ask", 405), ("/api/v1/ask", 405)],
)  # fmt: skip
def test_errors_are_problems(site: Site, path: str, status: int) -> None:
    reply = httpx.get(site.address + path)
    assert (reply.status_code, reply.json()["status"]) == (status, status)
    assert reply.headers["content-type"] == "application/problem+json"
    if status == 405:
        assert reply.headers["allow"] == "POST"


def test_a_key_gives_the_certificate_of_the_quote(site: Site, key: str) -> None:
    made = httpx.get(f"{site.address}/api/quotes/{key}").json()
    assert made["result"]["stands"]
    assert made["quote"]["key"] == key
    assert [c.stands for c in verify_quotes(made, site.pipeline.index)] == [True]


@pytest.mark.parametrize("form", FORMATS)
def test_a_quote_is_cited_with_its_permalink_here(site: Site, key: str, form: str) -> None:
    address = f"{site.address}/api/quotes/{key}/citation"
    reply = httpx.get(address, params={"format": form})
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.text == citation(site.ask(FLUXITE).quotes[0], form, site.address)
    assert f"{site.address}/quote/{key}" in reply.text
    assert httpx.get(f"{site.address}/api/quotes/{key}").json()["citations"][form] == reply.text
    assert httpx.get(address, params={"format": "harvard"}).status_code == 422
    assert httpx.get(address).status_code == 422


# What goes with an answer


TIERS = "When did the four fluxite country tiers of Freedonia end?"


def beside(site: Site, name: str, body: Any) -> httpx.Response:
    return httpx.post(f"{site.address}/api/{name}", json=body, timeout=30)


def test_next_questions_are_those_that_the_pipeline_answers(site: Site) -> None:
    made = beside(site, "suggestions", {"question": TIERS}).json()
    wanted = suggest(site.pipeline, site.ask(TIERS))
    assert made == {"suggestions": [{"question": s.question, "document": s.document} for s in wanted]}
    assert made["suggestions"]
    asked = {"question": TIERS, "turns": [made["suggestions"][0]["question"]]}
    assert made["suggestions"][0] not in beside(site, "suggestions", asked).json()["suggestions"]


def test_first_questions_are_those_that_are_answered_here(site: Site) -> None:
    told = httpx.get(f"{site.address}/api/examples", timeout=30).json()
    assert told == {"examples": [{"theme": "Fluxite", "questions": list(THEMES["Fluxite"])}]}
    chinese = httpx.get(f"{site.address}/api/examples?lang=zh", timeout=30).json()
    assert chinese == {"examples": [{"theme": "中方措施", "questions": ["中国如何限制镓和锗的出口？"]}]}
    assert httpx.get(f"{site.address}/api/examples?lang=xx").status_code == 422


def test_an_answer_is_placed_in_time(site: Site) -> None:
    made = beside(site, "timeline", {"question": TIERS}).json()["timeline"]
    assert [entry["document"] for entry in made] == ["fluxite-notice", "fluxite-record"]
    assert made[1]["turns"] == [{"what": "superseded", "by": "fluxite-notice", "since": "2024-07-04"}]
    early = beside(site, "timeline", {"question": FLUXITE, "as_of": "2024-07-03"}).json()
    assert "fluxite-notice" not in {entry["document"] for entry in early["timeline"] if not entry["later"]}


def conversation(form: str, *questions: str) -> dict[str, Any]:
    return {"format": form, "turns": [{"question": question} for question in questions]}


def test_a_conversation_is_exported_as_it_is_answered_here_and_now(site: Site) -> None:
    follow = "And may one ask for a licence?"
    made = beside(site, "export", conversation("json", FLUXITE, follow)).json()
    wanted = [answer_json(site.ask(FLUXITE)), answer_json(site.pipeline.ask(follow, turns=[FLUXITE]))]
    for answer, want in zip(made["answers"], wanted, strict=True):
        assert (answer["searched"], answer["outcome"]) == (want["searched"], want["outcome"])
        assert [q["key"] for q in answer["quotes"]] == [q["key"] for q in want["quotes"]]
        assert all(q["permalink"] == f"{site.address}/quote/{q['key']}" for q in answer["quotes"])
    assert all(check.stands for check in verify_quotes(made, site.pipeline.index))


@pytest.mark.parametrize(
    ("form", "kind", "starts"),
    [("markdown", "text/markdown; charset=utf-8", b"# ChipQuote"), ("pdf", "application/pdf", b"%PDF-")],
)
def test_an_export_is_a_file_to_keep(site: Site, form: str, kind: str, starts: bytes) -> None:
    reply = beside(site, "export", conversation(form, FLUXITE))
    assert (reply.status_code, reply.headers["content-type"]) == (200, kind)
    assert reply.content.startswith(starts)
    ending = {"markdown": "md", "pdf": "pdf"}[form]
    assert re.fullmatch(rf'attachment; filename="chipquote-[\d-]+\.{ending}"', reply.headers["content-disposition"])


def test_words_of_a_client_s_own_are_no_part_of_an_export(site: Site) -> None:
    made_up = conversation("json", FLUXITE) | {"quotes": [{"text": "made up"}]}
    assert beside(site, "export", made_up).status_code == 422
    made_up = {"format": "json", "turns": [{"question": FLUXITE, "quotes": []}]}
    assert beside(site, "export", made_up).status_code == 422
    for wrong in (conversation("doc", FLUXITE), conversation("pdf"), conversation("pdf", *["a"] * 21)):
        assert beside(site, "export", wrong).status_code == 422


def test_what_a_reader_says_is_on_disk_when_it_is_answered(site: Site, key: str) -> None:
    said = {"question": FLUXITE, "as_of": "2024-12-01", "outcome": "answered", "keys": [key], "verdict": "down"}
    said["note"] = f"{ATTACK} 不对"
    reply = beside(site, "feedback", said)
    assert (reply.status_code, reply.json()) == (201, {"kept": True})
    *_, last = kept(site.pipeline.settings.data / FILE)
    assert {name: getattr(last, name) for name in said} == said | {"keys": (key,)}
    assert last.digest == site.pipeline.index.manifest.digest
    assert "127.0.0.1" not in str(last)


@pytest.mark.parametrize(
    "wrong", [{"note": "x" * 2001}, {"verdict": "maybe"}, {"keys": ["nokey"]}, {"outcome": ""}, {"user": "me"}, {"note": "\ud800"}]
)  # fmt: skip
def test_what_is_no_feedback_is_not_kept(site: Site, wrong: dict[str, Any]) -> None:
    before = len(list(kept(site.pipeline.settings.data / FILE)))
    said = json.dumps({"question": FLUXITE, "outcome": "answered", "verdict": "up"} | wrong)
    headers = {"Content-Type": "application/json"}
    assert httpx.post(f"{site.address}/api/feedback", content=said, headers=headers).status_code == 422
    assert len(list(kept(site.pipeline.settings.data / FILE))) == before


def test_feedback_that_cannot_be_kept_is_said_without_a_path(site_shelf: Shelf, tmp_path: Any) -> None:
    (tmp_path / FILE).mkdir()
    pipeline = site_shelf.pipeline()
    pipeline.settings = pipeline.settings.model_copy(update={"data": tmp_path})
    with serving(pipeline) as other:
        reply = beside(other, "feedback", {"question": FLUXITE, "outcome": "answered", "verdict": "up"})
    assert reply.status_code == 503
    assert "send it again later" in reply.json()["detail"]
    assert str(tmp_path) not in reply.text


# Shapes: what is described is what is sent


def names(shape: type[Any]) -> set[str]:
    return {field.alias or name for name, field in shape.model_fields.items()}


def test_the_shapes_have_the_names_that_are_sent(site: Site, key: str) -> None:
    answer, made = post(site).json(), httpx.get(f"{site.address}/api/quotes/{key}").json()
    refusal = post(site, {"question": "Who won the 2019 Tour de France?"}).json()
    record = post(site, {"question": "When did the four fluxite country tiers of Freedonia end?"}).json()["quotes"][0]
    pairs = [
        (shapes.Answer, answer), (shapes.Answer, refusal), (shapes.Quote, answer["quotes"][0]),
        (shapes.DocumentLine, refusal["nearest"][0]), (shapes.Certificate, made), (shapes.Quoted, made["quote"]),
        (shapes.Citations, made["citations"]), (shapes.Result, made["result"]), (shapes.Reference, record["sources"][0]),
        (shapes.Document, httpx.get(f"{site.address}/api/documents/orders").json()),
        (shapes.When, post(site, {"question": FLUXITE, "as_of": "2024-12-01"}).json()["when"]),
        (shapes.Fate, record["fate"]), (shapes.Quote, record["fate"]["replaced_by"][0]),
        (shapes.Group, answer_json(replace(site.ask(FLUXITE), groups=(Group("us", "", ()),)))["groups"][0]),
        (shapes.Suggestion, beside(site, "suggestions", {"question": TIERS}).json()["suggestions"][0]),
        (shapes.Entry, (line := beside(site, "timeline", {"question": TIERS}).json()["timeline"])[1]),
        (shapes.Turn, line[1]["turns"][0]),
        (shapes.Kept, beside(site, "feedback", {"question": TIERS, "outcome": "answered", "verdict": "up"}).json()),
        (shapes.Coverage, httpx.get(f"{site.address}/api/coverage").json()),
        (shapes.Health, httpx.get(f"{site.address}/healthz").json()),
    ]  # fmt: skip
    for shape, sent in pairs:
        assert names(shape) == set(sent), shape


def test_the_description_lists_every_route_and_the_page_of_it_calls_no_other_host(
    site: Site, new_page: Callable[..., Any]
) -> None:
    described = httpx.get(f"{site.address}/api/openapi.json").json()
    assert set(described["paths"]) == {
        "/api/ask", "/api/coverage", "/api/documents", "/api/documents/{document}", "/api/quotes/{key}",
        "/api/quotes/{key}/citation", "/api/examples", "/api/suggestions", "/api/timeline", "/api/export", "/api/feedback", "/healthz",
        "/metrics",
    }  # fmt: skip
    page = new_page("/api/docs")
    assert "<code>" not in page.locator("body").inner_text()
    assert page.locator("p code").count()
    text = page.locator("body").inner_text()
    for path in described["paths"]:
        assert path in text
    for name in described["components"]["schemas"]:
        assert page.locator(f"#{name}").count() == 1
    targets = page.eval_on_selector_all("a[href^='#']", "links => links.map(a => a.getAttribute('href'))")
    assert all(page.locator(target).count() == 1 for target in set(targets))


# Health and counts


def test_health_is_bad_once_the_index_is_gone(site_shelf: Shelf, tmp_path: Any) -> None:
    shelf = Shelf(site_shelf.corpus, tmp_path / "index")
    shutil.copytree(site_shelf.index, shelf.index)
    with serving(shelf.pipeline()) as other:
        assert httpx.get(f"{other.address}/healthz").json()["documents"] == 6
        shutil.rmtree(shelf.current())
        reply = httpx.get(f"{other.address}/healthz")
        assert (reply.status_code, reply.json()["status"]) == (503, 503)


def test_counts_name_routes_and_outcomes_but_no_question_address_or_key(site: Site, key: str) -> None:
    post(site)
    httpx.get(f"{site.address}/api/quotes/{key}")
    httpx.get(f"{site.address}/nowhere/{key}")
    httpx.request("BREW", f"{site.address}/healthz")
    text = httpx.get(f"{site.address}/metrics").text
    assert 'chipquote_requests_total{method="POST",route="/api/ask",status="200"}' in text
    assert 'route="/api/quotes/{key}"' in text
    assert 'chipquote_answers_total{outcome="answered"}' in text
    assert "chipquote_index_documents 6.0" in text
    for secret in (key, "fluxite", "127.0.0.1", "nowhere", "BREW"):
        assert secret not in text


# Attacks


def test_attacks_in_a_question_and_a_document_come_back_as_json_and_are_never_html(site: Site) -> None:
    reply = post(site, {"question": f"What is the gadolinium quota? {ATTACK}"})
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert ATTACK in reply.json()["question"]
    for path in (f"/quote/{ATTACK}", f"/api/docs?x={ATTACK}", f"/documents/{ATTACK}"):
        page = httpx.get(site.address + path)
        assert not [s for s in html.fromstring(page.text or "<p>").iter("script") if s.get("src") != "/ui/document.js"]
        assert "<img" not in page.text
