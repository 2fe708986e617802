// How many comments are ticked for a decision together, and a tick for all that are shown.

const $ = (query) => document.querySelector(query);
const ticks = () => [...document.querySelectorAll(".card__choose")];

function count() {
  const all = ticks(), chosen = all.filter((one) => one.checked).length;
  const said = $("[data-chosen]"), every = $("[data-choose-all]");
  if (said) said.textContent = chosen ? `(${chosen})` : "";
  if (every) { every.checked = chosen > 0 && chosen === all.length; every.indeterminate = chosen > 0 && chosen < all.length; }
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-choose-all]")) for (const one of ticks()) one.checked = target.checked;
  if (target.matches(".card__choose, [data-choose-all]")) count();
});
document.addEventListener("decided", count); // cards came and went
