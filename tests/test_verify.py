"""An independent reading of the source: every kind of change fails for its own reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from material import CHIPS_QUESTION, write_files

from rag.datatypes import Quote, Span, quote_key
from rag.errors import QuoteUnknown
from rag.present import answer_json, quote_json
from rag.verify import certificate, places_of, read_claims, reread, verify_key, verify_quotes

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
        (found,) = verify_key(quote["key"], pipeline.index)
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
    for run in (run for n in range(len(pipeline.index)) for run in pipeline.index.passage(n).runs(3)):
        document, start, end = run.document, run.start, run.end
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


# What is shown, and what is said about the source


def test_a_changed_character_is_shown(asked, pipeline):
    quote = next(q for q in asked["quotes"] if "910B" in q["text"])
    found = check(quote | {"text": quote["text"].replace("910B", "910E", 1)}, pipeline.index)
    assert "[-910E-]{+910B+}" in found.difference


def test_a_changed_source_is_shown_beside_the_words(copied):
    asked = answer_json(copied.pipeline().ask(CHIPS_QUESTION))
    path = copied.corpus / "us" / "ascend.md"
    path.write_text(
        path.read_text().replace("# Guidance", "Something new above.\n\n# Guidance").replace("910B", "910E")
    )
    copied.build()
    quote = next(q for q in asked["quotes"] if "910B" in q["text"])
    found = check(quote, copied.open())
    assert not found.stands
    assert "[-910B-]{+910E+}" in found.difference


def test_words_that_only_moved_are_said_to_stand_elsewhere(copied):
    asked = answer_json(copied.pipeline().ask(CHIPS_QUESTION))
    path = copied.corpus / "us" / "ascend.md"
    path.write_text(path.read_text().replace("# Guidance", "Something new above.\n\n# Guidance"))
    copied.build()
    found = check(asked["quotes"][0], copied.open())
    assert not found.stands
    assert "the same words now stand at" in found.difference


@pytest.mark.parametrize(
    ("name", "claimed"),
    [("published", "2025-05-14"), ("title", "Another"), ("status", "rescinded"), ("url", "https://evil.example/"),
     ("superseded_by", ["tiers"]), ("sources", [{"title": "invented"}]), ("speaker", None),
     ("fragment_url", "https://evil.example/#:~:text=The"), ("file", "another.md")],
)  # fmt: skip
def test_a_claim_about_the_source_must_be_what_the_source_says(asked, pipeline, name, claimed):
    found = check(asked["quotes"][0] | {name: claimed}, pipeline.index)
    assert not found.stands
    assert found.reason == "the words stand, but the source says otherwise about itself"
    assert found.difference.startswith(f"{name}: [-")


# Certificates


NOON = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RECORD = """---
id: record
title: How the tiers ended
date: 2025-05-13
side: us
sources:
- {title: Tiers end, publisher: Example Daily, url: "https://example.org/tiers", date: 2025-05-14}
---
The three tiers of the framework ended on 13 May 2025, two days before they would have taken effect.
"""


def certified(asked, index, site="", **changes):
    (place,) = places_of(asked["quotes"][0]["key"], index)
    made = certificate(place, reread(place.document.id, index), NOON, index, site)
    return json.loads(json.dumps(made | {"quote": made["quote"] | changes}))


def test_a_certificate_says_what_the_issue_asks_of_it_and_stands(asked, pipeline):
    made, quote = certified(asked, pipeline.index), asked["quotes"][0]
    assert made["certificate"] == 1
    assert made["permalink"] == f"/quote/{quote['key']}"
    assert made["checked"] == "2026-01-02T03:04:05Z"
    assert made["result"] == {"stands": True, "reason": STANDS, "difference": ""}
    assert made["quote"] == {
        name: value for name, value in quote.items() if name not in ("score", "found_by", "fate", "part")
    }
    assert check(made, pipeline.index).stands


def spoilt(value, path=()):
    """(what was done, the value spoilt) for everything inside: each thing changed and removed, and something added."""
    if isinstance(value, dict):
        yield (*path, "more"), value | {"more": 1}
        for name, inner in value.items():
            yield (*path, name, "removed"), {n: v for n, v in value.items() if n != name}
            yield from ((what, value | {name: other}) for what, other in spoilt(inner, (*path, name)))
    elif isinstance(value, list):
        yield (*path, "more"), [*value, "more"]
        for n, inner in enumerate(value):
            yield (*path, n, "removed"), value[:n] + value[n + 1 :]
            yield from ((what, [*value[:n], other, *value[n + 1 :]]) for what, other in spoilt(inner, (*path, n)))
    else:
        yield path, not value if isinstance(value, bool) else value + ("x" if isinstance(value, str) else 1)
        yield (*path, "of another type"), [value]


@pytest.mark.parametrize("name", ["ascend", "tiers", "record"])
def test_a_certificate_changed_anywhere_fails(copied, name):
    write_files(copied.corpus, {"us/record.md": RECORD})
    copied.build()
    index = copied.open()
    paper, source = index.document(name), reread(name, index)
    assert (paper.source.kind == "record") is (name == "record")
    for site in ("", "https://quotes.example", "http://[::1]:7860/chat"):
        made = json.loads(json.dumps(certificate(Span(paper, 0, 40), source, NOON, index, site)))
        assert check(made, index).stands
        assert (f"{site}/quote/{made['quote']['key']}" in made["citations"]["chicago"]) is bool(site)
        tried = [(what, check(other, index)) for what, other in spoilt(made)]
        assert len(tried) > 90
        assert [what for what, found in tried if found.stands] == []
        shown = [what for what, found in tried if found.difference]
        assert {
            ("index",),
            ("permalink",),
            ("checked",),
            ("citations", "bibtex"),
            ("result", "stands"),
            ("quote", "file"),
        } <= {*shown}
    index.close()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [("checked", "yesterday", "checked: 'yesterday' is no time"), ("checked", "2026-02-30T00:00:00Z", "is no time"),
     ("checked", "2026-1-2T03:04:05Z", "is no time"), ("index", "abc", "index: 'abc' is no sha256"),
     ("permalink", "https://evil.example/", "permalink: "), ("certificate", 2, "certificate: [-2-]{+1+}"),
     ("certificate", True, "certificate: [-true-]{+1+}"), ("extra", 1, "extra is unknown"),
     ("result", {"stands": False, "reason": "", "difference": ""}, "result.stands: [-false-]{+true+}")],
)  # fmt: skip
def test_what_is_wrong_with_a_certificate_is_told(asked, pipeline, name, value, told):
    found = check(certified(asked, pipeline.index) | {name: value}, pipeline.index)
    assert (found.stands, found.reason) == (False, "the words stand, but not all else that the certificate says")
    assert told in found.difference


def test_a_certificate_of_an_older_index_and_of_another_server_stands(asked, pipeline):
    """The index changes with every document that is added, and no reader knows when and where it was issued."""
    (place,) = places_of(asked["quotes"][0]["key"], pipeline.index)
    made = certificate(place, reread(place.document.id, pipeline.index), NOON, pipeline.index, "https://other.example")
    assert check(made | {"index": "0" * 64, "checked": "2025-12-31T23:59:59Z"}, pipeline.index).stands


def test_citations_that_lead_to_no_server_are_not_taken_for_ours(asked, pipeline):
    made = json.dumps(certified(asked, pipeline.index, site="https://quotes.example"))
    for wrong in ("javascript:alert(1)//quotes.example", "https://quotes.example/<b>", "ftp://quotes.example"):
        assert not check(json.loads(made.replace("https://quotes.example", wrong)), pipeline.index).stands


@pytest.mark.parametrize("quote", [None, "words", {}])
def test_a_certificate_without_its_quote_does_not_stand(pipeline, quote):
    made = {"certificate": 1, "quote": quote, "result": {"stands": True}}
    assert [c.stands for c in verify_quotes(made, pipeline.index)] == [False]


def test_a_certificate_of_a_source_that_changed_says_so(copied):
    copied.build()
    reader = copied.pipeline()
    asked = answer_json(reader.ask(CHIPS_QUESTION))
    path = copied.corpus / "us" / "ascend.md"
    path.write_text(path.read_text().replace("910B", "910E"))
    made = certified(asked, reader.index)
    assert not made["result"]["stands"]
    assert made["result"]["reason"] == "the source has changed since it was quoted"


def test_the_command_line_checks_a_certificate_and_shows_what_was_changed(asked, library, pipeline, here, tmp_path):
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(certified(asked, pipeline.index)))
    ran = here("verify", file, shelf=library)
    assert (ran.code, "1 of 1 quotes stand" in ran.err) == (0, True)
    words = asked["quotes"][0]["text"]
    file.write_text(json.dumps(certified(asked, pipeline.index, text=words[:-1] + "!")))
    ran = here("verify", file, shelf=library)
    assert ran.code == 1
    assert "[-!-]{+.+}" in ran.out


FALSE_QUOTES = {
    "approval for denial": ("presumption of denial", "presumption of approval"),
    "6,800 for 4,800": ("4,800 or more", "6,800 or more"),
    "6800 for 4,800": ("4,800 or more", "6800 or more"),
    "an invented agency": ("An item under ECCN 3A090", "The Agency of Zebras says: an item under ECCN 3A090"),
    "ten years for five": ("five years", "ten years"),
}  # fmt: skip


@pytest.mark.parametrize("case", FALSE_QUOTES)
def test_a_false_quote_that_sounds_right_does_not_stand(pipeline, case):
    rule = next(d for d in pipeline.index.documents() if "4,800" in d.text)
    true = quote_json(Quote(rule, 0, len(rule.text)))
    assert check(true, pipeline.index).stands
    said, false = FALSE_QUOTES[case]
    assert said in true["text"]
    found = check(true | {"text": true["text"].replace(said, false)}, pipeline.index)
    assert not found.stands
    assert found.difference


@pytest.mark.parametrize("false", ["5%", "5 %", "16%", "6", "6 per mille"])
def test_another_percentage_does_not_stand(shelf, false):
    shelf.write(duty_md="# Duty\n\nThe duty on these chips is fixed at 6% of their value.")
    shelf.build()
    index = shelf.open()
    (paper,) = index.documents()
    true = quote_json(Quote(paper, paper.text.index("The duty"), len(paper.text)))
    found = check(true | {"text": true["text"].replace("6%", false)}, index)
    index.close()
    assert not found.stands


def test_identical_sentences_in_two_documents_stay_two_citations(shelf):
    said = "A zebra licence is needed for every export."
    shelf.write(one_md=f"# One\n\n{said}", two_md=f"# Two\n\nLunch is at noon.\n\n{said}")
    shelf.build()
    index = shelf.open()
    quotes = [Quote(d, d.text.index(said), d.text.index(said) + len(said)) for d in index.documents()]
    assert len({q.key for q in quotes}) == 2
    for quote in quotes:
        (place,) = places_of(quote.key, index)
        assert (place.document.id, place.start) == (quote.document.id, quote.start)
        other = next(q for q in quotes if q != quote)
        assert not check(quote_json(quote) | {"document": other.document.id}, index).stands
    index.close()


def test_a_sentence_that_stands_twice_is_cited_where_it_was_found(shelf):
    said = "A licence is needed for every export."
    shelf.write(rules_md=f"# Okapi\n\n{said}\n\n# Zebra\n\n{said}")
    shelf.build()
    pipeline = shelf.pipeline()
    quote = pipeline.ask("Is a licence needed for every export of a zebra?").quotes[0]
    pipeline.index.close()
    assert quote.text == said
    assert quote.start == quote.document.text.rindex(said) == quote.evidence.passage.start
    assert quote.evidence.passage.heading == "Zebra"
