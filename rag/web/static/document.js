// The page of one source: brings the quote into view, and follows the chat's theme when shown beside it.
"use strict";

const chat = around();
if (chat) {
  document.documentElement.dataset.theme = chat.classList.contains("dark") ? "dark" : "light";
  document.documentElement.dataset.framed = "";
  // Steps inside the frame replace one another, so that "back" leaves the page and does not walk through the frame.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='/documents/']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    location.replace(link.href);
  });
}

const quote = document.getElementById("quote");
if (quote) {
  const show = () => quote.scrollIntoView({ block: "center" });
  show();
  // Text above is laid out only now that it comes into view, which may move the quote.
  requestAnimationFrame(() => requestAnimationFrame(show));
}

// The page that frames this one, if any. A listed site may frame it too, and its page cannot be looked at.
function around() {
  try {
    return window.parent === window ? null : window.parent.document.body;
  } catch {
    return null;
  }
}
