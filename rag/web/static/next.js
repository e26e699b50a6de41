// What could be asked next: fetched when the end of an answer comes into view, since each was tried before it is offered.
import { element, MOST_TURNS, post, turnsOf } from "./page.js";

const known = new Map(); // Gradio may draw a message anew; what was fetched for it is kept

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) offer(target);
});

export function watch(chat) {
  for (const place of chat.querySelectorAll(".cq-next-up:empty")) seen.observe(place);
}

async function offer(place) {
  seen.unobserve(place);
  const link = place.parentElement.querySelector(".cq-link").href;
  const asked = turnsOf(document.getElementById("chat"));
  const at = asked.findIndex((turn) => turn.row.contains(place));
  if (at < 0) return;
  const { question, as_of, side } = asked[at];
  known.get(link) ?? known.set(link, suggestions({ question, as_of, side, turns: asked.slice(Math.max(0, at - MOST_TURNS), at).map((t) => t.question) }));
  const questions = await known.get(link);
  if (!questions.length || place.children.length) return;
  place.append(element("h3", { class: "cq-label" }, "Ask next"), element("ul", {}, ...questions.map((next) => {
    const href = `/?${new URLSearchParams({ q: next, ...(as_of && { as_of }), ...(side && { side }) })}`;
    return element("li", {}, element("a", { class: "cq-example", href }, next));
  })));
}

// Nothing is offered where the server has no time for it: an answer is whole without.
async function suggestions({ question, as_of, side, turns }) {
  const asked = { question, side, turns, ...(as_of && { as_of }) };
  const reply = await post("/api/suggestions", asked);
  return reply?.ok ? (await reply.json()).suggestions.map((one) => one.question) : [];
}
