// Keeps the top of a reply in view, and mends what Gradio tells screen readers about messages.

let shown = 0;

export function follow(chat) {
  // Gradio labels a message with its source code, which would be read out instead of the message.
  for (const message of chat.querySelectorAll("[data-testid='user'][aria-label], [data-testid='bot'][aria-label]")) {
    message.removeAttribute("aria-label");
  }
  for (const chip of chat.querySelectorAll(".cq-chip:not([aria-label])")) {
    chip.setAttribute("aria-label", chip.textContent); // its hidden words run together when they are read from the page
  }
  for (const away of chat.querySelectorAll("a[href^='/'][target], .cq-answer a[href^='#'][target]")) {
    away.removeAttribute("target"); // Gradio sends every link to a new tab
  }
  const questions = chat.querySelectorAll(".user-row");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (questions.length > shown) {
    questions[questions.length - 1].scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }
  shown = questions.length;
}
