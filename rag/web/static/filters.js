// The day and the side that narrow a question: a calendar beside the typed day, and a chip for each that is set.
import { element, fill, whenReady } from "./page.js";

const AS_OF = "#as-of [data-testid=textbox]";
const HAS_A_YEAR = /(19|20)\d\d/; // the server reads dates in many forms, and none without
const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

export async function addFilters() {
  const box = await whenReady(AS_OF);
  const chips = element("div", { id: "cq-chips" });
  document.querySelector("#ask-row").before(chips);
  document.querySelector("#narrow").before(fold(document.querySelector("#narrow"), box));
  document.querySelector("#as-of").append(calendar(box));
  document.querySelector("#ask").addEventListener("input", () => show(box, chips));
  document.querySelector("#ask").addEventListener("change", () => show(box, chips));
  // Gradio sets the fields itself when a link or a remembered conversation is opened.
  setInterval(() => show(box, chips), 500);
  show(box, chips);
}

// Set the day and the side.
export function narrow({ as_of, side }) {
  fill(AS_OF, as_of);
  [...document.querySelectorAll("#side input")].find((one) => one.value === side)?.click();
}

function fold(fields, box) {
  const button = element("button", { type: "button", class: "cq-fold-fields", "aria-expanded": "false", "aria-controls": "narrow" }, "Date and side");
  fields.hidden = true;
  button.addEventListener("click", () => {
    fields.hidden = !fields.hidden;
    button.setAttribute("aria-expanded", String(!fields.hidden));
    if (!fields.hidden) box.focus();
  });
  return button;
}

function calendar(box) {
  const picked = element("input", { type: "date", tabindex: "-1", "aria-hidden": "true", class: "cq-picked" });
  const button = element("button", { type: "button", class: "cq-calendar", "aria-label": "Choose a day" });
  button.addEventListener("click", (event) => {
    event.preventDefault();
    picked.value = /^\d{4}-\d\d-\d\d$/.test(box.value) ? box.value : "";
    picked.showPicker();
  });
  picked.addEventListener("change", () => fill(AS_OF, picked.value));
  const both = element("span", { class: "cq-pick" }, picked, button);
  return both;
}

let before = "";
function show(box, chips) {
  const side = document.querySelector("#side input:checked");
  const sideName = side?.value ? side.closest("label").textContent.trim() : "";
  const now = `${box.value.trim()}|${sideName}`;
  if (now === before) return;
  before = now;
  chips.replaceChildren();
  const day = box.value.trim(), wrong = day !== "" && !HAS_A_YEAR.test(day);
  box.setAttribute("aria-invalid", String(wrong));
  if (day) {
    const set = chip(wrong ? `“${day}” is not a day yet` : `As of ${spoken(day)}`, () => fill(AS_OF, ""));
    set.classList.toggle("cq-wrong", wrong);
    chips.append(set);
  }
  if (sideName) chips.append(chip(`${sideName} only`, () => document.querySelector("#side input").click()));
}

function spoken(day) {
  return /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? DAY.format(new Date(day)) : day;
}

function chip(words, remove) {
  const button = element("button", { type: "button", class: "cq-set", "aria-label": `Remove: ${words}` }, words);
  button.addEventListener("click", () => {
    remove();
    document.querySelector("#question textarea").focus();
  });
  return button;
}
