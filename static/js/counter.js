// Says how many characters are left once few are; a screen reader hears it in a pause of writing.

attach(document);
document.addEventListener("added", ({ target }) => attach(target)); // a card of the editor

function attach(within) { for (const counter of within.querySelectorAll("[data-counts]")) count(counter); }

function count(counter) {
  const field = document.getElementById(counter.dataset.counts);
  const most = Number(counter.dataset.most);
  const spoken = counter.nextElementSibling;
  let waiting;

  field.addEventListener("input", () => { show(); clearTimeout(waiting); waiting = setTimeout(speak, 1000); });
  show();

  function show() {
    const left = most - [...field.value.trim()].length;
    const characters = Math.abs(left) === 1 ? "character" : "characters";
    const text = `${Math.abs(left).toLocaleString("en")} ${characters} ${left < 0 ? "too many" : "left"}`;
    counter.textContent = left > most / 5 ? "" : text;
    counter.classList.toggle("counter--over", left < 0);
  }

  function speak() {
    if (spoken.textContent !== counter.textContent) spoken.textContent = counter.textContent;
  }
}
