// Keeps the top of a reply in view, names the page by its question, and mends what Gradio tells screen readers.
import { shut } from "./panel.js";

const IN_PLACE = "a[href^='/']:not([href^='/quote/'])[target], .cq-answer a[href^='#'][target]";
let shown = 0;

export function follow(chat) {
  // Gradio labels a message with its source code, which would be read out instead of the message.
  for (const message of chat.querySelectorAll("[data-testid='user'][aria-label], [data-testid='bot'][aria-label]")) {
    message.removeAttribute("aria-label");
  }
  for (const chip of chat.querySelectorAll(".cq-chip:not([aria-label])")) {
    chip.setAttribute("aria-label", chip.textContent); // its hidden words run together when they are read from the page
  }
  // Gradio sends every link to a new tab. Only a certificate goes there: in place it would take the conversation away.
  for (const place of chat.querySelectorAll(IN_PLACE)) place.removeAttribute("target");
  const questions = chat.querySelectorAll(".user-row");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const asked = [...questions].at(-1)?.textContent.trim();
  const named = asked ? `${asked} · ChipQuote` : "ChipQuote";
  if (document.title !== named) document.title = named;
  if (questions.length !== shown) shut(false); // what the panel shows is of the answer before
  if (questions.length > shown) {
    questions[questions.length - 1].scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }
  shown = questions.length;
}
