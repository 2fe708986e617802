// Lets an author choose names instead of typing them: the list below a field becomes a search over buttons.

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const lines = (field) => field.value.split("\n").map((line) => line.trim()).filter(Boolean);

// "toggle" does not bubble; cards come later, so the page listens for all.
document.addEventListener("toggle", ({ target }) => {
  if (target.open && target.matches("[data-names]") && !target.querySelector("input")) build(target);
}, true);

function build(details) {
  const field = details.closest(".field").querySelector("textarea"), list = details.querySelector(".names");
  const search = Object.assign(document.createElement("input"), { type: "search", className: "field__input", placeholder: "Find a name" });
  search.setAttribute("aria-label", "Find a name");
  const buttons = [...list.children].map((item) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "names__button", textContent: item.textContent });
    button.addEventListener("click", () => turn(field, button.textContent));
    item.replaceChildren(button);
    return button;
  });
  const mark = () => {
    const named = new Set(lines(field).map(plain));
    for (const button of buttons) button.setAttribute("aria-pressed", named.has(plain(button.textContent)));
  };
  const narrow = () => {
    const words = plain(search.value).split(" ");
    for (const button of buttons) button.parentElement.hidden = !words.every((word) => plain(button.textContent).includes(word));
  };
  search.addEventListener("input", (event) => { event.stopPropagation(); narrow(); }); // nothing of the article changes
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // which would save
    const first = buttons.find((button) => !button.parentElement.hidden);
    if (first && search.value) { turn(field, first.textContent); search.value = ""; narrow(); }
  });
  field.addEventListener("input", mark);
  list.before(search);
  mark();
  search.focus();
}

// A name that stands in the field is taken out, another one is added below the others.
function turn(field, name) {
  const before = lines(field), rest = before.filter((line) => plain(line) !== plain(name));
  field.value = (rest.length < before.length ? rest : [...before, name]).join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
