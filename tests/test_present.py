"""The JSON shape that the issue names, links built from the quote itself, and plain text for a terminal."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from material import CHIPS_QUESTION, document

from rag.datatypes import Answer, Document, Outcome, Quote, Reference, Source
from rag.present import answer_json, answer_text, cite, fragment_url, placed, quote_json
from rag.split import split
from rag.text import normalise

ISSUE = set(
    "key text document start end version title publisher speaker side published status superseded_by url fragment_url".split()
)
URL = "https://example.org/page"


def whole(text, **fields):
    paper = document(text, **({"url": URL} | fields))
    return Quote(paper, 0, len(text))


def test_an_answers_json_has_every_field_that_the_issue_names(pipeline):
    shown = answer_json(pipeline.ask(CHIPS_QUESTION, date(2025, 6, 1)))
    assert {"outcome", "question", "as_of", "quotes", "nearest"} <= shown.keys()
    assert shown["quotes"]
    assert all(quote.keys() >= ISSUE for quote in shown["quotes"])
    assert shown["as_of"] == "2025-06-01"
    assert json.loads(json.dumps(shown)) == shown


def test_a_quotes_json_is_what_the_document_says(pipeline):
    quote = pipeline.ask(CHIPS_QUESTION).quotes[0]
    shown, paper = quote_json(quote), quote.document
    assert shown["text"] == paper.text[shown["start"] : shown["end"]]
    assert (shown["document"], shown["version"], shown["key"]) == (paper.id, paper.version, quote.key)
    assert (shown["title"], shown["publisher"]) == ("Guidance on Ascend chips", "Bureau of Examples")
    assert (shown["side"], shown["published"], shown["status"]) == ("us", "2025-05-13", "in force")
    assert shown["superseded_by"] == []


def test_a_refusals_json_has_no_quotes_and_names_the_nearest(pipeline):
    shown = answer_json(pipeline.ask("Who won the 2019 Tour de France?"))
    assert (shown["outcome"], shown["quotes"], shown["as_of"]) == ("not_found", [], None)
    assert {"document", "title", "published", "url"} <= shown["nearest"][0].keys()


# Links


def directive(url):
    return re.fullmatch(r"(?P<page>[^#]*)#:~:text=(?P<start>[^,]*)(?:,(?P<end>[^,]*))?", url)


def test_a_short_quote_is_linked_by_all_its_words():
    link = directive(fragment_url(whole("A licence - not one, but two & more - is needed: 100%.")))
    assert link["page"] == URL
    assert link["start"] == "A%20licence%20%2D%20not%20one%2C%20but%20two%20%26%20more%20%2D%20is%20needed%3A%20100%25."
    assert link["end"] is None


def test_an_address_with_a_fragment_loses_its_own():
    assert fragment_url(whole("Words.", url=URL + "#top")) == f"{URL}#:~:text=Words."


@given(st.text("abc 中国,.-–&%#“”\n", min_size=1, max_size=700).map(normalise).filter(bool))
def test_every_link_names_words_of_the_quote_and_nothing_that_breaks_the_directive(text):
    link = directive(fragment_url(whole(text)))
    assert link
    for part in (link["start"], link["end"]):
        assert part is None or unquote(part) in text
        assert part is None or not set(part) & set("-&, \n#")
    if link["end"] is None:
        assert unquote(link["start"]) == text
    else:
        assert text.startswith(unquote(link["start"]))
        assert text.endswith(unquote(link["end"]))


def test_a_chinese_link_ends_where_a_browser_sees_a_word_end():
    """Browsers match whole words, and find those of Chinese by a dictionary: a cut inside 中华人民共和国 finds nothing."""
    middle = "出口经营者应当在出口前提出申请。" * 6
    text = f"根据《中华人民共和国出口管制法》有关规定，{middle}为维护国家安全和利益，决定对有关物项实施出口管制。"
    link = directive(fragment_url(whole(text)))
    assert unquote(link["start"]) == "根据《中华人民共和国出口管制法》有关规定，"
    assert unquote(link["end"]) == "决定对有关物项实施出口管制。"


def test_a_short_chinese_quote_is_linked_by_all_its_words():
    assert unquote(directive(fragment_url(whole("未经许可，不得出口。")))["start"]) == "未经许可，不得出口。"


def test_a_link_grows_until_it_leads_to_this_place_and_no_earlier_one():
    same = "The Bureau may refuse the licence of a maker "
    one, two = same + "who is late. ", same + "who has lied, " + "and of others " * 30 + "and of others too."
    paper = document(one + two, url=URL)
    link = directive(fragment_url(Quote(paper, len(one), len(paper.text))))
    assert unquote(link["start"]) == same + "who has"
    assert unquote(link["end"]) == "of others and of others too."


def test_words_that_stand_in_two_places_are_linked_by_the_words_around_them():
    text = "It is so. Nobody knew of the licence. It is so."
    first, second = (Quote(document(text, url=URL), a, a + 9) for a in (0, 38))
    assert fragment_url(first).endswith("#:~:text=It%20is%20so.,-Nobody%20knew%20of%20the%20licence.%20It")
    assert fragment_url(second).endswith("#:~:text=so.%20Nobody%20knew%20of%20the%20licence.-,It%20is%20so.")


def test_a_quote_from_a_pdf_is_linked_to_its_page():
    paper = Document("d", "One.\nTwo.", Source("t", url=URL), pages=(0, 5))
    assert "page=1" in fragment_url(Quote(paper, 0, 4))
    assert "page=2" in fragment_url(Quote(paper, 5, 9))


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "/relative"])
def test_what_is_no_web_address_is_never_a_link_but_leads_to_the_document_here(url):
    quote = whole("Words.", url=url, id="a/b c")
    assert fragment_url(quote) == f"/documents/a%2Fb%20c?quote={quote.key}#:~:text=Words."


def test_our_own_words_are_linked_here_not_to_the_source_that_they_summarise():
    quote = whole("Words.", kind="record", references=(Reference("t", url=URL),))
    assert fragment_url(quote).startswith("/documents/doc?quote=")


# For people


def test_a_citation_says_who_what_when_and_what_became_of_it():
    line = cite(
        whole("W.", speaker="Ann", publisher="Daily", published="2025-05-13", status="rescinded", status_as_of="2026")
    )
    for part in ("Ann", "A title", "Daily", "2025-05-13", "rescinded", "2026"):
        assert part in line
    assert "no date" in cite(whole("W."))


def test_a_record_is_cited_as_ours_and_never_put_in_its_speakers_mouth():
    line = cite(whole("W.", kind="record", speaker="Ann", published="2025"))
    assert "Ann" not in line
    assert "ChipQuote" in line


def test_the_terminal_shows_each_quote_with_its_key(pipeline):
    answer = pipeline.ask(CHIPS_QUESTION, date(2025, 6, 1))
    shown = answer_text(answer)
    assert "As of 1 June 2025" in shown
    assert "In force on 1 June 2025: “Guidance on Ascend chips”." in shown
    for quote in answer.quotes:
        assert quote.text in shown
        assert quote.key in shown


def test_the_terminal_says_what_a_refusal_covers_and_what_came_nearest(pipeline):
    answer = pipeline.ask("Who won the 2019 Tour de France?")
    shown = answer_text(answer)
    assert answer.coverage in shown
    assert answer.nearest[0].source.title in shown


TIERS_QUESTION = "Into how many tiers did the framework sort the countries of the world?"


def test_a_quote_of_what_was_rescinded_carries_what_ended_it_as_quotes(pipeline):
    answer = pipeline.ask(TIERS_QUESTION)
    fate = quote_json(answer.quotes[0])["fate"]
    assert (fate["state"], fate["since"], fate["later"]) == ("rescinded", "2025-05-13", False)
    (by,) = fate["replaced_by"]
    assert by["document"] == "ascend"
    assert by["text"] == pipeline.index.document("ascend").text[by["start"] : by["end"]]
    shown = answer_text(answer)
    assert f"! {fate['note']}" in shown
    assert by["text"] in shown
    assert by["key"] in shown


def test_what_became_of_a_source_is_told_in_full_once_for_all_its_quotes(pipeline):
    answer = pipeline.ask(TIERS_QUESTION)
    twice = replace(answer, quotes=(answer.quotes[0], answer.quotes[0]))
    assert answer_text(twice).count(answer.quotes[0].fate.note) == 1
    assert "(see [1])" in answer_text(twice)
    assert answer_text(twice).count(answer.quotes[0].fate.replaced_by[0].text) == 1


def test_how_a_questions_time_was_read_is_in_the_json(pipeline):
    shown = answer_json(pipeline.ask(f"As of June 2025, {CHIPS_QUESTION}"))
    assert shown["as_of"] == shown["when"]["as_of"] == "2025-06-30"
    assert shown["when"]["words"] == ["As of June 2025"]
    assert shown["notes"][0].startswith("Read “As of June 2025” as 30 June 2025")
    shown = answer_json(pipeline.ask("Which chips were named since 13 May 2025?"))
    assert (shown["when"]["from"], shown["when"]["to"], shown["as_of"]) == ("2025-05-13", None, None)


def test_the_parts_of_a_question_are_headings_where_two_have_quotes():
    paper = document("Zebra may sell. Lion may buy. Both may wait.")
    spans = split(paper)[0].sentences
    both, lion, zebra = (
        Quote(paper, s.start, s.end, part=part) for s, part in zip(reversed(spans), ("", "Lion", "Zebra"), strict=True)
    )
    told = Answer("q", Outcome.ANSWERED, (both, lion, zebra), searched="Compare Zebra and Lion")
    shown = placed(told)
    assert [(at.side, at.quote.text) for at in shown] == [
        ("Zebra", "Zebra may sell."),
        ("Lion", "Lion may buy."),
        ("Also", "Both may wait."),
    ]
    assert not any(at.side for at in placed(replace(told, quotes=(both, lion))))
    assert answer_json(told)["quotes"][1]["part"] == "Lion"
    parts = [{"side": None, "speaker": None, "part": at.side, "quotes": [at.quote.key]} for at in shown]
    assert answer_json(told)["groups"] == parts
    assert answer_json(replace(told, quotes=(both, lion)))["groups"] == []
    assert "ZEBRA" in answer_text(told)
