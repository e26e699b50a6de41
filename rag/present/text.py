"""Answers as plain text for a terminal."""

from __future__ import annotations

from rag.datatypes import Answer, Fate, Outcome, Quote
from rag.present.order import placed
from rag.present.standing import in_brief, told_at
from rag.rules.turns import said_by

REFUSALS = {
    True: "This is related, and does not answer:",
    False: "Nothing here is about this.",
}  # what a refusal says, by whether something is near
HEADINGS = {
    Outcome.PARTIAL: "The sources answer a part of this",
    Outcome.PREMISE_CONTRADICTED: "The sources say otherwise",
}  # above the quotes of an outcome that needs words


def answer_text(answer: Answer) -> str:
    """The answer for a terminal."""
    lines: list[str] = []
    if answer.searched != answer.question:
        lines.append(f"Searched: {answer.searched}")
    lines += answer.notes
    if answer.outcome is Outcome.NOT_FOUND:
        lines.append(f"Not in these sources ({answer.coverage}). {REFUSALS[answer.near]}")
        for quote in answer.related if answer.near else ():
            lines += [f"  “{quote.text}”", f"      {cite(quote)}, key {quote.key}"]
        lines += answer.lacks
        lines += ["Nearest documents:"] if answer.nearest else []
        lines += [f"  - {d.source.title} ({d.source.published or 'no date'}) {d.source.url}" for d in answer.nearest]
        return "\n".join(lines)
    if heading := HEADINGS.get(answer.outcome):
        lines.append(f"{heading}:")
    order = placed(answer)
    for number, (at, told) in enumerate(zip(order, told_at([at.quote for at in order]), strict=True), 1):
        lines += [heading for heading in (at.side and at.side.upper(), at.speaker and f"{at.speaker}:") if heading]
        lines += [f"    reported in a source filed under {at.reported_in}"] if at.reported_in else []
        quote, source = at.quote, at.quote.document.source
        origin = source.references[0] if source.references else None
        link = f"fact from {origin.publisher}, {origin.date}: {origin.url}" if origin else source.url
        lines += [f"[{number}] “{quote.text}”", f"    {cite(quote)}", f"    {link}", f"    key {quote.key}"]
        if quote.fate and quote.fate.warns:
            brief = f"{in_brief(quote.fate, source)} (see [{told}])"
            lines += _fate_lines(quote.fate) if told == number else [f"    ! {brief}"]
        lines.append("")
    return "\n".join([*lines, answer.freshness])


def _fate_lines(fate: Fate) -> list[str]:
    """What became of a source, and whose words say so."""
    lines = [f"    ! {fate.note}"]
    for quote in fate.replaced_by:
        lines += [f"      “{quote.text}”", f"      {cite(quote)}, key {quote.key}"]
    return lines


def cite(quote: Quote) -> str:
    """Whose words these are, from what and when, and what became of it: one line.

    The words of a record are ours, whoever it is about; only a document's own words are put in its speaker's mouth.
    """
    s = quote.document.source
    dated = s.published or "no date"
    if s.kind == "record":
        line = f"ChipQuote record “{s.title}”, {dated}"
    else:
        line = ", ".join(dict.fromkeys(p for p in (said_by(quote) or s.actor, s.title, s.publisher, dated) if p))
    if s.status and s.status not in ("event", "statement"):
        line += f" [{s.status}" + (f", as of {s.status_as_of}" if s.status_as_of else "") + "]"
    return line


def explain_text(answer: Answer) -> str:
    """The same for a terminal, with the words of what was held back."""
    enough = answer.support >= answer.needed
    lines = [
        f"Why: support {answer.support:.2f}, {'at least' if enough else 'below'} the {answer.needed:.2f} that an "
        f"answer needs; {len(answer.evidence)} passages read."
    ]
    for number, quote in enumerate(answer.quotes or answer.related, 1):
        found = quote.evidence.found_by if quote.evidence else {}
        ranks = ", ".join(f"{search} #{rank}" for search, rank in found.items())
        lines.append(f"  {f'[{number}]' if answer.quotes else 'held back'} score {quote.score:.2f}; found by {ranks}")
        lines += [] if answer.quotes else [f"      “{quote.text}”"]
        lines.append("      " + "; ".join(f"{name} {value:.2f}" for name, value in quote.features.items()))
    return "\n".join(lines)
