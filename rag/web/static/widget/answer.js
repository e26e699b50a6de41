// An answer of the API as elements. Neighbouring quotes of one document share a card; positions come under their side.

const TONES = { "in force": "good", proposed: "open", suspended: "open", rescinded: "gone", superseded: "gone" };
const FATES = { ...TONES, ended: "gone", "in force": "plain", proposed: "plain" };
const ENDED = ["suspended", "rescinded", "superseded"];

// `answer` needs its quotes only: the rest is told once it has come.
function showAnswer(answer) {
  const { quotes, outcome, question, searched = question, notes = [], freshness } = answer;
  const shown = [searched !== question && make("p.aside", 0, fill(words.searched, { q: searched }))];
  const told = notes.map(note => make("p.aside.note", { lang: "en" }, note)), heading = words[outcome];
  // What the sources deny, or which part they do not cover, is said before their words.
  if (outcome === "not_found") shown.push(told, refusal(answer));
  else shown.push(heading ? make("div.outcome", { role: "note" }, make("h4", 0, heading), told) : told);
  const first = {}; // the quote at which each source was told of in full
  let number = 1, before;
  for (const { side, voice, quotes } of groupsOf(answer)) {
    if (side != null && side !== before) shown.push(make("h4.side", 0, capital(sideName(side))));
    if (voice) shown.push(make("h5", 0, voice));
    before = side;
    for (const run of runsOf(quotes)) {
      shown.push(card(run, side, number, first[run[0].document] ||= number));
      number += run.length;
    }
  }
  shown.push(freshness && make("p.aside", { lang: "en" }, freshness));
  return shown.flat().filter(Boolean);
}

// The quotes by who speaks, where positions are asked for; else all of them together.
function groupsOf({ quotes, groups = [] }) {
  if (!groups.length) return [{ quotes }];
  return groups.map(({ side, speaker, quotes: keys }) => ({
    side,
    voice: speaker || (groups.some(other => other.side === side && other.speaker) && words.speakerless),
    quotes: keys.map(key => quotes.find(quote => quote.key === key)),
  }));
}

function runsOf(quotes) {
  const runs = [];
  for (const quote of quotes) {
    const last = runs.at(-1);
    if (last && last[0].document === quote.document) last.push(quote);
    else runs.push([quote]);
  }
  return runs;
}

function card(run, side, number, first) {
  const [source] = run, { title, published, effective, until, fate, sources } = source;
  const by = source.kind === "record" ? [words.record] : [source.speaker || source.actor, source.publisher];
  const reported = side && source.side && source.side !== side;
  return make("section.card", { "aria-label": title },
    link(".name", placeOf(source), "", title),
    facts([...by, day(published), effective && effective !== published && fill(words.effective, { d: day(effective) }),
      until && fill(words.until, { d: day(until) })], statusOf(source)),
    reported && facts([fill(words.reported, { side: sideName(source.side) })]),
    run.map((quote, n) => said(quote, number + n)),
    fate && fate.warns && banner(source, first < number && first),
    sources.length > 0 && make("details", 0,
      make("summary", 0, fill(words.facts, { n: sources.length })),
      make("ul", 0, sources.map(one => make("li", 0, link("", one.url, "", one.title || one.url),
        [one.publisher, one.date && day(one.date)].filter(Boolean).map(more => `, ${more}`))))));
}

// A line of facts with dots between them.
function facts(told, ...more) {
  return make("p.facts", 0, told.filter(Boolean).map(fact => make("span", 0, fact)), more);
}

function statusOf({ status, status_as_of: checked }) {
  if (!status) return null;
  const tone = TONES[status] || "", name = words.states[status] || capital(status);
  return make(tone ? "span.held" : "span", 0, make("span.state." + tone, 0, name),
    tone && checked && ` ${fill(words.asof, { d: day(checked) })}`);
}

// The words, with the chip that leads to their place, and what can be done with them.
function said(quote, number) {
  const { document: id, key, start, fragment_url: original } = quote, place = placeOf(quote);
  const certificate = `${server}/quote/${key}?document=${encodeURIComponent(id)}&start=${start}`;
  const copied = button("", async () => {
    try {
      const told = await fetch(`${server}/api/quotes/${key}/citation?format=chicago`);
      if (!told.ok) throw told;
      await navigator.clipboard.writeText(await told.text());
      copied.textContent = words.copied;
    } catch {
      copied.textContent = words.uncopied;
    }
    setTimeout(() => { copied.textContent = words.copy; }, 2500);
  }, null, words.copy);
  return make("div.quote", 0,
    cited(quote, "\u00a0", link(".chip", place, fill(words.number, { n: number }), number)),
    make("p.acts", 0,
      original[0] === "/" ? link("", place, "", words.document) : link("", original, "", words.original, icon("away")),
      link("", certificate, "", words.certificate), copied));
}

function cited({ language: lang, text }, ...more) {
  return make("blockquote", { lang }, "“", make("span.said", 0, text), "”", more);
}

// What became of the source, and whose words say so; in brief where that was told `above`, at the quote of this number.
// The server's note is English, so that other readers get it below the brief words.
function banner({ fate, status }, above) {
  const tone = fate.later ? "open" : FATES[fate.state] || "open", by = words.by[status] || words.by.changed;
  const note = { lang: "en" }, brief = inBrief(fate, status);
  if (above) return make("p.fate.brief.told." + tone, 0, icon(tone), make("span", 0, brief, fill(words.above, { n: above })));
  const others = fate.replaced_by.map(other => make("div.by", 0,
    make("p", 0, by, " “", link("", placeOf(other), "", other.title), "”, ", day(other.published), ":"),
    cited(other)));
  return make("div.fate." + tone, { role: "note" },
    make("p.told", 0, icon(tone), lang === "en" ? make("span", note, fate.note) : brief),
    lang !== "en" && make("p.by", note, fate.note),
    others);
}

// "Rescinded from 13 May 2025", "In force on 1 March 2025 · later rescinded", "Proposed · followed by another".
function inBrief({ state, since, day: asked, later, replaced_by: others }, status) {
  const { states, became } = words, s = states[state] || capital(state);
  if (since && ENDED.includes(state)) return fill(words.from, { s, d: day(since) });
  const more = later ? fill(words.later, { s: became[status] || states[status] || status }) : others[0] && became[state];
  return [later ? fill(words.on, { s, d: day(asked) }) : s, more].filter(Boolean).join(" · ");
}

// That nothing answers, and what came near: quotes and why they do not answer, or else documents by name.
function refusal({ nearest, related, lacks }) {
  const near = related[0] ? related : nearest;
  return make("div.refusal", 0,
    make("h4.told", 0, icon("none"), words.not_found),
    related[0] ? lacks.map(line => make("p", { lang: "en" }, line)) : make("p", 0, words.none),
    near[0] && make("h5", 0, related[0] ? words.related : words.nearest),
    make("ul", 0, near.map(one => make("li", 0, one.text && cited(one),
      link("", one.text ? placeOf(one) : pageOf(one.document), "", one.title),
      facts([one.publisher, day(one.published)], statusOf(one))))));
}

function sideName(side) {
  return words.sides[side] || side;
}

function pageOf(id) {
  return `${server}/documents/${encodeURIComponent(id)}`;
}

// The page of a quote's document, at the quote.
function placeOf({ document: id, key, start, end }) {
  return `${pageOf(id)}?quote=${key}&start=${start}&end=${end}#quote`;
}
