// Where the widget stands and how it opens. It takes the place of the plain link before its script.

function begin() {
  const host = make("div", { "data-chipquote": mode, "data-theme": given.theme, "data-left": /left/.test(given.position) && "" });
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  for (const type of ["keydown", "keyup", "keypress"]) // the page's own shortcuts are not for here
    root.addEventListener(type, event => event.stopPropagation());
  if (CSS.supports("color", given.accent)) {
    host.style.setProperty("--accent", given.accent);
    host.dataset.accent = "";
  }
  const plain = script.previousElementSibling, place = given.target && document.querySelector(given.target);
  if (mode === "button") float(host, root);
  else root.append(makeBox().box);
  if (place) place.append(host);
  else if (mode === "button" || !document.body.contains(script)) document.body.append(host);
  else script.before(host);
  if (plain && plain.matches("a[data-chipquote]")) plain.remove();
}

// A button in a corner that opens the box as a dialog. The page beside it stays usable, except on a phone, which it fills.
function float(host, root) {
  const left = one => one.hasAttribute("data-left");
  const others = [...document.querySelectorAll("[data-chipquote=button]")].filter(other => left(other) === left(host));
  host.style.setProperty("--nth", others.length); // they stand one above the other
  const back = () => {
    if (dialog.open) return;
    launch.hidden = false;
    launch.focus();
  };
  const close = () => {
    dialog.close();
    back(); // at once: the event comes later
  };
  const dialog = make("dialog", { "aria-label": title, keydown: onKey, close: back });
  const launch = button(".launch", open, null, icon("quote"), make("span", { lang }, title));
  launch.setAttribute("aria-haspopup", "dialog");
  root.append(launch, dialog);
  let made;

  function open() {
    made ||= makeBox(close);
    dialog.append(made.box);
    launch.hidden = true;
    if (matchMedia("(max-width:480px)").matches) dialog.showModal();
    else dialog.show();
    made.focus();
  }

  function onKey(event) {
    if (event.isComposing || event.keyCode === 229) return; // Safari has the number only
    const stops = [...dialog.querySelectorAll("a, button:enabled, textarea, summary, .log")]
      .filter(one => one.checkVisibility());
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (event.key === "Escape") close();
    else if (event.key === "Tab" && root.activeElement === from) to.focus();
    else return;
    event.preventDefault();
  }
}

// A browser that is too old for the style keeps the link.
if (!document.adoptedStyleSheets || !CSS.supports("color", "light-dark(red,red)"))
  console.warn("ChipQuote needs a newer browser.");
else if (document.body) begin();
else document.addEventListener("DOMContentLoaded", begin);
