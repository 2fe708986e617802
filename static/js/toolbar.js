// The toolbar of a text in Markdown, and its keys. What it writes is as if it were typed, so undo takes it back.

const TABLE = "| Column | Column |\n|---|---|\n| Text | Text |";
const KEYS = { b: "bold", i: "italic", k: "link" }, SHIFTED = { Digit2: "heading", Digit8: "list", Digit9: "quote" };
const tools = {
  heading: (area) => lines(area, (line) => line.startsWith("### ") ? line.slice(4) : line.startsWith("## ") ? `#${line}` : `## ${line}`),
  bold: (area) => wrap(area, "**"),
  italic: (area) => wrap(area, "*"),
  link(area) {
    const words = chosen(area) || "words", at = area.selectionStart;
    write(area, `[${words}](https://)`, at + words.length + 3, at + words.length + 11);
  },
  list: (area) => lines(area, toggled("- "), true),
  quote: (area) => lines(area, toggled("> "), true),
  table: (area) => block(area, TABLE, "Column"),
  figure: (area) => block(area, `::figure ${figureToPlace(area)}`, ""),
  picture,
  callout: (area) => block(area, `:::note Title\n${chosen(area) || "Text"}\n:::`, "Title"),
  note,
};

for (const bar of document.querySelectorAll("[data-tools]")) attach(bar, document.getElementById(bar.dataset.tools));

function attach(bar, area) {
  const buttons = [...bar.children];
  const reach = (button) => { for (const one of buttons) one.tabIndex = one === button ? 0 : -1; };
  reach(buttons[0]);
  bar.addEventListener("pointerdown", (event) => event.preventDefault()); // the text keeps the focus, and a phone its keyboard
  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button?.dataset.tool === "help") help(area);
    else if (button) tools[button.dataset.tool](area);
  });
  bar.addEventListener("focusin", ({ target }) => reach(target));
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], at = buttons.indexOf(event.target);
    if (!step) return;
    event.preventDefault();
    buttons.at((at + step) % buttons.length).focus();
  });
  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
    const tool = event.shiftKey ? SHIFTED[event.code] : KEYS[event.key.toLowerCase()];
    if (!tool) return;
    event.preventDefault();
    tools[tool](area);
  });
}

function chosen(area) { return area.value.slice(area.selectionStart, area.selectionEnd); }

// `text` in place of what is chosen, and then the signs from `from` to `to` chosen.
function write(area, text, from, to) {
  area.focus();
  if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(from, to);
}

function wrap(area, sign) {
  const { selectionStart: from, selectionEnd: to, value } = area, words = chosen(area), long = sign.length;
  const around = value.slice(0, from).endsWith(sign) && value.slice(to).startsWith(sign) && (long > 1 || !value.slice(0, from).endsWith("**") || value.slice(0, from).endsWith("***"));
  if (around) {
    area.setSelectionRange(from - long, to + long);
    return write(area, words, from - long, to - long);
  }
  const inside = words || "words";
  write(area, sign + inside + sign, from + long, from + long + inside.length);
}

// Each line that is chosen, changed; a list or a quotation with an empty line above it.
function lines(area, change, apart = false) {
  const { value } = area, from = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const end = value.indexOf("\n", Math.max(from, area.selectionEnd - (chosen(area).endsWith("\n") ? 1 : 0)));
  const to = end < 0 ? value.length : end;
  const before = value.slice(from, to), after = before.split("\n").map(change).join("\n");
  const gap = apart && after.length > before.length && from && !/\n\n$|^\n$/.test(value.slice(0, from)) ? "\n" : "";
  area.setSelectionRange(from, to);
  write(area, gap + after, from + gap.length + (before ? 0 : after.length), from + gap.length + after.length);
}

function toggled(sign) { return (line) => line.startsWith(sign) ? line.slice(sign.length) : sign + line; }

// A block on lines of its own, with `words` of it chosen.
function block(area, text, words) {
  const { value, selectionStart: from, selectionEnd: to } = area;
  const above = value.slice(0, from), below = value.slice(to);
  const begin = !above || above.endsWith("\n\n") ? "" : above.endsWith("\n") ? "\n" : "\n\n";
  const end = !below || below.startsWith("\n\n") ? "" : below.startsWith("\n") ? "\n" : "\n\n";
  const at = from + begin.length + (words ? text.indexOf(words) : text.length);
  write(area, begin + text + end, at, at + words.length);
}

// The first figure that no text places yet; without one, a new card.
function figureToPlace(area) {
  const rows = [...area.form.querySelectorAll("[name^='figures-'][name$='-id']")].map((field) => field.value).filter(Boolean);
  const texts = [...area.form.querySelectorAll("[data-pasted-to]")].map((one) => one.value).join("\n");
  const free = rows.find((id) => !new RegExp(`^::figure ${id}\\s*$`, "m").test(texts));
  if (free) return free;
  return newFigure(area, "figure", {});
}

// A card for a figure named after `stem`, and where it says how it looks; its name.
function newFigure(area, stem, values) {
  const taken = [...area.form.querySelectorAll("[name^='figures-'][name$='-id']")].map((field) => field.value);
  let number = 1;
  while (taken.includes(`${stem}-${number}`)) number += 1;
  const id = `${stem}-${number}`;
  area.form.dispatchEvent(new CustomEvent("add-card", { cancelable: true, detail: { list: "figures", values: { ...values, id } } }));
  return id;
}

// A picture of the media, or a new one: placed where the cursor is; then its card asks what stands below it.
function picture(area) {
  const { selectionStart: from, selectionEnd: to } = area; // which the dialog forgets
  const { href } = area.form.querySelector("#figures > template").content.querySelector("[data-choose-picture]");
  const then = ({ picture: name, alt }) => {
    area.setSelectionRange(from, to);
    block(area, `::figure ${newFigure(area, "picture", { kind: "picture", picture: name })}`, "");
    const card = [...area.form.querySelectorAll("#figures > .rows__row")].at(-1);
    const next = card.querySelector("[name$='-caption']");
    card.scrollIntoView({ block: "start" });
    next.focus({ preventScroll: true });
  };
  document.dispatchEvent(new CustomEvent("choose-picture", { detail: { href, then } }));
}

// The sign where the cursor is, and the note itself at the end, ready to be typed.
function note(area) {
  const at = area.selectionEnd, taken = [...area.value.matchAll(/\[\^(\d+)\]/g)].map((one) => Number(one[1]));
  const sign = `[^${Math.max(0, ...taken) + 1}]`;
  area.setSelectionRange(at, at);
  write(area, sign, 0, 0);
  const end = area.value.length, begin = `${area.value.replace(/\s+$/, "").length === end ? "\n\n" : "\n"}${sign}: `;
  area.setSelectionRange(end, end);
  write(area, `${begin}Note`, end + begin.length, end + begin.length + 4);
}

function help(area) {
  const details = area.form.querySelector(".editor__help");
  details.open = !details.open;
  if (details.open) details.querySelector("summary").focus();
}

// The toolbar stays below the editor's own bar; on a phone it stands on top of the keyboard.
new ResizeObserver(([{ target }]) => document.documentElement.style.setProperty("--bar", `${target.offsetHeight}px`)).observe(document.querySelector(".editor__bar"));
const view = window.visualViewport;
const dock = () => document.documentElement.style.setProperty("--keyboard", `${Math.max(0, innerHeight - view.height - view.offsetTop)}px`);
for (const event of ["resize", "scroll"]) view?.addEventListener(event, dock);
