"""A quote with its citation, for a paper or a page: Markdown, Chicago (notes), Bluebook, BibTeX.

What the source does not say is left out, never filled in. A record is cited as ChipQuote's summary, with the sources
that it rests on. Rules: Chicago Manual of Style 14.205 ff. for what stands on the web; Bluebook 14.2 for the Federal
Register and 18.2 for the web, where brackets hold the address of a lasting copy. The words stay as they are, with
their own quotation marks. Left out: page numbers, which are not known here, and the day of a visit, which is yours.
"""

from __future__ import annotations

from collections.abc import Callable

from rag.datatypes import Quote
from rag.dates import in_words
from rag.present.escape import bibtex_text, bibtex_url, markdown_text, markdown_url
from rag.present.links import fragment_url
from rag.present.work import Work, abbreviated, american, date_parts, web, work_of

_BIBTEX_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def citation(quote: Quote, form: str, site: str = "") -> str:
    """The words of a quote and where they are from, in one of `FORMATS`.

    `site` is the address of a ChipQuote server, https://host, where the permalink leads; without it the key stands.
    """
    return FORMATS[form](quote, work_of(quote), f"{site.rstrip('/')}/quote/{quote.key}" if site else "")


def citations(quote: Quote, site: str = "") -> dict[str, str]:
    """The citation in every format, by its name."""
    return {form: citation(quote, form, site) for form in FORMATS}


def chicago(quote: Quote, work: Work, permalink: str) -> str:
    """The words, then a note as the Chicago Manual of Style has it."""
    dated, standing = american(work.date), _standing(work, american)
    seen = f"quoted at {permalink}" if permalink else f"ChipQuote quote {quote.key}"
    if work.ours:
        rests = "; ".join(_titled(r.title, r.publisher, american(r.date), web(r.url)) for r in work.references)
        about = f"ChipQuote’s summary{_of_an_event(work, american)}{standing}"
        note = _titled(work.title, about, seen, rests and f"based on {rests}")
    elif work.register:
        place = f"{work.register}{_round(dated)}{standing}"
        note = _listed(work.author or work.publisher, _titled(work.title, place, work.url, seen))
    else:
        place = f"{_listed(work.citation, work.publisher, dated)}{standing}".strip()
        note = _listed(work.author, _titled(work.title, place, work.url, seen))
    return f"“{quote.text}”\n\n{_sentence(note)}"


def bluebook(quote: Quote, work: Work, permalink: str) -> str:
    """The words, then a citation by the Bluebook. Plain text has no italics: set the title so."""
    dated, standing = abbreviated(work.date), _standing(work, abbreviated)
    seen = permalink or f"ChipQuote quote {quote.key}"
    if work.ours:
        rests = "; ".join(
            f"{_listed(r.title, r.publisher)}{_round(abbreviated(r.date))}{_after(web(r.url))}" for r in work.references
        )
        summary = f"ChipQuote, {work.title} (summary{_of_an_event(work, abbreviated)}){standing}"
        line = f"{_listed(summary, seen)}{_round(rests and f'based on {rests}')}"
    else:
        named = (work.title, work.register) if work.register else (work.author, work.title, work.code, work.publisher)
        line = f"{_listed(*named)}{_round(dated)}{standing}{_after(work.url)} [{seen}]"
    return f"“{quote.text}”\n\n{_sentence(line)}"


def markdown(quote: Quote, work: Work, permalink: str) -> str:
    """A block quote; the title leads to the exact words, the key to the certificate."""
    text = markdown_text
    if work.ours:
        rests = "; ".join(
            _listed(_link(text(r.title), web(r.url)), text(r.publisher), in_words(r.date)) for r in work.references
        )
        summary = f"ChipQuote’s summary “{text(work.title)}”{_of_an_event(work, in_words)}"
        line = _listed(f"{summary}{_standing(work, in_words)}", rests and f"based on {rests}")
    else:
        title = _link(text(work.title), work.url and fragment_url(quote))
        line = _listed(text(work.author), title, text(work.citation), text(work.publisher), in_words(work.date))
        line += _standing(work, in_words)
    words = "\n>\n".join(f"> {text(block)}" for block in quote.text.split("\n") if block.strip())
    return f"{words}\n>\n> — {' · '.join(filter(None, [line, _link(f'quote {quote.key}', permalink)]))}"


def bibtex(quote: Quote, work: Work, permalink: str) -> str:
    """An entry for BibTeX and biblatex; names in double braces are taken whole, `annote` holds the words."""
    t = bibtex_text
    standing, key = _standing(work, in_words).strip(" ()"), f"ChipQuote quote {quote.key}"
    fields = {"author": work.author and f"{{{{{t(work.author)}}}}}", "title": f"{{{{{t(work.title)}}}}}"}
    if work.ours:  # its date is that of what it tells of, and no date of publication
        rests = "; ".join(_listed(r.title, r.publisher, in_words(r.date), web(r.url)) for r in work.references)
        about = f"ChipQuote’s summary{_of_an_event(work, in_words)}{rests and f', based on {rests}'}"
        fields |= {
            "url": bibtex_url(permalink),
            "note": f"{{{t('; '.join(filter(None, [about, standing and f'status: {standing}', key])))}}}",
        }
    else:
        year, month, day = date_parts(work.date)
        fields |= {
            "howpublished": f"{{{t(_listed(work.register or work.citation, work.publisher))}}}",
            "year": f"{{{year or ''}}}",
            "month": _BIBTEX_MONTHS[month - 1] if month else "",
            "day": f"{{{day or ''}}}",
            "url": bibtex_url(work.url),
            "note": f"{{{t('; '.join(filter(None, [standing and f'status: {standing}', permalink or key])))}}}",
        }
    fields["annote"] = f"{{{t(f'“{quote.text}”')}}}"
    lines = [f"  {name} = {value},\n" for name, value in fields.items() if value.strip("{}")]
    return f"@misc{{chipquote-{quote.key},\n{''.join(lines)}}}"


FORMATS: dict[str, Callable[[Quote, Work, str], str]] = {
    "markdown": markdown,
    "chicago": chicago,
    "bluebook": bluebook,
    "bibtex": bibtex,
}


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _titled(title: str, *rest: str) -> str:
    """A title in quotation marks, the comma inside as Americans set it; its own marks become single ones."""
    if not title:
        return _listed(*rest)
    title = title.replace("“", "‘").replace("”", "’")
    return f"“{title},” {_listed(*rest)}" if any(rest) else f"“{title}”"


def _round(text: str) -> str:
    return f" ({text})" if text else ""


def _after(text: str) -> str:
    return f", {text}" if text else ""


def _sentence(text: str) -> str:
    return text if text.endswith((".", ".”", ".)")) else f"{text}."


def _standing(work: Work, in_form: Callable[[str], str]) -> str:
    return _round(work.standing and work.standing + (work.standing_day and f" as of {in_form(work.standing_day)}"))


def _of_an_event(work: Work, in_form: Callable[[str], str]) -> str:
    """What the date of a record is: it was written later. When it was checked, unless its standing tells."""
    event = f" of an event of {in_form(work.date)}" if work.date else ""
    return event + (f", checked {in_form(work.checked)}" if work.checked and not work.standing_day else "")


def _link(label: str, url: str) -> str:
    return f"[{label}]({markdown_url(url)})" if url else label
