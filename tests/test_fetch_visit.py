"""The HTTP client against a real server and its bad days: redirects, 304, 429, 500, cut and endless bodies, robots."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from publisher import Answer, Publisher, opened, page, to

from rag.errors import FetchError, Unreachable
from rag.fetch.body import check
from rag.fetch.manners import Manners, check_address, pause_asked
from rag.fetch.visit import Seen, Visitor

HASTY = Manners(delay=0, backoff=0.01, tries=3, timeout=5, private=True)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with opened() as publisher:
        yield publisher


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    with Visitor(HASTY) as visitor:
        yield visitor


def test_a_document_comes_whole_and_the_server_is_told_who_asks(publisher, visitor):
    publisher.answers["/a"] = page("Okapi.")
    reply = visitor.get(publisher.url + "/a")
    assert b"Okapi." in reply.body
    assert publisher.asked[-1][1]["User-Agent"].startswith("ChipQuote/")


def test_the_contact_goes_into_the_user_agent(publisher):
    publisher.answers["/a"] = page("Okapi.")
    with Visitor(Manners(private=True, contact="me@example.org")) as visitor:
        visitor.get(publisher.url + "/a")
    assert "me@example.org" in publisher.asked[-1][1]["User-Agent"]


@pytest.mark.parametrize("validator", ["ETag", "Last-Modified"])
def test_the_second_request_is_conditional_and_304_means_nothing_changed(publisher, visitor, validator):
    value = '"one"' if validator == "ETag" else "Mon, 13 Jan 2025 00:00:00 GMT"
    publisher.answers["/a"] = page("Okapi.")
    publisher.answers["/a"].headers[validator] = value
    seen: Seen = {}
    assert visitor.get(publisher.url + "/a", seen).changed
    again = visitor.get(publisher.url + "/a", seen)
    assert (again.changed, again.body) == (False, b"")
    publisher.answers["/a"].headers[validator] = value.replace("o", "O").replace("13", "14")
    assert visitor.get(publisher.url + "/a", seen).changed


def test_gzip_is_unpacked(publisher, visitor):
    publisher.answers["/a"] = Answer(gzip.compress(b"<html>Okapi.</html>"), headers={"Content-Encoding": "gzip"})
    assert visitor.get(publisher.url + "/a").body == b"<html>Okapi.</html>"


def test_redirects_are_followed_within_a_limit(publisher, visitor):
    publisher.answers |= {"/a": to("/b", 301), "/b": to(publisher.url + "/c", 307), "/c": page("Okapi.")}
    assert visitor.get(publisher.url + "/a").url == publisher.url + "/c"
    publisher.answers["/c"] = to("/a")
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        visitor.get(publisher.url + "/a")


@pytest.mark.parametrize("where", ["ftp://example.org/a", "file:///etc/passwd", "javascript:alert(1)"])
def test_a_redirect_to_what_is_no_web_address_is_refused(publisher, visitor, where):
    publisher.answers["/a"] = to(where)
    with pytest.raises(FetchError, match=r"is no(t an http or https)? address"):
        visitor.get(publisher.url + "/a")


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_trouble_is_tried_again(publisher, visitor, status):
    publisher.answers["/a"] = [Answer(status=status), Answer(status=status), page("Okapi.")]
    assert b"Okapi." in visitor.get(publisher.url + "/a").body
    assert publisher.paths == ["/a"] * 3


def test_pauses_grow_and_retry_after_is_honoured(publisher):
    publisher.answers["/a"] = [Answer(status=503), Answer(status=503), page("Okapi.")]
    publisher.answers["/b"] = [Answer(status=429, headers={"Retry-After": "1"}), page("Okapi.")]
    with Visitor(Manners(delay=0, backoff=0.4, tries=3, private=True)) as visitor:
        visitor.get(publisher.url + "/a")
        visitor.get(publisher.url + "/b")
    times = [at for path, _, at in publisher.asked if path != "/robots.txt"]
    assert times[1] - times[0] >= 0.3
    assert times[2] - times[1] >= 0.7
    assert times[4] - times[3] >= 0.9


def test_a_server_that_asks_to_come_back_much_later_is_left_alone(publisher, visitor):
    publisher.answers["/a"] = Answer(status=429, headers={"Retry-After": "7200"})
    with pytest.raises(FetchError, match="come back in 7,200 seconds; run fetch again then"):
        visitor.get(publisher.url + "/a")
    assert publisher.paths == ["/a"]


def test_retry_after_may_be_a_date():
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < (pause_asked(later) or 0) <= 30
    assert pause_asked("soon") is None


def test_trouble_that_lasts_is_an_error_with_the_count(publisher, visitor):
    publisher.answers["/a"] = Answer(status=500)
    with pytest.raises(FetchError, match="answered 500 Internal Server Error, 3 times; try again later"):
        visitor.get(publisher.url + "/a")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 418])
def test_a_plain_no_is_not_asked_twice(publisher, visitor, status):
    publisher.answers["/a"] = Answer(b"no", status=status)
    with pytest.raises(FetchError, match=f"answered {status}"):
        visitor.get(publisher.url + "/a")
    assert publisher.paths == ["/a"]


def test_a_body_that_was_cut_off_is_fetched_again_and_never_taken_for_whole(publisher, visitor):
    whole = page("Okapi.")
    cut = Answer(whole.body, cut=20)
    publisher.answers["/a"] = [cut, whole]
    assert visitor.get(publisher.url + "/a").body == whole.body
    publisher.answers["/a"] = cut
    with pytest.raises(FetchError, match="did not come whole"):
        visitor.get(publisher.url + "/a")


def modest(**more: float) -> Visitor:
    return Visitor(replace(HASTY, **more))


def test_an_endless_body_stops_at_the_limit(publisher):
    publisher.answers["/a"] = Answer(endless=True)
    with modest(limit=1_000_000) as visitor, pytest.raises(FetchError, match=r"larger than 1\.0 MB; nothing was kept"):
        visitor.get(publisher.url + "/a")


def test_a_packed_bomb_stops_at_the_limit(publisher):
    publisher.answers["/a"] = Answer(gzip.compress(bytes(5_000_000)), headers={"Content-Encoding": "gzip"})
    with modest(limit=1_000_000) as visitor, pytest.raises(FetchError, match="larger than"):
        visitor.get(publisher.url + "/a")


def test_a_body_that_trickles_for_ever_runs_out_of_patience(publisher):
    publisher.answers["/a"] = Answer(endless=True, drip=0.05)
    began = time.monotonic()
    with modest(patience=0.5) as visitor, pytest.raises(FetchError, match="took longer than"):
        visitor.get(publisher.url + "/a")
    assert time.monotonic() - began < 5


def test_one_host_is_not_asked_faster_than_the_delay(publisher):
    publisher.answers |= {"/a": page("a"), "/b": page("b")}
    with Visitor(Manners(delay=0.3, private=True)) as visitor:
        visitor.get(publisher.url + "/a")
        visitor.get(publisher.url + "/b")
    times = [at for *_, at in publisher.asked]
    assert all(later - earlier >= 0.2 for earlier, later in pairwise(times))


# robots.txt


def test_robots_are_respected_also_after_a_redirect(publisher, visitor):
    publisher.answers |= {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /private/", "text/plain"),
        "/private/a": page("Okapi."),
        "/open": to("/private/a"),
    }
    for path in ("/private/a", "/open"):
        with pytest.raises(FetchError, match="asks programs not to fetch"):
            visitor.get(publisher.url + path)
    assert "/private/a" not in publisher.paths
    assert b"Okapi." in visitor.get(publisher.url + "/private/a", robots=False).body, "a published API is an invitation"


def test_robots_may_name_us_and_ask_for_a_longer_pause(publisher):
    rules = b"User-agent: chipquote\nDisallow: /a\nCrawl-delay: 1\n\nUser-agent: *\nAllow: /"
    publisher.answers |= {"/robots.txt": Answer(rules, "text/plain"), "/b": page("b"), "/c": page("c")}
    with Visitor(HASTY) as visitor:
        with pytest.raises(FetchError, match="asks programs not"):
            visitor.get(publisher.url + "/a")
        visitor.get(publisher.url + "/b")
        visitor.get(publisher.url + "/c")
    times = [at for path, _, at in publisher.asked if path in ("/b", "/c")]
    assert times[1] - times[0] >= 0.9


@pytest.mark.parametrize(
    ("rules", "open_paths", "closed_paths"),
    [
        pytest.param("\ufeffUser-agent: *\nDisallow: /a", ["/b"], ["/a"], id="a byte order mark"),
        pytest.param("User-agent: *\nDisallow: /*/draft", ["/news/a"], ["/news/draft/a"], id="any characters"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$", ["/a.pdf?x=1"], ["/a.pdf"], id="the end"),
        pytest.param(
            "User-agent: *\nDisallow: /a\n\nUser-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /b",
            ["/c"],
            ["/a", "/b"],
            id="two groups",
        ),
        pytest.param("User-agent: *\nDisallow: /\nAllow: /news/", ["/news/a"], ["/a"], id="the longest match"),
        pytest.param("User-agent: reads\nUser-agent: public\nDisallow: /", ["/a"], [], id="words of our agent"),
        pytest.param("User-agent: CHIPQUOTE\nAllow: /\n\nUser-agent: *\nDisallow: /", ["/a"], [], id="our name"),
    ],
)
def test_robots_are_read_as_their_standard_has_it(publisher, visitor, rules, open_paths, closed_paths):
    """RFC 9309."""
    publisher.answers["/robots.txt"] = Answer(rules.encode(), "text/plain")
    publisher.answers |= {path: page("Okapi.") for path in (*open_paths, *closed_paths)}
    for path in open_paths:
        assert b"Okapi." in visitor.get(publisher.url + path).body
    for path in closed_paths:
        with pytest.raises(FetchError, match="asks programs not to fetch"):
            visitor.get(publisher.url + path)


def test_hostile_robots_are_read_in_time(publisher, visitor):
    path = "/" + "a" * 2000
    publisher.answers |= {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /" + b"*a" * 500 + b"b", "text/plain"),
        path: page("Okapi."),
    }
    began = time.monotonic()
    assert b"Okapi." in visitor.get(publisher.url + path).body
    assert time.monotonic() - began < 5


def test_while_robots_cannot_be_read_the_host_is_left_alone(publisher, visitor):
    publisher.answers |= {"/robots.txt": Answer(status=500), "/a": page("Okapi.")}
    for _ in range(2):
        with pytest.raises(FetchError, match=r"left alone, since its robots\.txt cannot be read"):
            visitor.get(publisher.url + "/a")
    assert [path for path, *_ in publisher.asked] == ["/robots.txt"] * 3


# Addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a",
        "http://localhost:7860/",
        "http://[::1]/a",
        "http://[::ffff:127.0.0.1]/a",
        "http://10.0.0.8/a",
        "http://192.168.1.1/a",
        "http://169.254.169.254/latest/meta-data",
        "http://0.0.0.0/",
        "http://100.64.0.1/",
        "http://[fd00::1]/",
        "http://2130706433/",
        "http://[fec0::1]/",
        "http://[::7f00:1]/",
        "http://[::808:808]/",
        "http://[::ffff:0:7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[2002:a00:8::1]/",
        "http://[2001:0:808:808::80ff:fffe]/",
        "http://[64:ff9b::7f00:1]/",
    ],
)
def test_addresses_of_this_machine_and_its_network_are_refused(url):
    with pytest.raises(FetchError, match="say --private"):
        check_address(url, private=False)
    check_address(url, private=True)


@pytest.mark.parametrize(
    "url", ["ftp://example.org/a", "file:///etc/passwd", "javascript:alert(1)", "http://", "https://a:99999/"]
)
def test_only_web_addresses_are_fetched(url):
    with pytest.raises(FetchError):
        check_address(url, private=True)


@pytest.mark.parametrize("host", ["8.8.8.8", "[2606:4700::1111]", "[2002:808:808::1]", "[64:ff9b::808:808]"])
def test_a_public_address_is_let_through(host):
    check_address(f"https://{host}/a", private=False)


def test_no_request_reaches_a_private_address(publisher):
    with Visitor(Manners()) as visitor, pytest.raises(FetchError, match="--private"):
        visitor.get(publisher.url + "/a")
    assert publisher.asked == []


def test_a_name_that_changed_its_address_since_the_check_is_caught_at_the_connection(publisher, monkeypatch):
    """DNS rebinding: the check sees a public address, the connection leads to this machine."""
    publisher.answers["/a"] = page("secret")
    monkeypatch.setattr("rag.fetch.visit.check_address", lambda *_: None)
    with Visitor(Manners(delay=0)) as visitor, pytest.raises(FetchError, match="--private"):
        visitor.get(publisher.url + "/a")


def test_a_host_that_does_not_answer_is_asked_once_a_run(visitor):
    for _ in range(2):
        with pytest.raises(Unreachable, match="cannot be reached"):
            visitor.get("http://127.0.0.1:9/a")


# Bodies


def kept(body: bytes, kind: str, wanted: str = "") -> str:
    from rag.fetch.visit import Reply

    return check(Reply("https://example.org/a", body, {"content-type": kind}), wanted)


PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.mark.parametrize(
    ("body", "kind", "form"),
    [
        (b"<!DOCTYPE html><p>x</p>", "text/html; charset=utf-8", "html"),
        (b"<p>a fragment</p>", "text/html", "html"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "application/xhtml+xml", "html"),
        (b'<?xml version="1.0"?>\n<RULE/>', "application/xml", "xml"),
        (b'<?xml version="1.0"?>\n<?xml-stylesheet href="b.xsl"?>\n<!DOCTYPE bill>\n<bill/>', "text/xml", "xml"),
        (b'<?xml version="1.0"?>\n<RULE/>', "text/html", "xml"),
        (b'<DIV8 N="744.23"/>', "application/xml", "xml"),
        (PDF, "application/octet-stream", "pdf"),
        (b"Plain words.", "text/plain", "txt"),
        (b"<SEC-DOCUMENT>0001.txt : 2023", "text/plain", "txt"),
    ],
)
def test_the_form_is_known_by_the_first_bytes_and_the_type(body, kind, form):
    assert kept(body, kind) == form
    assert kept(body, kind, form) == form


@pytest.mark.parametrize(
    ("body", "kind", "wanted", "why"),
    [
        (b"<html><title>Sign in</title></html>", "text/html", "pdf", "a web page titled “Sign in” in place of PDF"),
        (b"<html><title>Oops</title></html>", "text/html", "xml", "in place of XML"),
        (b"<html><title>Access Denied</title></html>", "text/html", "html", "titled “Access Denied”, not the document"),
        (b"<html><title>Request Access</title></html>", "text/html", "", "not the document"),
        (b"<html><form><input type=password></form></html>", "text/html", "", "asks for a password"),
        (b'{"error": 1}', "application/json", "html", "JSON in place of HTML"),
        (b"\x89PNG", "image/png", "", "something of the type png, which cannot be read"),
        (b"PK\x03\x04zip", "application/zip", "", "an archive"),
        (b'<?xml version="1.0"?><RULE><P>cut', "application/xml", "xml", "broken or cut off"),
        (PDF[:-7], "application/pdf", "pdf", "without its end"),
        (b"  \n", "text/html", "html", "with nothing"),
    ],
)
def test_what_is_not_the_document_is_refused_with_what_it_is(body, kind, wanted, why):
    with pytest.raises(FetchError, match=why):
        kept(body, kind, wanted)


@pytest.mark.parametrize(
    "hostile",
    [
        "<title>" + " " * 200_000,
        "<title>" * 30_000,
        "<title" * 33_000,
        "<input" * 33_000,
        "<input " + "type = " * 28_000,
    ],
    ids=["an endless title", "titles", "cut titles", "cut inputs", "an input of many types"],
)
def test_hostile_pages_are_looked_at_in_time(hostile):
    began = time.thread_time()
    assert kept(b"<html>" + hostile.encode(), "text/html", "html") == "html"
    assert time.thread_time() - began < 2


@pytest.mark.parametrize(
    "page",
    [
        "<title lang='en'>\n Sign\n in </title>",
        "<title>Sign in to read",
        "<title>Sign in < Ministry</title>",
        "<form><input name=a\n TYPE = 'Password' required></form>",
    ],
)
def test_a_page_that_stands_before_the_document_is_known_however_it_is_written(page):
    with pytest.raises(FetchError, match=r"titled “Sign in|asks for a password"):
        kept(b"<html>" + page.encode(), "text/html")


def test_xml_from_outside_pulls_nothing_in(tmp_path):
    (tmp_path / "secret").write_text("secret")
    bomb = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><r>&x;</r>'
    assert kept(bomb.encode(), "application/xml", "xml") == "xml"
