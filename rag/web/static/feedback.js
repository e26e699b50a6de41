// Whether an answer helped: thumbs up or down, then a note if one is wanted. One record a click on "Send".
import { element, entryOf, post, say, why } from "./page.js";

export function addFeedback(chat) {
  chat.addEventListener("click", (event) => {
    const thumb = event.target.closest(".cq-thumb");
    if (thumb) ask(thumb);
  });
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
      element("small", {}, "Kept on this server with the question; not who you are.")));
  form.addEventListener("submit", (event) => { event.preventDefault(); send(thumb, row, form, note.value); });
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); drop(); } });
  cancel.addEventListener("click", drop);
  row.append(form);
  note.focus();
  form.scrollIntoView({ block: "nearest" }); // with its buttons

  function drop() {
    form.remove();
    thumb.setAttribute("aria-pressed", "false");
    thumb.focus();
  }
}

async function send(thumb, row, form, note) {
  const { question, as_of, side } = entryOf(row.querySelector(".cq-link").href);
  const keys = [...row.closest(".cq-answer").querySelectorAll(".cq-chip")]
    .map((chip) => new URL(chip.href).searchParams.get("quote"));
  const said = { question, side, outcome: thumb.value, keys, verdict: thumb.name, note, ...(as_of && { as_of }) };
  const reply = await post("/api/feedback", said);
  if (!reply?.ok) return say(await why(reply)); // the form stays, so that nothing written is lost
  form.remove();
  for (const one of row.querySelectorAll(".cq-thumb")) one.disabled = true;
  say("Thank you, it is kept");
  row.querySelector(".cq-link").focus();
}
