"""What the words of a document plainly say of itself: its title, publisher, day, language, citation.

Only what stands there: a label with its value, a line that is nothing but a date, a bill's own formula, the body that
signs at the end. Nothing is taken from names of files or from dates inside sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from rag.load.blocks import Block
from rag.load.days import only_day, real

_OPENING, _CLOSING = 14, 3  # blocks looked at
_LONGEST_ENTRY = 500  # characters in the title of an entry of a list; such titles run on
_MANY = 2  # days that stand alone near the top
_LABEL = re.compile(r"[【\[]?\s*([^:：】\]|]{2,24}?)\s*(?:[】\]]|[:：]\s*\|?)\s*(.+)")
_LABELS = {
    "title": "title|标题",
    "published": "publication date|date of publication|published|date published|release date|date issued|issued|date|"
    "发布日期|发布时间|发文日期|公布日期|成文日期",
    "publisher": "publisher|published by|issued by|issuing body|agency|发布机构|发文机关|发文单位|来源",
    "citation": "report no.|document number|document no.|citation|发布文号|文号|发文字号",
    "url": "source|url|source url",
    "effective": "effective date|实施日期|施行日期",
}
_NAMES = {label: name for name, labels in _LABELS.items() for label in labels.split("|")}
_ONLY_DATED = re.compile(
    r"(?:(?:updated|published|issued|released|dated|posted)(?: on)?:?\s+)?(.{6,20}?)(?:\s*\([^()]{1,40}\))?", re.I
)
_SAID_ALONE = re.compile(
    r"(?:^|[|·;]|^Federal Register document [\w-]+,|\beCFR(?= issue))\s*"
    r"(?:published|issue date|issued|posted)(?: on)?:?\s+"
    r"(\d{4}(?:-\d\d){0,2}|\w{3,9}\.? \d{1,2}, \d{4})\s*\.?\s*(?:\([^()]{1,40}\)\s*)?(?=[|·;]|$)",
    re.I,
)
_REGISTER = re.compile(r"Federal Register document ([\w-]+)")
ADDRESS = re.compile(r"https?://\S+")
_SHORT_TITLE = re.compile(
    r"\b(?:Act|Order|(?:sub)?title|division|chapter|part|section) may be cited as (?:the )?[“\"]([^”\"]{4,160})[”\"]"
)
_CONGRESS = re.compile(
    r"IN THE (?:HOUSE OF REPRESENTATIVES|SENATE OF THE UNITED STATES)|Be it enacted by the Senate and House", re.I
)
_CHINESE_BODY = re.compile(r"[\u4e00-\u9fff]{0,20}(?:部|总局|局|委|委员会|署|办公室|国务院|全国人大常委会)")
_NUMBERED = re.compile(r"([\u4e00-\u9fff、 ]{2,30}?)(?:公告|令|通告)\s*\d{4}年第\d+号")


def stated(blocks: list[Block]) -> dict[str, str]:
    """Whatever of title, publisher, published, citation, url, effective and language the blocks state."""
    opening, closing = blocks[:_OPENING], blocks[-_CLOSING:]
    found = _signed(closing) | _formulas(opening)
    lines = [_dated(block.text) for block in opening]
    if len({line["published"] for line in lines if "published" in line}) > _MANY:  # a list of dated things
        lines = [{name: value for name, value in line.items() if name != "published"} for line in lines]
    for said in (*reversed(lines), *(_labelled(block.text) for block in reversed(opening))):  # the first one counts
        found |= said
    language = language_of(block.text for block in blocks)
    return found | ({"language": language} if language else {})


def title_of(blocks: list[Block], stem: str) -> tuple[str, bool]:
    """(title, True when the document gives it): its first heading or title-like line, else how its text begins."""
    first = next((b for b in blocks if not only_day(b.text) and not _labelled(b.text)), None)
    heading = next((b.text for b in blocks if b.heading and not only_day(b.text)), "")
    if first is not None and not first.heading and _names_it(first.text):
        return first.text.rstrip("."), True
    if heading:
        return heading, True
    if first is None:
        return stem, False
    short = first.text if len(first.text) <= 80 else first.text[:80].rsplit(" ", 1)[0].rstrip(",;，；、") + "…"
    return short, False


def _names_it(line: str) -> bool:
    """True for a line that reads as a title: some words, short, and no sentence; or a numbered entry of a list."""
    if re.match(r"(?:ECCN|SEC\.|SECTION|§|PART|Part|Supplement No\.) ?\w+", line):
        return len(line) <= _LONGEST_ENTRY
    if re.match(r"[\[(（【]", line):
        return False
    words = len(line.split()) if not re.search(r"[\u4e00-\u9fff]", line) else len(line) // 4
    return words >= 2 and len(line) <= 300 and not re.search(r"[.;:,?!。；：，？！]$", line) and "。" not in line


def _labelled(line: str) -> dict[str, str]:
    """`Publication Date: 04/23/2026`, `【发文日期】2025年02月04日`."""
    match = _LABEL.fullmatch(line.strip())
    name = _NAMES.get(" ".join(match[1].lower().split())) if match else None
    if match is None or name is None:
        return {}
    value = match[2].strip()
    if name in ("published", "effective"):
        return {name: day} if (day := only_day(value)) else {}
    if name == "url":
        return {"url": value} if ADDRESS.fullmatch(value) else {}
    numbered = _NUMBERED.match(value) if name == "citation" else None
    return {name: value} | ({"publisher": numbered[1]} if numbered else {})


def _dated(line: str) -> dict[str, str]:
    """A line that is a date and no more, or an address and no more, or says outside a sentence when it came out."""
    found: dict[str, str] = {}
    if len(line) > 150:
        return found
    match = _ONLY_DATED.fullmatch(line.strip())
    if match and (day := only_day(match[1])):
        found["published"] = day
    else:
        found["published"] = next(
            (day for said in _SAID_ALONE.finditer(line) if (day := real(only_day(said[1]) or said[1]))), ""
        )
    if register := _REGISTER.match(line):
        found |= {"publisher": "Federal Register", "citation": f"FR Doc. {register[1]}"}
    elif "eCFR issue date" in line:
        found["publisher"] = _SITES["ecfr.gov"]
    elif publisher := publisher_of(line):
        found["publisher"] = publisher
    return {name: value for name, value in found.items() if value}


def _formulas(opening: Iterable[Block]) -> dict[str, str]:
    found: dict[str, str] = {}
    head = "\n".join(block.text for block in opening)
    if long := re.search(r"^A BILL\n(.+)", head, re.M):
        found["title"] = long[1]
    if short := _SHORT_TITLE.search(head):
        found["title"] = short[1]
    if _CONGRESS.search(head):
        found["publisher"] = "United States Congress"
    return found


def _signed(closing: list[Block]) -> dict[str, str]:
    """The bodies, and the day below them, that end a Chinese notice."""
    bodies = [b.text for b in closing if all(map(_CHINESE_BODY.fullmatch, b.text.split()))]
    days = [day for b in closing if "年" in b.text and (day := only_day(b.text))]
    signed = {"publisher": " ".join(" ".join(bodies).split())} if bodies else {}
    return signed | ({"published": days[-1]} if days else {})


# Official sites, whose address says who publishes there.
_SITES = {
    "whitehouse.gov": "The White House",
    "bidenwhitehouse.archives.gov": "The White House",
    "trumpwhitehouse.archives.gov": "The White House",
    "federalregister.gov": "Federal Register",
    "ecfr.gov": "Electronic Code of Federal Regulations",
    "congress.gov": "United States Congress",
    "crsreports.congress.gov": "Congressional Research Service",
    "bis.gov": "Bureau of Industry and Security",
    "bis.doc.gov": "Bureau of Industry and Security",
    "commerce.gov": "Department of Commerce",
    "gao.gov": "Government Accountability Office",
    "mofcom.gov.cn": "中华人民共和国商务部",
    "www.gov.cn": "中华人民共和国中央人民政府",
}


def publisher_of(line: str) -> str:
    """Who publishes at the official address that a line begins with, "" for any line that says more than that."""
    address, *more = line.split()[:4] or [""]
    if not address.startswith(("https://", "http://")) or len(more) > 2:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host = parts.hostname or ""
    if host.endswith("congress.gov") and parts.path.startswith("/crs"):
        return _SITES["crsreports.congress.gov"]
    while host and host not in _SITES:
        host = host.partition(".")[2]
    return _SITES.get(host, "")


_ENGLISH = re.compile(r"\b(?:the|of|and|to|in|for|is|that|by|with|or|be|on|as|not|from|this|are|an?)\b", re.I)


def language_of(texts: Iterable[str]) -> str:
    """`zh`, `ja`, `ko` by script, `en` by its commonest words, "" for anything else."""
    sample = " ".join(texts)[:20_000]
    letters = sum(map(str.isalpha, sample)) or 1
    for code, script in (("ja", "\u3040-\u30ff"), ("ko", "\uac00-\ud7af"), ("zh", "\u4e00-\u9fff")):
        if len(re.findall(f"[{script}]", sample)) > (0.1 if code == "ja" else 0.25) * letters:
            return code
    latin = re.findall(r"[A-Za-zÀ-ÿ]+", sample)
    common = len(_ENGLISH.findall(sample))
    return "en" if latin and common >= 0.12 * len(latin) else ""
