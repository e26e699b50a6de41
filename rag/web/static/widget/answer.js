// An answer of the API as elements. Neighbouring quotes of one document share a card; positions come under their side.

const TONES = { "in force": "good", proposed: "open", suspended: "open", rescinded: "gone", superseded: "gone" };
const FATES = { rescinded: "gone", superseded: "gone", ended: "gone", "in force": "plain", proposed: "plain" };

// `answer` needs its quotes only: the rest is told once it has come.
function showAnswer(answer) {
  const { quotes, outcome, question, searched = question, notes = [], freshness } = answer;
  const shown = [searched !== question && make("p.aside", 0, fill(words.searched, { q: searched }))];
  shown.push(notes.map(note => make("p.aside.note", { lang: "en" }, note)));
  if (outcome === "not_found") shown.push(refusal(answer));
  else if (words[outcome]) shown.push(make("p.heading", 0, words[outcome]));
  const told = new Set();
  let number = 1, before;
  for (const { side, voice, quotes } of groupsOf(answer)) {
    if (side != null && side !== before) shown.push(make("h3", 0, sideName(side)));
    if (voice) shown.push(make("h4", 0, voice));
    before = side;
    for (const run of runsOf(quotes)) {
      const [{ document: source }] = run;
      shown.push(card(run, side, number, told.has(source)));
      told.add(source);
      number += run.length;
    }
  }
  return [...shown.flat().filter(Boolean), ...(freshness ? [make("p.aside", { lang: "en" }, freshness)] : [])];
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

function card(run, side, number, again) {
  const [source] = run, { title, speaker, actor, publisher, published, effective, until, fate, sources } = source;
  const facts = [source.kind === "record" ? words.record : [speaker || actor, publisher], day(published),
    effective && effective !== published && fill(words.effective, { d: day(effective) }), until && fill(words.until, { d: day(until) })];
  return make("section.card", { "aria-label": title },
    link(".name", placeOf(source), "", title),
    make("p.facts", 0, facts.flat().filter(Boolean).map(fact => make("span", 0, fact)), statusOf(source)),
    side && source.side && source.side !== side && make("p.facts", 0, fill(words.reported, { side: sideName(source.side) })),
    fate && fate.warns && banner(source, again),
    run.map((quote, n) => said(quote, number + n)),
    sources.length > 0 && make("details", 0, make("summary", 0, fill(words.facts, { n: sources.length })), make("ul", 0, sources.map(one =>
      make("li", 0, link("", one.url, "", one.title || one.url), one.publisher && `, ${one.publisher}`, one.date && `, ${day(one.date)}`)))));
}

function statusOf({ status, status_as_of: checked }) {
  if (!status) return null;
  const tone = TONES[status] || "";
  return make(tone ? "span.held" : "span", 0, make("span.state." + tone, 0, words.states[status] || status[0].toUpperCase() + status.slice(1)),
    tone && checked && ` ${fill(words.asof, { d: day(checked) })}`);
}

// The words, with the chip that leads to their place, and what can be done with them.
function said(quote, number) {
  const { fragment_url: original, key } = quote, certificate = `${server}/quote/${key}?document=${encodeURIComponent(quote.document)}&start=${quote.start}`;
  const copied = button("", async () => {
    const source = [quote.speaker || quote.actor, quote.title, quote.publisher, day(quote.published)].filter(Boolean);
    const cited = `“${quote.text}” (${source.join(", ")}) ${server}/quote/${key}`;
    try {
      await navigator.clipboard.writeText(cited);
      copied.textContent = words.copied;
    } catch {
      copied.textContent = words.uncopied;
    }
    setTimeout(() => { copied.textContent = words.copy; }, 2500);
  }, null, words.copy);
  return make("div.quote", 0,
    make("blockquote", { lang: quote.language }, "“", make("span.said", 0, quote.text), "”\u00a0", link(".chip", placeOf(quote), fill(words.number, { n: number }), number)),
    make("p.acts", 0,
      original[0] === "/" ? link("", placeOf(quote), "", words.document) : link("", original, "", words.original, icon("away")),
      link("", certificate, "", words.certificate), copied));
}

// What became of the source, and whose words say so: these only once in an answer.
function banner({ fate, status }, again) {
  const tone = fate.later ? "open" : FATES[fate.state] || "open", by = words.by[status] || words.by.changed;
  const others = again ? [] : fate.replaced_by.map(other => make("div.by", 0,
    make("p", 0, by, " “", link("", placeOf(other), "", other.title), "”, ", day(other.published), ":"),
    make("blockquote", { lang: other.language }, "“", make("span.said", 0, other.text), "”")));
  return make("div.fate." + tone, { role: "note" }, make("p.told", 0, icon(tone), make("span", { lang: "en" }, fate.note)),
    others.length > 1 ? make("details", 0, make("summary", 0, `${by} (${others.length})`), others) : others);
}

function refusal({ nearest }) {
  return make("section.refusal", { "aria-label": words.not_found }, make("p.told", 0, icon("none"), make("strong", 0, words.not_found)),
    make("p", 0, words.none), nearest.length > 0 && make("p.heading", 0, words.nearest),
    make("ul", 0, nearest.map(({ document: id, title, publisher, published }) => make("li", 0, link("", `${server}/documents/${encodeURIComponent(id)}`, "", title),
      make("p.facts", 0, publisher && make("span", 0, publisher), make("span", 0, day(published)))))));
}

function sideName(side) {
  return words.sides[side] || side;
}

// The page of a quote's document, at the quote.
function placeOf({ document: id, key, start, end }) {
  return `${server}/documents/${encodeURIComponent(id)}?quote=${key}&start=${start}&end=${end}#quote`;
}
