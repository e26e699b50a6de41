// The source beside the chat, on a phone a sheet over it: opened by a chip, with the quotes of the answer one by one.
import { element } from "./page.js";

const narrow = matchMedia("(max-width: 900px)");
const back = element("button", { type: "button", class: "cq-step cq-back", "aria-label": "Previous quote" });
const next = element("button", { type: "button", class: "cq-step cq-next", "aria-label": "Next quote" });
const place = element("span", { class: "cq-place", role: "status" });
const page = element("a", { class: "cq-page", target: "_blank", rel: "noopener" }, "Full page ↗");
const close = element("button", { type: "button", class: "cq-close" }, "Close");
const frame = element("iframe", { title: "The source, scrolled to the quote" });
const panel = element("aside", { id: "cq-panel", role: "dialog", "aria-label": "Source of the quote", hidden: "" },
  element("div", { class: "cq-bar" }, element("div", { class: "cq-steps" }, back, place, next), page, close), frame);
const veil = element("div", { id: "cq-veil", hidden: "" });

let opener = null; // what had the focus when the panel was opened
let answer = null; // the answer whose quotes are walked through

close.addEventListener("click", () => shut());
veil.addEventListener("click", () => shut());
back.addEventListener("click", () => step(-1));
next.addEventListener("click", () => step(1));
document.addEventListener("keydown", shutOnEscape);
narrow.addEventListener("change", () => cover(!panel.hidden));
frame.addEventListener("load", () => {
  const source = frame.contentDocument;
  if (!source) return;
  source.addEventListener("keydown", shutOnEscape);
  panel.setAttribute("aria-label", `Source: ${source.querySelector("h1")?.textContent ?? "the quote"}`);
  page.href = frame.contentWindow.location.href;
  mark(chipOf(frame.contentWindow.location.href));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#chat a[href^='/documents/']");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  answer = link.closest(".cq-answer");
  open(link);
}, true);

function open(link) {
  if (!panel.isConnected) document.body.append(veil, panel);
  if (panel.hidden || document.activeElement === link) opener = link;
  show(link.href);
  mark(chipOf(link.href) ?? link);
  panel.hidden = false;
  document.body.classList.add("cq-beside");
  cover(true);
  close.focus();
}

// A new entry for each source would make "back" walk through the frame instead of leaving the page.
function show(href) {
  page.href = href;
  if (frame.contentWindow && frame.src) frame.contentWindow.location.replace(href);
  else frame.src = href;
}

function step(by) {
  const all = chips();
  const chip = all[all.findIndex((one) => one.matches("[aria-current]")) + by];
  if (!chip) return;
  opener = chip;
  show(chip.href);
  mark(chip);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  chip.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

const chips = () => [...(answer?.querySelectorAll(".cq-chip") ?? [])];

// The chip of the quote that an address leads to, whichever others it marks beside it.
function chipOf(href) {
  const key = new URL(href, location.href).searchParams.get("quote");
  return chips().find((chip) => key && new URL(chip.href).searchParams.get("quote") === key);
}

function mark(link) {
  for (const other of document.querySelectorAll("#chat [aria-current]")) other.removeAttribute("aria-current");
  link?.setAttribute("aria-current", "true");
  const all = chips();
  const at = all.indexOf(link);
  back.disabled = at <= 0;
  next.disabled = at < 0 || at === all.length - 1;
  back.parentElement.hidden = all.length < 2 || at < 0;
  place.textContent = at < 0 ? "" : `Quote ${at + 1} of ${all.length}`;
}

// On a phone nothing behind the sheet can be reached.
function cover(opened) {
  const covered = opened && narrow.matches;
  veil.hidden = !covered;
  panel.setAttribute("aria-modal", String(covered));
  document.querySelector("gradio-app")?.toggleAttribute("inert", covered);
}

// `back`: to what had the focus before.
export function shut(back = true) {
  if (panel.hidden) return;
  panel.hidden = true;
  document.body.classList.remove("cq-beside");
  cover(false);
  mark(null);
  if (back && opener?.isConnected) opener.focus();
}

function shutOnEscape(event) {
  if (event.key === "Escape") shut();
}
