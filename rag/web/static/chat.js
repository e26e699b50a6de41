// The chat page in the browser: opens sources beside the chat, and keeps the top of a reply in view.
// Without this file every chip is still a link to the page of its source.
"use strict";

const WAIT = 20; // ms between looks for the chat, until Gradio has drawn it

const panel = makePanel();
let opener = null; // what had the focus when the panel was opened

function makePanel() {
  const aside = element("aside", { id: "cq-panel", role: "dialog", "aria-label": "Source of the quote", hidden: "" });
  const bar = element("div", { class: "cq-bar" });
  const title = element("strong", {}, "Source");
  const page = element("a", { class: "cq-page", target: "_blank", rel: "noopener" }, "Open as a page");
  const close = element("button", { type: "button", class: "cq-close", "aria-label": "Close the source" }, "Close");
  const frame = element("iframe", { title: "The source, scrolled to the quote" });
  bar.append(title, page, close);
  aside.append(bar, frame);
  close.addEventListener("click", closePanel);
  frame.addEventListener("load", () => {
    const source = frame.contentDocument;
    if (!source) return;
    source.addEventListener("keydown", closeOnEscape);
    title.textContent = source.querySelector("h1")?.textContent ?? "Source";
  });
  return { aside, page, close, frame };
}

function element(name, attributes, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function openPanel(link) {
  if (!panel.aside.isConnected) document.body.append(panel.aside);
  opener = link;
  mark(link);
  panel.page.href = link.href;
  // A new entry for each source would make "back" walk through the frame instead of leaving the page.
  if (panel.frame.contentWindow && panel.frame.src) panel.frame.contentWindow.location.replace(link.href);
  else panel.frame.src = link.href;
  panel.aside.hidden = false;
  document.body.classList.add("cq-beside");
  panel.close.focus();
}

function closePanel() {
  if (panel.aside.hidden) return;
  panel.aside.hidden = true;
  document.body.classList.remove("cq-beside");
  mark(null);
  if (opener?.isConnected) opener.focus();
}

function closeOnEscape(event) {
  if (event.key === "Escape") closePanel();
}

function mark(link) {
  for (const other of document.querySelectorAll("#chat [aria-current]")) other.removeAttribute("aria-current");
  link?.setAttribute("aria-current", "true");
}

document.addEventListener("keydown", closeOnEscape);
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#chat a[href^='/documents/']");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  openPanel(link);
}, true);

// A new question goes to the top of the chat, so that its reply is read from the beginning.
let shown = 0;
function follow(chat) {
  // Gradio labels a message with its source code, which a screen reader would read out instead of the message.
  for (const message of chat.querySelectorAll("[data-testid='user'][aria-label], [data-testid='bot'][aria-label]")) {
    message.removeAttribute("aria-label");
  }
  chat.querySelector(".examples")?.removeAttribute("role"); // it says "list" and holds buttons
  const questions = chat.querySelectorAll(".user-row");
  if (questions.length > shown) questions[questions.length - 1].scrollIntoView({ block: "start", behavior: "smooth" });
  shown = questions.length;
}

const waiting = setInterval(() => {
  const chat = document.getElementById("chat");
  if (!chat) return;
  clearInterval(waiting);
  new MutationObserver(() => follow(chat)).observe(chat, { childList: true, subtree: true });
}, WAIT);
