// What a page of the book can do besides being read: search, copy, light and dark.
// Every page is whole without it. No request leaves the folder.
"use strict";

const root = document.documentElement;

function remembered(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}

function remember(key, value) {
  try { localStorage.setItem(key, value); } catch { /* a file: page may not */ }
}

function addThemeButton(bar) {
  const button = document.createElement("button");
  const dark = () => root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const name = () => { button.textContent = dark() ? "Light" : "Dark"; };
  button.type = "button";
  button.setAttribute("aria-label", "Change between light and dark");
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    remember("theme", root.dataset.theme);
    name();
  });
  bar.append(button);
  name();
}

function addCopyButtons() {
  for (const figure of document.querySelectorAll("figure.step")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy the commands of ${figure.id}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(figure.querySelector("code").textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    figure.querySelector("figcaption").append(button);
  }
}

function find(words) {
  const scored = [];
  for (const entry of window.labkitSearchIndex) {
    const heading = entry.heading.toLowerCase();
    const text = entry.text.toLowerCase();
    if (words.every((word) => heading.includes(word) || text.includes(word))) {
      scored.push([words.filter((word) => heading.includes(word)).length, entry]);
    }
  }
  return scored.sort((one, other) => other[0] - one[0]).slice(0, 12).map((row) => row[1]);
}

function excerpt(text, word) {
  const at = Math.max(0, text.toLowerCase().indexOf(word) - 40);
  return (at ? "… " : "") + text.slice(at, at + 120) + " …";
}

function addSearch(bar) {
  const label = document.createElement("label");
  const field = document.createElement("input");
  const found = document.createElement("ol");
  label.textContent = "Search ";
  field.type = "search";
  found.className = "found";
  found.setAttribute("aria-live", "polite");
  label.append(field);
  bar.append(label, found);
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    found.replaceChildren();
    if (!words.length) { return; }
    const entries = find(words);
    for (const entry of entries) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `${entry.page}#${entry.anchor}`;
      link.textContent = `${entry.chapter}: ${entry.heading}`;
      item.append(link, document.createElement("br"), excerpt(entry.text, words[0]));
      found.append(item);
    }
    if (!entries.length) { found.textContent = "Nothing has all of these words."; }
  });
}

// On a phone the text comes first: the contents open at a touch.
function foldContents() {
  const contents = document.querySelector("nav details");
  const narrow = matchMedia("(max-width: 45rem)");
  const fold = () => { if (contents) { contents.open = !narrow.matches; } };
  narrow.addEventListener("change", fold);
  fold();
}

const bar = document.querySelector(".bar");
root.dataset.theme = remembered("theme") || "";
if (!root.dataset.theme) { delete root.dataset.theme; }
addSearch(bar);
addThemeButton(bar);
addCopyButtons();
foldContents();
