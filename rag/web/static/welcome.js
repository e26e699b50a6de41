// Questions to begin with, on the first screen, and three of them where nothing here is about what was asked. The server
// has tried each. Both are whole without.
import { element } from "./page.js";

let themes = null; // once known they stay for the life of the page; "New" draws the screen again

export async function welcome(chat) {
  if (!chat.querySelector(":is(.cq-themes, .cq-instead):empty")) return;
  themes ??= examples();
  const told = await themes;
  chat.querySelector(".cq-themes:empty")?.append(...told.map(({ theme, questions }) =>
    element("section", { class: "cq-theme" }, element("h3", {}, theme), list(questions))));
  if (!told.length) return;
  for (const place of chat.querySelectorAll(".cq-instead:empty")) {
    place.append(element("h4", { class: "cq-label" }, "What is answered here"), list(told.slice(0, 3).map((one) => one.questions[0])));
  }
}

// None after an error, which is forgotten: the server may have been busy.
async function examples() {
  try {
    const reply = await fetch("/api/examples");
    if (!reply.ok) throw reply;
    return (await reply.json()).examples;
  } catch {
    themes = null;
    return [];
  }
}

function list(questions) {
  return element("ul", {}, ...questions.map((question) => element("li", {},
    element("a", { class: "cq-example", href: `/?${new URLSearchParams({ q: question })}` }, question))));
}
