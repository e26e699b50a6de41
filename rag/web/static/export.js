// The conversation as a file. The server asks its questions again, so that a file holds only what it can stand for.
import { element, MOST_TURNS, post, say, turnsOf, why } from "./page.js";
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
  const all = turnsOf(chat);
  if (!all.length) return say("Ask something first");
  const taken = all.slice(-MOST_TURNS);
  const cut = taken.length < all.length;
  const turns = taken.map(({ question, as_of, side }) => ({ question, side, ...(as_of && { as_of }) }));
  if (cut) turns[0].question = taken[0].alone; // it may lean on a question that is left out
  const what = cut ? `the last ${MOST_TURNS} of ${all.length} questions` : "";
  say(cut ? `Only ${what} go into the file. Preparing it…` : "Preparing the file…");
  const reply = await post("/api/export", { format: form, turns });
  if (!reply?.ok) return say(await why(reply));
  const named = reply.headers.get("Content-Disposition")?.match(/filename="([^"]+)"/);
  const address = URL.createObjectURL(await reply.blob());
  element("a", { href: address, download: named?.[1] ?? "chipquote" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  say(`Exported ${what}`.trim());
}
