// Lets an author choose a picture for a field: [data-choose-picture] names the field, its link the page of pictures.
// Its name is put into the field, which tells of it by "input"; "chosen" carries the name and what it shows.
// The event "choose-picture" asks for one, too: its detail says the address of the page, and what to do `then`.

let dialog, field, then;

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-choose-picture]"), more = event.target.closest("dialog [data-more]");
  const picture = event.target.closest("dialog [data-picture]");
  if (opener) { event.preventDefault(); then = put; field = document.getElementById(opener.dataset.choosePicture); open(opener.href); }
  if (more) { event.preventDefault(); fill(more.href); }
  if (picture) { dialog.close(); then(picture.dataset); }
});

document.addEventListener("choose-picture", ({ detail }) => { ({ then } = detail); open(detail.href); });

async function open(address) {
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.className = "chooser";
    dialog.setAttribute("aria-label", "Choose a picture");
    dialog.addEventListener("submit", (event) => {
      if (event.target.method !== "get") return;
      event.preventDefault();
      fill(`${event.target.action}?${new URLSearchParams(new FormData(event.target))}`);
    });
    document.body.append(dialog);
  }
  if (await fill(address)) dialog.showModal();
}

async function fill(address) {
  const answer = await fetch(address).catch(() => undefined);
  const found = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("choose");
  if (!found) { location.assign(address); return false; }
  const close = document.createElement("button");
  close.className = "button button--quiet chooser__close";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.replaceChildren(close, found);
  dialog.dispatchEvent(new CustomEvent("filled", { bubbles: true }));
  return true;
}

function put({ picture, alt }) {
  field.value = picture;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: { name: picture, alt } }));
  field.focus();
}
