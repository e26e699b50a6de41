// The conversations of this browser: kept in localStorage, listed, opened again, cleared. Nothing is sent anywhere.
// A conversation is its questions; opened again they are asked again, so that no stored answer can be out of date.
import { menu } from "./menu.js";
import { element, open, say, turnsOf } from "./page.js";

const KEY = "chipquote.history";
const MOST = 50;
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
    current = null;
    draw(list, empty, clear);
    say("History cleared");
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("li");
    if (event.target.closest(".cq-forget")) forget(row, list, empty, clear);
    else if (event.target.closest(".cq-again")) again(row, box);
  });
  return { keep: () => keep(chat) };
}

let current = null; // the id of the conversation on the page
let seen = "";

function keep(chat) {
  const turns = turnsOf(chat).map(({ question, as_of, side }) => ({ question, as_of, side }));
  if (!turns.length) {
    if (!chat.querySelector(".user-row")) { current = null; seen = ""; }
    return;
  }
  const now = JSON.stringify(turns);
  if (now === seen) return;
  seen = now;
  current ??= Date.now();
  write([{ id: current, at: Date.now(), turns }, ...read().filter((kept) => kept.id !== current)].slice(0, MOST));
}

function again(row, box) {
  const kept = read().find((one) => String(one.id) === row.dataset.id);
  box.hidePopover();
  if (!kept) return;
  current = kept.id;
  seen = "";
  open(kept.turns);
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
