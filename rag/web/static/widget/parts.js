// What the rest is made of: elements, icons, links, days. Text is only ever put in as text, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  quote: "M8.5 5C5.5 6.5 4 9 4 14h4.5v-4H5M16.5 5c-3 1.5-4.5 4-4.5 9h4.5v-4H13",
  send: "M10 16V4M5 9l5-5 5 5",
  stop: "M7 7h6v6H7zM8.5 8.5h3v3h-3zM10 10h.1",
  close: "M5 5l10 10M15 5L5 15",
  restart: "M4 10a6 6 0 1 0 2-4.5L4 7.5M4 3v4.5h4.5",
  away: "M6 14l8-8M7.5 6H14v6.5",
  open: "M10 3a7 7 0 1 0 .1 0M10 6v4l3 2",
  gone: "M10 3a7 7 0 1 0 .1 0M5 15L15 5",
  plain: "M4 7h12l-3-3M16 13H4l3 3",
  none: "M9 3a6 6 0 1 0 .1 0M13.5 13.5L17 17M6.5 9h5",
};

// An element: "div.a.b", attributes (left out where false or null), listeners, and what is inside.
function make(tag, given, ...inside) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(given || {})) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value != null && value !== false) element.setAttribute(key, value);
  }
  element.append(...inside.flat(9).filter(one => one || one === 0));
  return element;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "path"));
  svg.firstChild.setAttribute("d", SHAPES[name]);
  return svg;
}

function button(kind, click, label, ...inside) {
  return make("button" + kind, { type: "button", title: label, "aria-label": label, click }, inside);
}

// A link that opens in a tab of its own. Only an address on the web becomes one; anything else stays text.
function link(kind, address, label, ...inside) {
  if (!/^https?:\/\/[^/]/i.test(address)) return make("span" + kind, 0, inside);
  const given = { href: address, target: "_blank", rel: "noopener noreferrer", "aria-label": label };
  return make("a" + kind, given, inside, !label && make("span.unseen", 0, ` (${words.tab})`));
}

// "{n} quotes" with what the names stand for.
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

// A partial ISO date as people write it; what is no date stays as it is.
function day(iso) {
  const [, year, month, date] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(iso) || [];
  if (!year) return iso || words.undated;
  const shown = { timeZone: "UTC", year: "numeric", month: month && "long", day: date && "numeric" };
  return new Intl.DateTimeFormat(lang === "zh" ? "zh" : "en-GB", shown).format(Date.UTC(year, (month || 1) - 1, date || 1));
}
