"""An independent reading of the source: every kind of change fails for its own reason."""

from __future__ import annotations

import json

import pytest
from material import CHIPS_QUESTION, write_files

from rag.datatypes import quote_key
from rag.errors import QuoteUnknown
from rag.present import answer_json
from rag.verify import read_claims, verify_key, verify_quotes

STANDS = "the words stand in the source at this place"
WORDS = "the words are not those of the source at this place"


@pytest.fixture
def asked(pipeline):
    return answer_json(pipeline.ask(CHIPS_QUESTION))


def check(quote, index):
    (found,) = verify_quotes(quote, index)
    return found


def test_every_quote_of_an_answer_stands(asked, pipeline):
    checks = list(verify_quotes(asked, pipeline.index))
    assert len(checks) == len(asked["quotes"]) > 0
    assert all(c.stands and c.reason == STANDS for c in checks)
    assert [c.text for c in checks] == [q["text"] for q in asked["quotes"]]


def test_several_answers_a_list_of_quotes_or_one_quote_can_be_checked(asked, pipeline):
    quotes = asked["quotes"]
    for claims in ([asked, asked], [*quotes, *quotes], [[asked], quotes]):
        assert len(list(verify_quotes(claims, pipeline.index))) == 2 * len(quotes)
    assert check(quotes[0], pipeline.index).stands


def test_what_ended_a_source_is_checked_like_every_other_quote(pipeline):
    quotes = answer_json(pipeline.ask("Into how many tiers did the framework sort the countries of the world?"))[
        "quotes"
    ]
    tiers = next(q for q in quotes if q["document"] == "tiers")
    (by,) = tiers["fate"]["replaced_by"]
    for claims in ({"quotes": [tiers]}, tiers):
        assert [(c.document, c.stands) for c in verify_quotes(claims, pipeline.index)] == [
            ("tiers", True),
            ("ascend", True),
        ]
    by["text"] = by["text"].replace("13 May", "15 May")
    assert [c.reason for c in verify_quotes({"quotes": [tiers]}, pipeline.index)] == [STANDS, WORDS]


CHANGES = {
    "a word": (lambda q: {"text": q["text"].replace("names", "bans")}, WORDS),
    "a digit": (lambda q: {"text": q["text"].replace("910B", "910C", 1)}, WORDS),
    "a date": (lambda q: {"text": q["text"].replace("13 May", "15 May")}, WORDS),
    "a space": (lambda q: {"text": q["text"].replace(" ", "  ", 1)}, WORDS),
    "the case": (lambda q: {"text": q["text"].lower()}, WORDS),
    "no text": (lambda q: {"text": None}, WORDS),
    "the start": (lambda q: {"start": q["start"] + 1}, WORDS),
    "the end": (lambda q: {"end": q["end"] - 1}, WORDS),
    "an end behind the text": (lambda q: {"end": 10**9}, "is no place in this source"),
    "a start before the text": (lambda q: {"start": -5}, "is no place in this source"),
    "a start that is no number": (lambda q: {"start": "0"}, "is no place in this source"),
    "start and end turned round": (lambda q: {"start": q["end"], "end": q["start"]}, "is no place in this source"),
    "the version": (lambda q: {"version": "0" * 64}, "the source has changed since it was quoted"),
    "no version": (lambda q: {"version": None}, "the source has changed since it was quoted"),
    "the key": (lambda q: {"key": "0badc0de"}, "the key does not belong to these coordinates"),
    "an unknown document": (lambda q: {"document": "nowhere"}, "holds no document 'nowhere'"),
    "another document": (lambda q: {"document": "tiers"}, "source"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_quote_fails_for_its_own_reason(asked, pipeline, change):
    spoil, reason = CHANGES[change]
    quote = next(q for q in asked["quotes"] if "910B" in q["text"])
    found = check(quote | spoil(quote), pipeline.index)
    assert not found.stands
    assert reason in found.reason


def test_a_forged_quote_with_matching_coordinates_of_another_version_fails(asked, pipeline):
    """Text, offsets and key agree with one another; only the document's own text decides."""
    quote = asked["quotes"][0]
    forged = quote | {"text": "x" * (quote["end"] - quote["start"]), "version": "0" * 64}
    forged["key"] = quote_key(forged["document"], forged["version"], forged["start"], forged["end"])
    assert not check(forged, pipeline.index).stands


@pytest.mark.parametrize("lost", ["text", "document", "start", "end", "version"])
def test_a_quote_that_has_lost_a_part_is_not_passed_over(asked, pipeline, lost):
    quote = {name: value for name, value in asked["quotes"][0].items() if name != lost}
    assert not check({"outcome": "answered", "quotes": [quote]}, pipeline.index).stands


def test_a_quote_that_is_no_object_is_not_passed_over(pipeline):
    assert [c.stands for c in verify_quotes({"outcome": "answered", "quotes": ["words", None]}, pipeline.index)] == [
        False,
        False,
    ]


@pytest.mark.parametrize("claims", [{}, [], 5, "words", {"a": 1}])
def test_what_holds_no_quote_is_no_claim(pipeline, claims):
    with pytest.raises(QuoteUnknown, match="holds no quotes"):
        list(verify_quotes(claims, pipeline.index))


def test_a_refusal_has_nothing_to_check(pipeline):
    assert list(verify_quotes({"outcome": "not_found", "quotes": []}, pipeline.index)) == []


def test_a_changed_source_file_is_seen_though_the_index_is_old(copied):
    reader = copied.pipeline()
    asked = answer_json(reader.ask(CHIPS_QUESTION))
    path = copied.corpus / "us" / "ascend.md"
    copied.build()  # the copied index still names the files of the library
    reader.index.close()
    reader = copied.pipeline()
    assert all(c.stands for c in verify_quotes(asked, reader.index))
    path.write_text(path.read_text().replace("910B", "910E"))
    checks = list(verify_quotes(asked, reader.index))
    assert {c.reason for c in checks if c.document == "ascend"} == {"the source has changed since it was quoted"}
    path.unlink()
    checks = list(verify_quotes(asked, reader.index))
    assert not any(c.stands for c in checks if c.document == "ascend")
    assert all("cannot be read again" in c.reason for c in checks if c.document == "ascend")


def test_a_changed_index_does_not_deceive(copied):
    """The stored text is changed on disk together with the claim; the file still says what it said."""
    import sqlite3

    copied.build()
    asked = answer_json(copied.pipeline().ask(CHIPS_QUESTION))
    db = sqlite3.connect(copied.current() / "catalog.sqlite")
    db.execute("UPDATE documents SET text = replace(text, '910B', '910E')")
    db.commit()
    db.close()
    forged = json.loads(json.dumps(asked).replace("910B", "910E"))
    assert forged != asked
    index = copied.open()
    assert not all(c.stands for c in verify_quotes(forged, index))
    assert all(c.stands for c in verify_quotes(asked, index))


def test_a_key_leads_to_its_words(asked, pipeline):
    for quote in asked["quotes"]:
        found = verify_key(quote["key"], pipeline.index)
        assert found.stands
        assert (found.document, found.start, found.end, found.text) == (
            quote["document"],
            quote["start"],
            quote["end"],
            quote["text"],
        )


def test_a_key_that_nothing_has_is_said(pipeline):
    with pytest.raises(QuoteUnknown, match="No quote of this index has the key 'ffffffff'"):
        verify_key("ffffffff", pipeline.index)


def test_every_quote_there_can_be_stands(pipeline):
    for document, start, end in pipeline.index.runs(3):
        key = quote_key(document.id, document.version, start, end)
        claim = {"document": document.id, "version": document.version, "start": start, "end": end, "key": key}
        assert check(claim | {"text": document.text[start:end]}, pipeline.index).stands


def test_claims_may_be_one_json_value_or_one_a_line(asked):
    assert read_claims(json.dumps(asked, indent=2).encode()) == asked
    assert read_claims(f"{json.dumps(asked)}\n\n{json.dumps(asked)}\n".encode()) == [asked, asked]


def test_a_file_that_moved_into_another_ones_place_is_no_proof(copied):
    copied.build()
    reader = copied.pipeline()
    asked = answer_json(reader.ask("How long do exporters keep their records?"))
    write_files(copied.corpus, {"us/threshold.md": "Another text altogether, which says nothing of it."})
    assert not any(c.stands for c in verify_quotes(asked, reader.index) if c.title in ("", "Threshold rule"))
