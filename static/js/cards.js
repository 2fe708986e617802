// Cards of the editor added, moved, taken out and put back without asking the site; it does the same without this script.

const NUMBERED = ["id", "name", "for", "aria-describedby", "data-counts", "data-choose-picture"];
const form = document.querySelector("[data-editor]");
const gone = []; // cards that were taken out: list, place, card

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]");
  const [verb, name, number] = button?.value.split(":") ?? [];
  const list = name && document.getElementById(name);
  if (!list?.matches(".rows")) return;
  event.preventDefault();
  const card = cards(list)[number];
  if (verb === "add") focus(add(list));
  else if (verb === "remove") takeOut(list, card);
  else move(list, card, verb, button);
});

// Other scripts bring cards with something in them.
form.addEventListener("add-card", (event) => {
  const list = document.getElementById(event.detail.list);
  const card = add(list);
  for (const [name, value] of Object.entries(event.detail.values)) {
    const field = card.querySelector(`[name$="-${name}"]`);
    if (field) field.value = value;
  }
  changed(list);
  event.preventDefault();
});

// js/drag.js has put cards elsewhere.
form.addEventListener("moved", ({ target }) => changed(target));

// A picture that is chosen says what the figure shows.
form.addEventListener("chosen", ({ target }) => {
  const kind = target.closest(".rows__row")?.querySelector("[name$='-kind']");
  if (kind) kind.value = "picture";
});

const cards = (list) => [...list.querySelectorAll(":scope > .rows__row")];

function add(list) {
  const card = list.querySelector("template").content.cloneNode(true).firstElementChild;
  list.querySelector(":scope > template").before(card);
  changed(list);
  card.dispatchEvent(new Event("added", { bubbles: true }));
  return card;
}

function move(list, card, verb, button) {
  if (verb === "up") card.previousElementSibling.before(card);
  else card.nextElementSibling.after(card);
  changed(list);
  (button.hidden ? card.querySelector(".editor__move button:not([hidden])") : button).focus();
}

function takeOut(list, card) {
  gone.push([list, cards(list).indexOf(card), card]);
  card.remove();
  changed(list);
  say();
}

// What was taken out last can be put back, and then what was taken out before it.
function say() {
  document.getElementById("removed")?.remove();
  const [list, at, card] = gone.at(-1) ?? [];
  if (!list) return;
  const words = [...card.querySelectorAll("input, textarea")].map((field) => field.value.trim()).find(Boolean);
  const notice = Object.assign(document.createElement("p"), { id: "removed", className: "notice", tabIndex: -1 });
  const back = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet", textContent: "Put it back" });
  notice.append(words ? `“${words.slice(0, 60)}” is taken out. ` : "An empty card is taken out. ", back);
  list.querySelector(":scope > [data-add]").before(notice);
  notice.focus();
  back.addEventListener("click", () => {
    gone.pop();
    notice.remove();
    (cards(list)[at] ?? list.querySelector(":scope > template")).before(card);
    changed(list);
    say();
    focus(card);
  });
}

// Cards are numbered in their order, as the site numbers them.
function changed(list) {
  const all = cards(list), numbered = new RegExp(`\\b${list.id}-(\\d+|NEW)\\b`, "g");
  all.forEach((card, at) => {
    for (const part of [card, ...card.querySelectorAll("*")]) {
      for (const name of NUMBERED) if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace(numbered, `${list.id}-${at}`));
    }
    for (const text of card.querySelectorAll(":scope > legend, .editor__move span")) text.textContent = text.textContent.replace(/(\d+|NEW)$/, at + 1);
    for (const button of card.querySelectorAll("button[name=do]")) {
      button.value = button.value.replace(/[^:]+$/, at);
      button.hidden = (at === 0 && button.value.startsWith("up:")) || (at === all.length - 1 && button.value.startsWith("down:"));
    }
  });
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function focus(card) { card.focus({ preventScroll: true }); card.scrollIntoView({ block: "start" }); }
