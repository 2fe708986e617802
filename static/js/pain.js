// Names the area of the body chart under the pointer, the finger or the focus, beside it. Without this, browsers show the
// name of an area after a while, and the list beside the chart has them all.

const chart = document.querySelector(".chart");

function start() {
  const name = document.createElement("p");
  name.className = "chart__name";
  name.hidden = true;
  name.setAttribute("aria-hidden", "true"); // each link says its own name
  chart.append(name);
  for (const link of chart.querySelectorAll("a")) {
    const title = link.querySelector("title");
    link.dataset.name = title.textContent;
    title.remove(); // else the browser's own comes on top
  }

  const show = (link, x, y) => {
    name.textContent = link.dataset.name;
    name.hidden = false;
    const room = chart.getBoundingClientRect(), half = name.offsetWidth / 2;
    name.style.left = `${Math.min(Math.max(x - room.left, half), room.width - half)}px`;
    name.style.top = `${Math.max(y - room.top, name.offsetHeight)}px`;
  };
  const at = (event) => {
    const link = document.elementFromPoint(event.clientX, event.clientY)?.closest(".chart a");
    if (link) show(link, event.clientX, event.clientY - (event.pointerType === "touch" ? 44 : 14));
    else name.hidden = true;
  };
  chart.addEventListener("pointermove", at);
  chart.addEventListener("pointerdown", at);
  chart.addEventListener("pointerleave", () => { name.hidden = true; });
  chart.addEventListener("focusin", (event) => {
    if (!event.target.matches(":focus-visible")) return;
    const shape = event.target.querySelector(".chart__target").getBoundingClientRect();
    show(event.target, shape.left + shape.width / 2, shape.top - 6);
  });
  chart.addEventListener("focusout", () => { name.hidden = true; });
  chart.addEventListener("keydown", (event) => { if (event.key === "Escape") name.hidden = true; });
}

if (chart) start();
