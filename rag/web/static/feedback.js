// Whether an answer helped: thumbs up or down, with a note if one is wanted. One record a thumb: sent with the note, or
// without one when its writer goes on to something else.
import { element, entryOf, post, say, why } from "./page.js";

let leave = null; // sends what is open, for something outside its row

export function addFeedback(chat) {
  chat.addEventListener("click", (event) => {
    const thumb = event.target.closest(".cq-thumb");
    if (thumb) ask(thumb);
  });
  addEventListener("pagehide", () => leave?.(null));
  for (const name of ["pointerdown", "focusin"]) document.addEventListener(name, ({ target }) => leave?.(target));
}

function ask(thumb) {
  const row = thumb.closest(".cq-doing");
  row.querySelector("form")?.remove();
  for (const other of row.querySelectorAll(".cq-thumb")) other.setAttribute("aria-pressed", String(other === thumb));
  const label = thumb.name === "up" ? "What helped? (if you like)" : "What was wrong or missing? (if you like)";
  const note = element("textarea", { rows: "2", maxlength: "2000", "aria-label": label, placeholder: label });
  const cancel = element("button", { type: "button" }, "Cancel");
  const form = element("form", { class: "cq-say" }, note,
    element("div", {}, element("button", { type: "submit" }, "Send"), cancel,
      element("small", {}, "Counts without a note too. Kept on this server with the question; not who you are.")));
  form.addEventListener("submit", (event) => { event.preventDefault(); send(thumb, row, form, note.value, true); });
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); drop(); } });
  cancel.addEventListener("click", drop);
  leave = (target) => { if (!row.contains(target)) send(thumb, row, form, note.value); };
  row.append(form);
  note.focus();
  form.scrollIntoView({ block: "nearest" }); // with its buttons

  function drop() {
    leave = null;
    form.remove();
    thumb.setAttribute("aria-pressed", "false");
    thumb.focus();
  }
}

async function send(thumb, row, form, note, here = false) {
  leave = null;
  const { question, as_of, side } = entryOf(row.querySelector(".cq-link").href);
  const keys = [...row.closest(".cq-answer").querySelectorAll(".cq-chip")]
    .map((chip) => new URL(chip.href).searchParams.get("quote"));
  const said = { question, side, outcome: thumb.value, keys, verdict: thumb.name, note, ...(as_of && { as_of }) };
  const reply = await post("/api/feedback", said, { keepalive: true });
  if (!reply?.ok) return say(await why(reply)); // the form stays, so that nothing written is lost
  form.remove();
  for (const one of row.querySelectorAll(".cq-thumb")) one.disabled = true;
  say("Thank you, it is kept");
  if (here) row.querySelector(".cq-link").focus();
}
