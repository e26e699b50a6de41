"""The widget on a page of somebody else: what it loads, what it shows, what it must never do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe import grave  # type: ignore[import-not-found]
from conftest import ATTACK, Site  # type: ignore[import-not-found]
from neighbour import Neighbour  # type: ignore[import-not-found]
from widgets import (  # type: ignore[import-not-found]
    DENIED,
    FLUXITE,
    OFF,
    PARTLY,
    TIERS,
    ask,
    friendly,
    opened,
    other,
    snippet,
    visit,
)

from rag.present import placed
from rag.present.order import parted
from rag.web import widget
from rag.web.widget import script

BOTH = "What did the Bureau of Examples ban with the fluxite notice, and when did the four fluxite country tiers end?"
FOLDER = Path(widget.__file__).with_name("static") / "widget"
__all__ = ["friendly", "other", "visit"]  # fixtures


def test_the_script_is_small_and_knows_no_other_host_and_no_way_to_put_in_html(site: Site) -> None:
    code = script()
    assert len(code.encode()) <= 30_000
    assert set(re.findall(r"https?://\w[^\"'`]*", code)) == {"http://www.w3.org/2000/svg"}
    for way in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval", "Function(", "DOMParser"):
        assert way not in code
    for store in ("cookie", "localStorage", "sessionStorage", "indexedDB"):
        assert store not in code.replace("No cookies", "")
    reply = httpx.get(f"{site.address}/widget.js")
    assert (reply.text, reply.headers["content-type"]) == (code, "text/javascript; charset=utf-8")
    again = httpx.get(f"{site.address}/widget.js", headers={"If-None-Match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_every_label_that_the_code_asks_for_is_there_in_both_languages() -> None:
    held = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))
    asked = {name for file in FOLDER.glob("*.js") for name in re.findall(r"\bwords\.(\w+)", file.read_text())}
    assert asked | {"partial", "premise_contradicted"} == set(held["en"]) == set(held["zh"])


def test_nothing_is_loaded_until_it_is_opened(friendly: Site, other: Neighbour, visit: Callable[..., Any]) -> None:
    page = visit(other.put(snippet(friendly) + snippet(friendly, mode="inline")))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator(".launch").hover()
    page.mouse.wheel(0, 500)
    page.wait_for_timeout(300)
    assert asked == []
    with page.expect_response(f"{friendly.address}/api/v1/coverage"):
        opened(page)
    assert asked == [f"{friendly.address}/api/v1/coverage"]
    page.get_by_role("dialog").get_by_text(
        "6 documents, 1 of them in our own words, 3 March 2023 to 3 December 2024"
    ).wait_for()


def test_an_answer_comes_in_stages_with_the_exact_words_and_all_that_is_known_of_them(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    friendly.forget()
    box = opened(visit(other.put(snippet(friendly))))
    box.evaluate(
        """box => { window.heard = []; const status = box.querySelector("[role=status]");
        new MutationObserver(() => heard.push(status.textContent)).observe(status, {childList: true}); }"""
    )
    reply = ask(box, FLUXITE)
    quotes = friendly.ask(FLUXITE).quotes
    assert reply.locator(".quote .said").all_inner_texts() == [q.text for q in quotes]
    card = reply.locator(".card").first.inner_text()
    for fact in (
        "Fluxite notice of July 2024",
        "Ada Example",
        "Bureau of Examples",
        "4 July 2024",
        "In force",
        "27 June 2026",
    ):
        assert fact in card
    heard = box.page.evaluate("heard")
    assert heard[:3] == ["Searching", "Searching 6 documents", heard[2]]
    assert re.fullmatch(r"Reading \d+ passages", heard[2])
    assert heard[-1] == ("1 quote" if len(quotes) == 1 else f"{len(quotes)} quotes")
    assert "Statuses were last checked on" in reply.inner_text()
    assert "Read “As of August 2024” as 31 August 2024" in ask(box, f"As of August 2024, {FLUXITE}").inner_text()


def test_a_quote_leads_to_its_place_its_original_and_its_certificate(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    box = opened(visit(other.put(snippet(friendly))))
    reply, quote = ask(box, FLUXITE), friendly.ask(FLUXITE).quotes[0]
    original = reply.get_by_role("link", name="Original").first.get_attribute("href")
    assert original.startswith("https://example.org/fluxite#:~:text=")
    for name, place, words in (("Quote 1", "/documents/", "#quote"), ("Certificate", "/quote/", "blockquote")):
        link = reply.get_by_role("link", name=name).first
        assert link.get_attribute("rel") == "noopener noreferrer"
        with box.page.context.expect_page() as tab:
            link.click()
        assert tab.value.url.startswith(friendly.address + place)
        assert tab.value.locator(words).inner_text().strip("“”") == quote.text


def test_a_quote_is_copied_with_its_citation_or_the_button_says_why_not(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    quote = friendly.ask(FLUXITE).quotes[0]
    for allowed, said in ((["clipboard-read", "clipboard-write"], "Copied"), ([], "Copying is not allowed here")):
        box = opened(visit(other.put(snippet(friendly)), permissions=allowed))
        if not allowed:
            box.page.evaluate("() => { navigator.clipboard.write = async () => { throw new DOMException() } }")
        ask(box, FLUXITE).get_by_role("button", name="Copy").first.click()
        box.get_by_role("button", name=said).wait_for()
        if allowed:
            copied = box.page.evaluate("navigator.clipboard.readText()")
            assert copied.startswith(f"“{quote.text}”")
            assert copied.rstrip().endswith(f"quoted at {friendly.address}/quote/{quote.key}.")


@pytest.mark.parametrize("lacking", ["", "ClipboardItem"])
def test_the_clipboard_is_written_at_the_click_with_the_citation_of_this_very_quote(
    friendly: Site, other: Neighbour, visit: Callable[..., Any], lacking: str
) -> None:
    quote, page = friendly.ask(FLUXITE).quotes[0], visit(other.put(snippet(friendly)))
    page.evaluate(
        """lacking => { delete window[lacking]; const { clipboard } = navigator;
        const blob = async items => (await items[0].getType("text/plain")).text();
        clipboard.write = items => { window.at = "click"; return blob(items).then(text => { window.copied = text; }); };
        clipboard.writeText = async text => { window.at = "later"; window.copied = text; }; }""",
        lacking,
    )
    button = ask(opened(page), FLUXITE).get_by_role("button", name="Copy").first
    with page.expect_request("**/citation?*") as sent:
        assert button.evaluate("e => { e.click(); return window.at; }") == (None if lacking else "click")
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("copied").startswith(f"“{quote.text}”")
    assert f"document={quote.document.id}&start={quote.start}" in sent.value.url, "its key may be another's too"


def test_what_became_of_a_source_stands_below_its_words_and_is_quoted(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    reply = ask(opened(visit(other.put(snippet(friendly)))), TIERS)
    quote = friendly.ask(TIERS).quotes[0]
    assert quote.fate is not None
    card = reply.locator(".card").first
    banner = card.get_by_role("note")
    assert quote.fate.note in banner.inner_text()
    assert banner.locator(".said").inner_text() == quote.fate.replaced_by[0].text
    assert "Replaced by “Fluxite notice of July 2024" in banner.inner_text()
    assert banner.bounding_box()["y"] > card.locator(".quote").first.bounding_box()["y"]
    assert "Our summary" in card.inner_text()
    card.get_by_text("References (2)").click()
    links = card.locator("details a")
    assert [link.get_attribute("href") for link in links.all()] == ["https://example.org/tiers"], "no javascript: link"


def test_positions_come_under_their_side_and_speaker_in_the_order_of_the_answer(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    question = "What do the United States and China say about fluxite and unobtainium exports?"
    answer = friendly.ask(question)
    assert len(answer.groups) > 1
    reply = ask(opened(visit(other.put(snippet(friendly)))), question)
    order = placed(answer)
    assert reply.locator("h4").all_inner_texts() == [at.side for at in order if at.side]
    assert reply.locator("h5").all_inner_texts() == [at.speaker for at in order if at.speaker]
    assert reply.locator(".quote .said").all_inner_texts() == [at.quote.text for at in order]
    assert reply.locator(".chip").all_inner_texts() == [str(n) for n in range(1, len(order) + 1)]


def test_a_refusal_is_no_answer_and_names_no_document_where_none_is_near(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    reply = ask(opened(visit(other.put(snippet(friendly)))), OFF)
    assert reply.locator("blockquote, .card").count() == 0
    assert "Not in these sources" in reply.inner_text()
    assert "Other words may help" in reply.inner_text()
    assert reply.locator("a, li").count() == 0


def test_where_nothing_is_near_the_first_questions_are_offered_again(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    box = opened(visit(other.put(snippet(friendly, starters=FLUXITE))))
    ask(box, OFF).get_by_role("button", name=FLUXITE).click()
    box.locator(".turn").nth(1).locator(".card").first.wait_for()
    box.get_by_role("button", name="New conversation").click()
    assert box.locator(".intro").get_by_role("button", name=FLUXITE).is_visible()


def test_a_refusal_shows_what_is_near_as_no_answer_and_says_why(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    question = "Why did Congress lift the fluxite tiers?"
    reply, told = ask(opened(visit(other.put(snippet(friendly)))), question), friendly.ask(question)
    assert told.near
    assert reply.locator(".card").count() == 0
    assert reply.locator(".refusal .said").all_inner_texts() == [quote.text for quote in told.related]
    words = reply.inner_text()
    assert words.index("Not in these sources") < words.index("Related, not an answer") < words.index(told.lacks[0])
    assert words.index(told.lacks[0]) < words.index(told.related[0].text)
    places = [link.get_attribute("href") for link in reply.locator("a").all()]
    assert [f"quote={quote.key}" in place for quote, place in zip(told.related, places, strict=True)] == [True] * 2


@pytest.mark.parametrize(
    ("lang", "question", "heading"),
    [
        ("en", PARTLY, "The sources answer a part of this"),
        ("zh", PARTLY, "来源只回答了其中一部分"),
        ("en", DENIED, "The sources say otherwise"),
        ("zh", DENIED, "来源的说法与此不同"),
    ],
)
def test_what_is_answered_in_part_or_denied_is_said_above_the_quotes(
    friendly: Site, other: Neighbour, visit: Callable[..., Any], lang: str, question: str, heading: str
) -> None:
    page = visit(other.put(snippet(friendly, lang=lang)), width=375, color_scheme="dark", reduced_motion="reduce")
    reply, told = ask(opened(page), question), friendly.ask(question)
    note = reply.get_by_role("note").first
    assert re.split(r"\n+", note.inner_text()) == [heading, *told.notes]
    assert note.evaluate("e => e.compareDocumentPosition(e.getRootNode().querySelector('.card')) & 4")
    assert reply.locator(".quote .said").all_inner_texts() == [quote.text for quote in told.quotes]
    assert grave(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_the_parts_of_a_question_are_headings_of_their_quotes(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    told = friendly.ask(BOTH)
    parts = [part for part, _ in parted(told)]
    assert len(parts) == 2
    reply = ask(opened(visit(other.put(snippet(friendly)))), BOTH)
    assert reply.locator("h5").all_inner_texts() == parts
    assert reply.locator(".quote .said").all_inner_texts() == [at.quote.text for at in placed(told)]


def test_a_follow_up_leans_on_the_questions_before_it_until_a_new_conversation(
    friendly: Site, other: Neighbour, visit: Callable[..., Any]
) -> None:
    page = visit(other.put(snippet(friendly)))
    box = opened(page)
    ask(box, "When did the Bureau of Examples publish the fluxite notice?")
    with page.expect_request(f"{friendly.address}/api/v1/ask") as sent:
        reply = ask(box, "Does it still apply?")
    assert sent.value.post_data_json["turns"] == ["When did the Bureau of Examples publish the fluxite notice?"]
    assert reply.locator(".aside").first.inner_text().startswith("Searched: ")
    page.wait_for_timeout(600)  # it scrolls there smoothly
    above = box.locator(".asked").last.bounding_box()["y"] - box.locator(".log").bounding_box()["y"]
    assert 0 <= above < 25, "the question stands at the top, so that its answer is read from there"
    box.get_by_role("button", name="New conversation").click()
    assert box.locator(".turn").count() == 0
    with page.expect_request(f"{friendly.address}/api/v1/ask") as sent:
        ask(box, FLUXITE)
    assert sent.value.post_data_json["turns"] == []


def test_attacks_stay_letters_wherever_they_stand(friendly: Site, other: Neighbour, visit: Callable[..., Any]) -> None:
    hostile = ATTACK.replace("'", "&#39;")
    page = visit(other.put(snippet(friendly, title=hostile, starters=hostile, accent="red;}*{display:none", target="")))
    assert page.locator(".launch").inner_text() == ATTACK
    box = opened(page)
    assert box.get_by_role("button", name="<script>").inner_text() == ATTACK
    reply = ask(box, f"What is the gadolinium quota a month? {ATTACK}")
    assert ATTACK in reply.locator(".said").first.inner_text()
    assert ATTACK in box.locator(".asked").inner_text()
    card = reply.locator(".card", has_text="Attack <script>").first
    assert "<b>in force</b>" in card.inner_text()
    assert box.locator("img, b, script, iframe, [onerror]").count() == 0
    for link in box.locator("a").all():
        assert link.get_attribute("href").startswith((f"{friendly.address}/", "https://example.org/"))


@pytest.mark.parametrize("form", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_form_of_another_site_asks_nothing(
    site: Site, other: Neighbour, visit: Callable[..., Any], form: str
) -> None:
    body = f"""<form method=post action='{site.address}/api/ask' enctype='{form}'>
        <input name='{{"question": "Which exports are banned?", "side": "' value='"}}'><button>Go</button></form>"""
    page = visit(other.put(body))
    with page.expect_response(f"{site.address}/api/ask") as reply:
        page.locator("button").click()
    assert reply.value.status == 403
