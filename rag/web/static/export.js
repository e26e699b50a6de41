// The conversation as a file. The server asks its questions again, so that a file holds only what it can stand for.
import { element, post, say, turnsOf, why } from "./page.js";
import { menu } from "./menu.js";

const FORMS = { markdown: "Markdown", pdf: "PDF", json: "JSON, to verify later" };

export function addExport(chat) {
  const choices = Object.entries(FORMS).map(([form, label]) => {
    const button = element("button", { type: "button", class: "cq-choice" }, label);
    button.addEventListener("click", () => { box.hidePopover(); save(chat, form); });
    return button;
  });
  const box = menu("export", "Export", "cq-save", ...choices);
}

async function save(chat, form) {
  const turns = turnsOf(chat).map(({ question, as_of, side }) => ({ question, side, ...(as_of && { as_of }) }));
  if (!turns.length) return say("Ask something first");
  say("Preparing the file…");
  const reply = await post("/api/export", { format: form, turns });
  if (!reply?.ok) return say(await why(reply));
  const named = reply.headers.get("Content-Disposition")?.match(/filename="([^"]+)"/);
  const address = URL.createObjectURL(await reply.blob());
  element("a", { href: address, download: named?.[1] ?? "chipquote" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  say("Exported");
}
