// The page of one source: brings the quote into view, and follows the chat's theme when shown beside it.
"use strict";

if (window.parent !== window) {
  const dark = window.parent.document.body.classList.contains("dark");
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

const quote = document.getElementById("quote");
if (quote) {
  const show = () => quote.scrollIntoView({ block: "center" });
  show();
  // Text above is laid out only now that it comes into view, which may move the quote.
  requestAnimationFrame(() => requestAnimationFrame(show));
}
