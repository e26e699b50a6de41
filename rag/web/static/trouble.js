// What went wrong with a question before its answer came, said above the box; the question goes back into it. Gradio would
// say it in a corner and cover the conversation with "Error". What is in the box outlives a reload: Gradio makes one when
// a lost server is back.
import { element, entryOf, fill, pause, stash, stashed } from "./page.js";

const BOX = "#question textarea";
const PATIENCE = 1500; // ms
const TO_STOP = 20_000; // ms that a busy server may take to say that it stopped
const START = "If it is yours, start it with “python -m rag serve”.";
const GONE = ["The server does not answer", `When it is back, this page loads again by itself and offers to go on. ${START}`];
const BROKEN = ["No answer came", `The server stopped while it answered. Ask again. ${START}`];

const notice = element("div", { class: "cq-notice", role: "alert" });
let rows = 0; // replies on the page when it was said
let stopping = false; // the reader's wish, until the reply to it is there

export function addTrouble(chat) {
  const draft = stashed("draft");
  if (draft !== entryOf(location.href).question) fill(BOX, draft);
  addEventListener("pagehide", () => stash("draft", unanswered(chat)));
  addEventListener("click", (event) => { if (event.target.closest?.("#stop")) stopping = true; }, true);
  new MutationObserver(() => look(chat)).observe(document.body, { childList: true, subtree: true });
}

// A question that gets through ends the trouble.
export function calm(chat) {
  if (notice.isConnected && chat.querySelectorAll(".bot-row").length !== rows) notice.remove();
}

function look(chat) {
  stopping &&= Boolean(chat.querySelector(".cq-stage"));
  const said = document.querySelector("[data-testid=toast-text]:not([data-told])");
  const covers = document.querySelectorAll("#chat .clear-status button");
  for (const cover of covers) cover.click();
  if (said) {
    said.dataset.told = "";
    said.closest(".toast-wrap").style.display = "none";
    const words = said.textContent.trim();
    tell(chat, words.startsWith("Connection") ? GONE : ["Not asked yet", words]);
  } else if (covers.length) {
    broken(chat, chat.querySelector(".cq-stage"));
  }
}

// A search that is stopped ends in the same way, but then its stage gives way to a reply that says so.
async function broken(chat, stage) {
  await pause(stopping ? TO_STOP : PATIENCE);
  if (stage?.isConnected && stage.matches(".cq-stage")) tell(chat, BROKEN);
}

function tell(chat, [title, words]) {
  const question = unanswered(chat);
  fill(BOX, question);
  for (const stage of chat.querySelectorAll(".cq-stage")) { // nothing runs any more
    stage.className = "cq-notice";
    stage.textContent = "No answer came.";
  }
  rows = chat.querySelectorAll(".bot-row").length;
  const kept = question ? " Your question is kept in the box." : "";
  notice.replaceChildren(element("strong", {}, title), element("p", {}, words + kept));
  document.querySelector("#cq-chips").before(notice);
}

// What is in the box, or the question that is being answered.
function unanswered(chat) {
  const running = chat.querySelector(".cq-stage") && [...chat.querySelectorAll(".user-row")].at(-1);
  return document.querySelector(BOX).value || (running ? running.textContent.trim() : "");
}
