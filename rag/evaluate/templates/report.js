// Filters the table of failures. Without JavaScript the table is whole and the form stays hidden.
"use strict";

const form = document.querySelector(".filter");

if (form) {
  const rows = [...document.querySelectorAll("#wrong tbody tr")].map((row) => ({
    row,
    text: row.textContent.toLowerCase(),
    kinds: row.dataset.kinds.split(" "),
  }));
  const chosen = (name) => (form.elements[name] ? form.elements[name].value : "");

  const filter = () => {
    const words = chosen("words").toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, text, kinds } of rows) {
      const fits =
        (!chosen("kind") || kinds.includes(chosen("kind"))) &&
        (!chosen("type") || row.dataset.type === chosen("type")) &&
        (!chosen("side") || row.dataset.side === chosen("side")) &&
        words.every((word) => text.includes(word));
      row.hidden = !fits;
      shown += fits;
    }
    form.querySelector("output").textContent = `${shown} of ${rows.length} shown`;
    document.querySelector(".none").hidden = shown > 0;
  };

  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
}
