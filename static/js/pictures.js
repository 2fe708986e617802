// Sends chosen, dropped and pasted pictures one after the other, and says how far each is and what became of it.

const line = [];
let busy = false;

for (const form of document.querySelectorAll("[data-upload]")) enhance(form);
document.addEventListener("filled", ({ target }) => { for (const form of target.querySelectorAll("[data-upload]")) enhance(form); });

function enhance(form) {
  const input = form.querySelector("[type=file]");
  form.querySelector(".button").remove();
  form.querySelector("[data-upload-more]").hidden = false;
  input.addEventListener("change", () => { take(form, input.files); input.value = ""; });
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("upload--over"); });
  form.addEventListener("dragleave", () => form.classList.remove("upload--over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("upload--over");
    take(form, event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (form.isConnected && event.clipboardData.files.length) { event.preventDefault(); take(form, event.clipboardData.files); }
  });
}

function take(form, files) {
  for (const file of files) {
    const item = make("li", "upload__item"), bar = make("progress", "upload__bar"), said = make("span", "upload__said", "waits");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    item.append(make("span", "upload__name", file.name), bar, said);
    form.querySelector("[data-upload-list]").append(item);
    line.push({ form, file, item, bar, said });
  }
  next();
}

function next() {
  const one = busy ? undefined : line.shift();
  if (!one) return;
  busy = true;
  const data = new FormData(), request = new XMLHttpRequest();
  data.append("csrf_token", one.form.elements.csrf_token.value);
  data.append("files", one.file, one.file.name);
  request.open("POST", one.form.action);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => { one.bar.value = event.loaded / event.total; one.said.textContent = "is being sent"; });
  request.upload.addEventListener("load", () => { one.bar.removeAttribute("value"); one.said.textContent = "is being looked at"; });
  request.addEventListener("loadend", () => { busy = false; end(one, request); next(); });
  request.send(data);
}

function end(one, request) {
  one.bar.remove();
  let found;
  try { [found] = JSON.parse(request.responseText); } catch { found = undefined; }
  if (found?.name) return show(one, found);
  one.item.classList.add("upload__item--refused");
  one.said.textContent = found?.problem ?? reason(request);
  if (found && request.status !== 503) return;
  const again = make("button", "button button--quiet", "Try again");
  again.type = "button";
  again.addEventListener("click", () => { one.item.remove(); take(one.form, [one.file]); });
  one.item.append(again);
}

function show({ form, item, said }, found) {
  const picture = make("img", "upload__image");
  Object.assign(picture, { src: found.thumbnail, alt: "", width: 64, height: 64 });
  item.prepend(picture);
  said.textContent = found.is_new ? "" : "was here already";
  if (form.closest("dialog")) {
    const choose = make("button", "button", "Choose");
    Object.assign(choose, { type: "button" });
    Object.assign(choose.dataset, { picture: found.name, alt: found.alt });
    item.append(choose);
    return choose.focus();
  }
  const open = make("a", "upload__open", found.alt ? "Open" : "Describe it");
  open.href = found.page;
  item.append(open);
}

function reason({ status, responseURL }) {
  if (status === 413) return "is too large.";
  if (status === 400 || responseURL.includes("/login")) return "was not sent: you are signed out. Sign in in another window, reload this page there, and try again here.";
  return "was not sent: no connection, or the site is busy.";
}

function make(tag, name, text = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}
