// What the script's attributes ask for. Each script on a page runs for itself, so these hold for one widget.

const script = document.currentScript;
const given = script.dataset;
const server = script.src.replace(/\/widget\.js.*$/, "");
const mode = ["inline", "page"].includes(given.mode) ? given.mode : "button";
const lang = /^zh/i.test(given.lang || document.documentElement.lang) ? "zh" : "en";
const words = LABELS[lang];
const title = given.title || words.title;
const questions = (given.starters || "").split("|").map(one => one.trim()).filter(Boolean);
