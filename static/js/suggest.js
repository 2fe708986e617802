// Suggestions under a search box while somebody types: names and titles, chosen by arrow keys or a click.
// Loaded when the box is first touched (js/first.js). Without it, the form searches as any other.

const PAUSE = 150; // milliseconds without a key before anything is asked, so no two questions are closer

for (const form of document.querySelectorAll(".site-search")) attach(form, form.querySelector("input"));

function attach(form, input) {
  const list = made("ul", { class: "site-search__list", id: `${input.id}-list`, role: "listbox", "aria-label": "Suggestions" });
  let asked = "", chosen = -1, timer;

  list.hidden = true;
  input.value ||= new URLSearchParams(location.search).get("q") ?? ""; // what found nothing is not repeated by the page
  form.append(list);
  set(input, { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" });

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const last = list.children.length - 1;
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") choose(chosen < last ? chosen + 1 : -1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? last : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) location.assign(list.children[chosen].dataset.address);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const one = event.target.closest("[role=option]");
    if (one) location.assign(one.dataset.address);
  });

  if (document.activeElement === input && input.value !== input.defaultValue) ask(); // typed before this was loaded

  async function ask() {
    const words = input.value.trim();
    if (words.length < 2) { asked = ""; close(); return; }
    if (words === asked) return;
    asked = words;
    try {
      const answer = await fetch(`/search/suggestions?q=${encodeURIComponent(words)}`);
      const [, names, notes, addresses] = answer.ok ? await answer.json() : ["", []];
      if (words === asked && document.activeElement === input) show(names, notes, addresses);
    } catch { /* without an answer there is nothing to suggest */ }
  }

  function show(names, notes = [], addresses = []) {
    const before = list.children[chosen]?.dataset.address; // chosen while this answer was on its way
    list.replaceChildren(...names.map((name, number) => {
      const one = made("li", { class: "site-search__option", id: `${list.id}-${number}`, role: "option", "aria-selected": "false" });
      one.dataset.address = addresses[number];
      one.append(name, made("span", { class: "site-search__note" }));
      one.lastChild.textContent = notes[number];
      return one;
    }));
    list.hidden = !names.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    choose(before ? addresses.indexOf(before) : -1);
  }

  function choose(number) {
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = number;
    const one = list.children[chosen];
    if (!one) { input.removeAttribute("aria-activedescendant"); return; }
    one.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", one.id);
  }

  function close() {
    clearTimeout(timer);
    asked = "";
    show([]);
  }
}

function made(name, attributes) {
  const element = document.createElement(name);
  set(element, attributes);
  return element;
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
