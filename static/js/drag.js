// Cards of the editor dragged by their handle, with a mouse, a pen or a finger; "Up" and "Down" do the same from the keyboard.
// While one is dragged, all cards of its list are folded to a line each. Nothing glides, so nothing has to be stilled.

const EDGE = 90, STEP = 10; // pixels: where the page begins to scroll, and how far in each frame
const form = document.querySelector("[data-editor]");

form.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button || document.querySelector(".rows--moving")) return;
  event.preventDefault();
  drag(grip, event);
});

function drag(grip, { pointerId, clientY }) {
  const card = grip.closest(".rows__row"), list = card.parentElement, before = cards(list);
  let y = clientY, frame;

  // The other cards change their places: a card that is itself put elsewhere would lose its pointer.
  const place = () => {
    for (;;) {
      const { previousElementSibling: above, nextElementSibling: below } = card;
      if (above.matches(".rows__row") && y < middle(above)) card.after(above);
      else if (below.matches(".rows__row") && y > middle(below)) card.before(below);
      else return;
    }
  };
  const tick = () => {
    if (y < EDGE) scrollBy(0, -STEP);
    else if (y > innerHeight - EDGE) scrollBy(0, STEP);
    place();
    frame = requestAnimationFrame(tick);
  };
  const move = (event) => { y = event.clientY; };
  const key = (event) => { if (event.key === "Escape") end(false); };
  const drop = () => end(true);
  const cancel = () => end(false);
  const heard = [["pointermove", move], ["pointerup", drop], ["pointercancel", cancel], ["lostpointercapture", cancel]];

  function end(isMeant) {
    if (isMeant) place();
    cancelAnimationFrame(frame);
    for (const [name, hear] of heard) grip.removeEventListener(name, hear);
    removeEventListener("keydown", key);
    if (!isMeant) card.parentElement.querySelector(":scope > template").before(...before);
    fold(list, card, false);
    scrollBy(0, grip.getBoundingClientRect().top - y);
    if (cards(list).some((one, at) => one !== before[at])) list.dispatchEvent(new Event("moved", { bubbles: true }));
  }

  grip.setPointerCapture(pointerId);
  for (const [name, hear] of heard) grip.addEventListener(name, hear);
  addEventListener("keydown", key);
  fold(list, card, true);
  scrollBy(0, grip.getBoundingClientRect().top + grip.offsetHeight / 2 - y); // the handle stays under the pointer
  frame = requestAnimationFrame(tick);
}

const cards = (list) => [...list.querySelectorAll(":scope > .rows__row")];

function middle(card) { const { top, height } = card.getBoundingClientRect(); return top + height / 2; }

// To a line each, which says what was typed first into the card, or back.
function fold(list, card, isFolded) {
  for (const one of cards(list)) {
    const words = [...one.querySelectorAll("input, textarea")].map((field) => field.value.trim()).find(Boolean);
    one.querySelector("legend").dataset.said = words ? `: ${words.slice(0, 60)}` : "";
  }
  list.classList.toggle("rows--moving", isFolded);
  card.classList.toggle("rows__row--moved", isFolded);
}
