// What can be done with an answer: ask an example or a follow-up in place, copy its link, a quote, a citation.
import { narrow } from "./filters.js";
import { ask, copy, entryOf } from "./page.js";

export function addActions(chat) {
  // A menu closes when something else is wanted; Escape gives the focus back.
  document.addEventListener("click", (event) => {
    for (const menu of chat.querySelectorAll(".cq-cite[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  chat.addEventListener("toggle", ({ target }) => {
    if (target.matches(".cq-cite[open]")) target.querySelector(".cq-forms").scrollIntoView({ block: "nearest" });
  }, true);
  chat.addEventListener("focusout", ({ target, relatedTarget }) => {
    const menu = target.closest(".cq-cite[open]");
    if (menu && relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
  });
  chat.addEventListener("keydown", (event) => {
    const menu = event.target.closest(".cq-cite[open]");
    if (event.key !== "Escape" || !menu) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  chat.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const words = event.target.closest(".cq-copy");
    if (words) {
      copy(words.value, words.name);
      words.closest("details").open = false;
      words.closest("details").querySelector("summary").focus();
      return;
    }
    const link = event.target.closest("a[href^='/?']");
    if (!link) return;
    event.preventDefault();
    if (link.matches(".cq-link")) return copy(link.href, "Link");
    const asked = entryOf(link.href);
    if (link.closest(".cq-next-up, .cq-widen, .cq-instead")) narrow(asked); // it is asked under the day and side that it names
    if (link.closest(".cq-welcome") && matchMedia("(pointer: fine)").matches) document.querySelector("#question textarea").focus();
    ask(asked.question);
  }, true);
}
