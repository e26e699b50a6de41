// The conversations of this browser: kept in localStorage, listed, opened again, cleared. Nothing is sent anywhere.
// A conversation is its questions; opened again they are asked again, so that no stored answer can be out of date.
import { menu } from "./menu.js";
import { element, open, say, stash, stashed, turnsOf, whenReady } from "./page.js";

const KEY = "chipquote.history";
const MOST = 50;
const MOST_SHOWN = 200; // questions of a conversation that is opened again; the server asks the last of them
const WHEN = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

export function addHistory(chat) {
  const list = element("ol", {});
  const empty = element("p", { class: "cq-none" }, "No questions yet.");
  const clear = element("button", { type: "button", class: "cq-button" }, "Clear history");
  const note = element("p", { class: "cq-small" }, "Kept in this browser only. Opened again, the questions are asked again.");
  const box = menu("history", "History", "cq-clock", list, empty, note, clear);
  box.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open") draw(list, empty, clear);
  });
  clear.addEventListener("click", () => {
    write([]);
    become(null);
    draw(list, empty, clear);
    say("History cleared");
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("li");
    if (event.target.closest(".cq-forget")) forget(row, list, empty, clear);
    else if (event.target.closest(".cq-again")) {
      box.hidePopover();
      again(chat, row.dataset.id);
    }
  });
  offer(chat, stashed("current"));
  return { keep: () => keep(chat) };
}

let current = null; // the id of the conversation on the page
let opening = null; // the one that was asked for and has not come yet
let seen = "";

function become(id) {
  current = id;
  opening = null;
  stash("current", id && String(id));
}

function keep(chat) {
  const first = chat.querySelector(".user-row")?.textContent.trim();
  if (opening && !opening.before?.isConnected && first === opening.first) become(opening.id);
  if (!first && current) { become(null); seen = ""; } // "New"
  const turns = turnsOf(chat).map(({ question, as_of, side }) => ({ question, as_of, side }));
  const now = JSON.stringify(turns);
  if (!turns.length || now === seen) return;
  if (!current) become(Date.now());
  seen = now;
  const kept = read();
  const stored = kept.find((one) => one.id === current)?.turns ?? [];
  const entry = { id: current, at: Date.now(), turns: joined(stored, turns) };
  write([entry, ...kept.filter((one) => one.id !== current)].slice(0, MOST));
}

// What is stored and what is new on the page. A conversation that is opened again comes question by question, and may be
// stopped: what is stored of it is never shortened.
function joined(stored, shown) {
  const all = [...stored];
  let at = 0;
  for (const turn of shown) {
    const found = all.findIndex((one, n) => n >= at && same(one, turn));
    if (found < 0) all.push(turn);
    at = found < 0 ? all.length : found + 1;
  }
  return all;
}

const same = (one, other) => ["question", "as_of", "side"].every((name) => (one[name] ?? "") === other[name]);

function again(chat, id) {
  const kept = read().find((one) => String(one.id) === id);
  if (!kept) return;
  const turns = kept.turns.slice(-MOST_SHOWN);
  const before = chat.querySelector(".bot-row :is(.cq-answer, .cq-notice, .cq-stage)");
  opening = { id: kept.id, first: turns[0].question, before };
  open(turns);
}

// After a reload the first screen leads back to where this tab was; a link that asks by itself goes first.
async function offer(chat, id) {
  if (new URLSearchParams(location.search).has("q") || !read().some((one) => String(one.id) === id)) return;
  const button = element("button", { type: "button", class: "cq-example" }, "Continue the last conversation");
  button.addEventListener("click", () => again(chat, id));
  (await whenReady(".cq-coverage")).after(button);
}

function forget(row, list, empty, clear) {
  write(read().filter((one) => String(one.id) !== row.dataset.id));
  draw(list, empty, clear);
  (list.querySelector("button") ?? document.querySelector(".cq-clock")).focus();
}

function draw(list, empty, clear) {
  const kept = read();
  list.replaceChildren(...kept.map((one) => {
    const first = one.turns[0]?.question ?? "";
    const more = one.turns.length > 1 ? `, ${one.turns.length} questions` : "";
    const item = element("li", {},
      element("button", { type: "button", class: "cq-again" },
        element("span", {}, first), element("small", {}, WHEN.format(new Date(one.at)) + more)),
      element("button", { type: "button", class: "cq-forget", "aria-label": `Forget: ${first}` }));
    item.dataset.id = one.id;
    return item;
  }));
  empty.hidden = kept.length > 0;
  clear.hidden = kept.length === 0;
}

// A browser may refuse its storage, and what lies there may be anybody's.
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => Array.isArray(one?.turns) && one.turns.length) : [];
  } catch {
    return [];
  }
}

function write(kept) {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    say("This browser does not let the history be kept");
  }
}
