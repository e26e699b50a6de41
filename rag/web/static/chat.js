// The chat page in the browser. Each module adds one thing to what Gradio draws; without them every chip and example is
// still a link. Nothing here makes HTML of text: elements get their words as text.
import { addActions } from "./actions.js";
import { addBox } from "./box.js";
import { announce } from "./announce.js";
import { addFeedback } from "./feedback.js";
import { addFilters } from "./filters.js";
import { addExport } from "./export.js";
import { follow } from "./follow.js";
import { addHistory } from "./history.js";
import { watch } from "./next.js";
import { openAsked, whenReady } from "./page.js";
import "./panel.js";
import { addTrouble, calm } from "./trouble.js";
import { welcome } from "./welcome.js";

const chat = await whenReady("#chat");
for (const part of ["#new", "#ask-row", "#narrow", "#side input", "#wanted textarea", "#open"]) await whenReady(part);
await addFilters();
const history = addHistory(chat);
addExport(chat);
addActions(chat);
addFeedback(chat);
addTrouble(chat);
addBox();
new MutationObserver(() => { follow(chat); watch(chat); welcome(chat); announce(chat); calm(chat); history.keep(); })
  .observe(chat, { childList: true, subtree: true });
follow(chat);
welcome(chat);
openAsked();
