// Light, dark, or as the device says. The choice stays in this browser; js/first.js reads it before the first paint.

const root = document.documentElement;
const choices = document.querySelectorAll("input[name=theme]");
const bars = [...document.querySelectorAll("meta[name=theme-color]")].map((bar) => [bar, bar.content]);

show();
for (const choice of choices) {
  choice.addEventListener("change", () => {
    try {
      if (choice.value) localStorage.theme = choice.value;
      else localStorage.removeItem("theme");
    } catch { /* a browser that keeps nothing: the choice holds for this page */ }
    apply(choice.value);
  });
}
addEventListener("storage", (event) => {
  if (event.key === "theme" || event.key === null) { apply(event.newValue ?? ""); show(); }
});

function apply(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  paintBars();
}

function show() {
  for (const choice of choices) choice.checked = choice.value === (root.dataset.theme ?? "");
  paintBars();
}

// The browser's own bar, in the colour of the page.
function paintBars() {
  const page = getComputedStyle(document.body).backgroundColor;
  for (const [bar, content] of bars) bar.content = root.dataset.theme ? page : content;
}
