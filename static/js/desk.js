// The queue by keys and without reloading: decide, go on to the next comment, undo. Everything works without it, too.
// No key does anything while somebody types, with a modifier, or after the keys were switched off in this browser.

const $ = (query, within = document) => within.querySelector(query);
const card = () => document.activeElement?.closest(".card");
const keys = { get on() { try { return localStorage.keys !== "off"; } catch { return true; } } };
let busy = false, latest;

document.documentElement.toggleAttribute("data-keys", keys.on);

document.addEventListener("focusin", () => { latest = card() ?? latest; });

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const pressed = letter(event);
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || $("dialog[open]")) return;
  if (target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) {
    if (key === "Escape" && card()) focusCard(card());
    else if (key === "Enter" && target.matches(".card select")) target.form.requestSubmit($("button", target.form));
    else return;
    return event.preventDefault();
  }
  if (keys.on && act(pressed, event.repeat)) event.preventDefault();
});

// What a key means: CapsLock makes no difference, and a layout without Latin letters is read by where its keys lie.
// The keys for "/" and "?" write other signs there; which layout it is was seen from the last letter.
let isLatin = true;
function letter({ key, code, shiftKey }) {
  if (/^\p{L}$/u.test(key)) isLatin = /\p{Script=Latin}/u.test(key);
  if (/^[a-z]$/i.test(key)) return shiftKey ? "" : key.toLowerCase();
  if (isLatin) return key;
  if (code === "Slash") return shiftKey ? "?" : "/";
  return shiftKey ? "" : code.startsWith("Key") ? code.slice(3).toLowerCase() : key;
}

function act(key, repeat) {
  const here = card();
  if (key === "j" || key === "k") return move(here, key === "j" ? 1 : -1);
  if (repeat) return false;
  if (key === "/") return $("#q")?.focus() ?? Boolean($("#q"));
  if (key === "?") return help();
  if (key === "u") return press($("#done [data-key=u]"));
  if (!/^[arshet]$/.test(key)) return false;
  if (!here) return move(null, 1); // nothing is decided that nobody has looked at
  const details = $(`[data-opens="${key}"]`, here);
  if (!details) return press($(`[data-key="${key}"]`, here));
  details.open = key !== "t" || !details.open;
  if (key !== "t") $("select, textarea", details).focus();
  return true;
}

function press(button) { button?.click(); return Boolean(button); }

function move(from, step) {
  const all = [...document.querySelectorAll(".card")];
  const next = from ? all[all.indexOf(from) + step] : latest?.isConnected ? latest : all[0];
  if (next) focusCard(next);
  return Boolean(next);
}

function focusCard(one) { one.focus({ preventScroll: true }); one.scrollIntoView({ block: "start" }); }

function help() {
  const dialog = $("#keys");
  $("#keys-on").checked = keys.on;
  dialog?.showModal();
  return Boolean(dialog);
}

// A next click in a row may end on the next comment.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-help]")) help();
  if (event.detail > 1 && event.target.closest(".card button")) event.preventDefault();
});

document.addEventListener("change", ({ target }) => {
  if (target.id !== "keys-on") return;
  try { localStorage.keys = target.checked ? "on" : "off"; } catch { /* a browser that keeps nothing */ }
  document.documentElement.toggleAttribute("data-keys", keys.on);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-decides], #done [data-undoes]") || !$("#queue, #done")) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  document.body.setAttribute("aria-busy", "true");
  try {
    let [answer, page] = await send(form, event.submitter);
    if (answer.status === 400 && await renewed()) [answer, page] = await send(form, event.submitter);
    if (answer.ok && $("#done .decided", page)) go(form, page);
    else if ($(".error-summary", page)) swap(page, ".error-summary");
    else if (answer.ok && !$("[name=password]", page)) location.assign(answer.url); // a job, with a page of its own
    else tell(form, answer, page);
  } catch { // the network: as if there were no script; a verdict that was heard already does no harm
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: event.submitter?.name, value: event.submitter?.value }));
    form.submit();
  } finally {
    busy = false;
    document.body.removeAttribute("aria-busy");
  }
});

async function send(form, button) {
  const fields = new URLSearchParams(new FormData(form));
  if (button?.name) fields.append(button.name, button.value);
  return read(await fetch(form.action, { method: "POST", body: fields }));
}

async function read(answer) { return [answer, new DOMParser().parseFromString(await answer.text(), "text/html")]; }

// Somebody who signed in again has forms that had expired: they get fresh tokens, and keep what was typed.
async function renewed() {
  const [, page] = await read(await fetch(location.href));
  const token = $("#done", page) && $("[name=csrf_token]", page)?.value;
  if (token) for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token;
  return Boolean(token);
}

// What went wrong is said where decisions are said; the page, and what was typed on it, stays.
function tell(form, answer, page) {
  const box = Object.assign(document.createElement("div"), { className: "notice notice--care decided", tabIndex: -1 });
  const signedOut = answer.status === 400 || $("[name=password]", page);
  const said = signedOut ? "You are signed out. What you typed is still here: sign in again beside it, then repeat this." : $("h1 + p", page)?.textContent;
  box.append(Object.assign(document.createElement("p"), { textContent: said ?? "That did not work. Please try again." }));
  if (signedOut) box.append(Object.assign(document.createElement("a"), { href: "/login", target: "_blank", className: "button button--quiet", textContent: "Sign in (new tab)" }));
  $("#done").replaceChildren(box);
  if (signedOut || !form.isConnected) box.focus();
}

// After a decision: the next comment has the focus, the list is filled up from the answer, the rest is as it says.
function go(form, page) {
  const done = form.closest(".card");
  if (!done || !$("#queue", page)) return swap(page, `#${$("#done").dataset.last}, .card, .decided`);
  const next = done.nextElementSibling?.id ?? done.previousElementSibling?.id;
  for (const one of ["#urgent", "#filters", "#count", ".bulk__all", ".pagination"]) {
    const old = $(one), fresh = $(one, page);
    fresh ? old?.replaceWith(fresh) : old?.remove();
  }
  $("#done").replaceChildren(...$("#done", page).childNodes); // the place stays, so that it is read out
  $("#done").dataset.last = done.id;
  const fresh = document.getElementById(done.id) && $(`#${done.id}`, page);
  fresh ? done.replaceWith(fresh) : done.remove();
  for (const one of page.querySelectorAll("#queue > .card")) if (!document.getElementById(one.id)) $("#queue").append(one);
  const target = document.getElementById(next) ?? $(".card");
  target ? focusCard(target) : location.reload();
  document.dispatchEvent(new Event("decided"));
}

function swap(page, focus) {
  $("main").replaceWith($("main", page));
  document.title = page.title;
  const first = focus.split(", ").map((one) => one !== "#undefined" && $(one)).find(Boolean);
  first?.matches(".card") ? focusCard(first) : first?.focus();
}
