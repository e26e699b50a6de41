// Questions to begin with, put on the first screen once the server has tried them. The screen is whole without.
import { element } from "./page.js";

let themes = null; // asked for once a page; "New" draws the screen again

export async function welcome(chat) {
  if (!chat.querySelector(".cq-themes:empty")) return;
  themes ??= fetch("/api/examples").then((reply) => reply.json()).then((told) => told.examples ?? []).catch(() => []);
  const shown = (await themes).map(({ theme, questions }) => element("section", { class: "cq-theme" },
    element("h3", {}, theme),
    element("ul", {}, ...questions.map((question) => element("li", {},
      element("a", { class: "cq-example", href: `/?${new URLSearchParams({ q: question })}` }, question))))));
  chat.querySelector(".cq-themes:empty")?.append(...shown);
}
