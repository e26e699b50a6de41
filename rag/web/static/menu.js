// A small menu or list that a button of the bar opens. The browser closes it and gives the focus back.
import { element } from "./page.js";

export function menu(name, label, look, ...children) {
  const box = element("div", { id: `cq-${name}`, popover: "", role: "dialog", "aria-label": label, class: "cq-menu" }, ...children);
  const button = element("button", { type: "button", class: `cq-act ${look}`, popovertarget: box.id }, element("span", {}, label));
  document.querySelector("#new").before(button);
  document.body.append(box);
  return box;
}
