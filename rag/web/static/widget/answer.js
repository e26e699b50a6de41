// An answer of the API as elements. Neighbouring quotes of one document share a card; positions come under their side.

const TONES = { "in force": "good", standing: "good", proposed: "open", suspended: "open", unknown: "open",
  "not yet in effect": "open", rescinded: "gone", superseded: "gone", ended: "gone" };
const FATES = { ...TONES, "in force": "plain", proposed: "plain" };
const ENDED = ["suspended", "rescinded", "superseded"];

// `answer` needs its quotes only: the rest is told once it has come.
function showAnswer(answer) {
  const { outcome, question, searched = question, notes = [], freshness, as_of: then } = answer;
  const shown = [searched !== question && make("p.aside", 0, fill(words.searched, { q: searched }))];
  const told = notes.map(note => make("p.aside.note", { lang: "en" }, note)), heading = words[outcome];
  // What the sources deny, or which part they do not cover, is said before their words.
  if (outcome === "not_found") shown.push(told, refusal(answer));
  else shown.push(heading ? make("div.outcome", { role: "note" }, make("h4", 0, heading), told) : told);
  const first = {}; // the quote at which each source was told of in full, or that nobody knows what came after a day
  const groups = groupsOf(answer), order = groups.flatMap(group => group.quotes);
  let number = 1, before;
  for (const { side, voice, quotes } of groups) {
    if (side != null && side !== before) shown.push(make("h4.side", 0, capital(sideName(side))));
    if (voice) shown.push(make("h5", 0, voice));
    before = side;
    for (const run of runsOf(quotes)) {
      const { document: id, fate } = run[0], until = fate && fate.lapsed;
      const told = first[id] ||= until && !fate.replaced_by[0] && first[until] || number;
      if (until) first[until] = told;
      shown.push(card(run, { side, number, told, order, then }));
      number += run.length;
    }
  }
  shown.push(freshness && lang === "en" && make("p.aside", 0, freshness));
  return shown.flat().filter(Boolean);
}

// The quotes by who speaks, where positions are asked for, or by part; else all of them together.
function groupsOf({ quotes, groups = [] }) {
  if (!groups.length) return [{ quotes }];
  return groups.map(({ side, speaker, part, quotes: keys }) => ({
    side,
    voice: part || speaker || (groups.some(other => other.side === side && other.speaker) && words.speakerless),
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

function card(run, { side, number, told, order, then }) {
  const [source] = run, { title, published, effective, until, fate, sources } = source;
  const by = source.kind === "record" ? [words.record] : [source.speaker || source.actor, source.publisher];
  const reported = side && source.side && source.side !== side;
  return make("section.card", { "aria-label": title },
    link(".name", placeOf(source), "", title),
    facts([...by, day(published), effective && effective !== published && fill(words.effective, { d: day(effective) }),
      until && fill(words.until, { d: day(until) })], statusOf(source, then)),
    reported && facts([fill(words.reported, { side: sideName(source.side) })]),
    run.map((quote, n) => said(quote, number + n)),
    fate && fate.warns && banner(source, told < number && told, order),
    sources.length > 0 && make("details", 0,
      make("summary", 0, fill(words.facts, { n: sources.length })),
      make("ul", 0, sources.map(one => make("li", 0, link("", one.url, "", one.title || one.url),
        [one.publisher, one.date && day(one.date)].filter(Boolean).map(more => ", " + more))))));
}

// A line of facts with dots between them.
function facts(told, ...more) {
  return make("p.facts", 0, told.filter(Boolean).map(fact => make("span", 0, fact)), more);
}

// How it stands as far as is known or, `then`, how it stood on the day that was asked about.
function statusOf({ status, status_as_of: checked, fate }, then) {
  if (!status) return null;
  const past = then && fate, state = past ? fate.state : status, tone = TONES[state] || "", at = past ? fate.day : checked;
  return make(tone ? "span.held" : "span", 0, make("span.state." + tone, 0, stateName(state)),
    tone && at && " " + fill(past ? words.then : words.asof, { d: day(at) }));
}

function stateName(state) {
  return words.states[state] || capital(state);
}

// The words, with the chip that leads to their place, and what can be done with them.
function said(quote, number) {
  const { document: id, key, start, fragment_url: original } = quote, place = placeOf(quote),
    which = `document=${encodeURIComponent(id)}&start=${start}`;
  const copied = button("", async () => {
    try {
      // Safari lets the clipboard be written at a click only: what is not there yet is promised.
      const told = call(`quotes/${key}/citation?format=chicago&${which}`)
        .then(async reply => new Blob([await reply.blob()], { type: "text/plain" }));
      await (self.ClipboardItem ? navigator.clipboard.write([new ClipboardItem({ "text/plain": told })])
        : navigator.clipboard.writeText(await (await told).text()));
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
      link("", `${server}/quote/${key}?${which}`, "", words.certificate), copied));
}

function cited({ language: lang, text }, ...more) {
  return make("blockquote", { lang }, "“", make("span.said", 0, text), "”", more);
}

// What became of the source, and whose words say so; in brief where that was told `above`, at the quote of this number.
// The server's note is English, so that other readers get the brief words. What is a quote in `order` is named by number.
function banner({ fate, status }, above, order) {
  const brief = inBrief(fate, status), tone = fate.later ? "open" : FATES[fate.state] || "open";
  const by = words.by[status] || words.by.changed, [open, close, end] = words.title_of;
  if (above) return make("p.fate.brief.told." + tone, 0, icon(tone), make("span", 0, brief, fill(words.above, { n: above })));
  const others = fate.replaced_by.map(other => {
    const n = order.findIndex(q => q.document === other.document && q.start < other.end && other.start < q.end) + 1;
    return make("div.by", 0, n ? [by, " ", link("", placeOf(order[n - 1]), "", fill(words.nth, { n }))] :
      [make("p", 0, by, open, link("", placeOf(other), "", other.title), close, day(other.published), end), cited(other)]);
  });
  return make("div.fate." + tone, { role: "note" },
    make("p.told", 0, icon(tone), make("span", 0, lang === "en" ? fate.note : brief)), others);
}

// "Rescinded from 13 May 2025", "In force on 1 March 2025 · later rescinded", "Proposed · followed by another".
function inBrief({ state, since, day: asked, later, lapsed, replaced_by: others }, status) {
  const s = stateName(state), become = words.became;
  if (lapsed) return fill(words.lapsed, { s: stateName(status), d: day(lapsed) });
  if (since && ENDED.includes(state)) return fill(words.from, { s, d: day(since) });
  const more = later ? fill(words.later, { s: become[status] || words.states[status] || status }) : others[0] && become[state];
  return [later ? fill(words.on, { s, d: day(asked) }) : s, more].filter(Boolean).join(" · ");
}

// That nothing answers, and what came near and why it does not answer.
function refusal({ related, lacks }) {
  return make("div.refusal", 0,
    make("h4.told", 0, icon("none"), words.not_found),
    related[0] ? [make("h5", 0, words.related), lacks.map(line => make("p", { lang: "en" }, line))] : make("p", 0, words.none),
    make("ul", 0, runsOf(related).map(([one, ...more]) => make("li", 0, [one, ...more].map(quote => cited(quote)),
      link("", placeOf(one), "", one.title),
      facts([one.kind === "record" ? words.record : one.publisher, day(one.published)], statusOf(one))))));
}

function sideName(side) {
  return words.sides[side] || side;
}

// The page of a quote's document, at the quote.
function placeOf({ document: id, key, start, end }) {
  return `${server}/documents/${encodeURIComponent(id)}?quote=${key}&start=${start}&end=${end}#quote`;
}
