// What the modules share: elements, Gradio's fields, and asking.

export const MOST_TURNS = 20; // questions of a conversation that the API takes
const WAIT = 20; // ms between looks, until Gradio has drawn a part

// An element with attributes and children; strings become text, never HTML.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export async function whenReady(selector) {
  let found;
  while (!(found = document.querySelector(selector))) await pause(WAIT);
  return found;
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Gradio listens to what a person does to a field, so that is what it gets to see.
export function fill(selector, value) {
  const field = document.querySelector(selector);
  if (!field || field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export async function ask(question) {
  fill("#question textarea", question);
  await pause(WAIT);
  const send = document.querySelector("#send");
  send.disabled = false; // there are words now
  send.click();
}

// Ask one or more questions afresh, each with its day and side, as a conversation of its own.
export async function open(entries) {
  fill("#wanted textarea", JSON.stringify(entries));
  await pause(WAIT);
  document.querySelector("#open").click();
}

// `/?q=…&as_of=…&side=…` asks at once.
export function openAsked() {
  const asked = entryOf(location.href);
  if (asked.question) open([asked]);
}

// What a permalink asks.
export function entryOf(href) {
  const given = new URL(href, location.href).searchParams;
  return { question: given.get("q") ?? "", as_of: given.get("as_of") ?? "", side: given.get("side") ?? "" };
}

// The answered questions on the page, oldest first, each with the row of its reply; `alone` is a follow-up's question as
// it was searched.
export function turnsOf(chat) {
  const rows = [...chat.querySelectorAll(".bot-row")].filter((row) => row.querySelector(".cq-link"));
  return rows.map((row) => {
    const asked = entryOf(row.querySelector(".cq-link").href);
    let above = row.previousElementSibling;
    while (above && !above.matches(".user-row")) above = above.previousElementSibling;
    return { ...asked, alone: asked.question, question: above?.querySelector(".message-content")?.textContent.trim() || asked.question, row };
  });
}

// Say something for a moment, to eyes and to screen readers.
const said = element("div", { id: "cq-said", role: "status" });
let hush;
export function say(words) {
  if (!said.isConnected) document.body.append(said);
  said.textContent = words;
  clearTimeout(hush);
  hush = setTimeout(() => { said.textContent = ""; }, 2500);
}

// What this tab remembers through a reload; a browser may refuse it. Nothing means: forget.
export function stash(name, value) {
  try {
    if (value) sessionStorage.setItem(`chipquote.${name}`, value);
    else sessionStorage.removeItem(`chipquote.${name}`);
  } catch { /* then a reload begins afresh */ }
}

export function stashed(name) {
  try {
    return sessionStorage.getItem(`chipquote.${name}`) ?? "";
  } catch {
    return "";
  }
}

export async function copy(words, what) {
  try {
    await navigator.clipboard.writeText(words);
    say(`${what} copied`);
  } catch { // no clipboard without HTTPS; the words can still be taken by hand
    window.prompt("Copy this:", words);
  }
}

// A reply to JSON, or null where the server cannot be reached.
export function post(path, body, options = {}) {
  const headers = { "Content-Type": "application/json" };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body), ...options }).catch(() => null);
}

// What the server says went wrong, in its own words.
export async function why(reply) {
  const problem = await reply?.json().catch(() => null);
  return problem?.detail ?? "The server does not answer. Is it still running?";
}
