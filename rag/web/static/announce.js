// What a screen reader says of a reply by itself: how far it is, then what it came to. Gradio's log would say every piece
// as it is drawn, buttons and timeline among them and out of order; all of that is still there to be read.
import { element } from "./page.js";

const QUIET = 300; // ms without a change, so that what is drawn in steps is said once

const heard = element("div", { id: "cq-heard", class: "cq-hidden", role: "status" });
let soon;

export function announce(chat) {
  if (!heard.isConnected) document.body.append(heard);
  for (const log of chat.querySelectorAll("[aria-live]:not([aria-live='off'])")) log.setAttribute("aria-live", "off");
  clearTimeout(soon);
  soon = setTimeout(() => {
    const row = [...chat.querySelectorAll(".bot-row")].at(-1);
    const words = row ? spoken(row) : "";
    if (words !== heard.textContent) heard.textContent = words;
  }, QUIET);
}

// A stage and a notice as they stand; of an answer what it says before its quotes, how many there are, and the first.
function spoken(row) {
  const answer = row.querySelector(".cq-answer");
  if (!answer) return plain(row);
  const before = [...answer.querySelectorAll(":scope > .cq-outcome, :scope > .cq-note, .cq-refused > :is(h3, p)")].map(plain);
  const quotes = answer.querySelectorAll(".cq-said, .cq-near blockquote");
  if (!quotes.length) return before.join(" ");
  const first = quotes[0].closest(".cq-quote, .cq-near");
  const parts = [".cq-words, blockquote", ".cq-ours", ".cq-title, .cq-near > a", ".cq-date, .cq-facts > span", ".cq-status"];
  const count = `${quotes.length} ${quotes.length > 1 ? "quotes" : "quote"}.`;
  return [...before, count, parts.map((part) => plain(first.querySelector(part))).filter(Boolean).join(", ")].join(" ");
}

const plain = (part) => part?.textContent.replace(/\s+/g, " ").trim() ?? "";
