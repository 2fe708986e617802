// Keeps what is typed in the editor: on the site, three seconds after the last key, when a field or the page is left;
// in this browser, until the site has it. An answer never holds a text: no field changes under somebody's hands.

const WAIT = 3000, AGAIN = 15000, BEACON_MOST = 60000; // that a browser sends behind a page that is gone
const form = document.querySelector("[data-editor]");
const $ = (query) => form.querySelector(query);
const { account } = form.dataset;
const own = form.elements;
let article = form.dataset.article, changes = "typed" in form.dataset ? 1 : 0, known = 0, count = 0;
let since = new Date(), waiting, storing, sending, blocked = false, signedOut = false, leaving = false, told = "";

const key = () => `unsaved:${account}:${article || "new"}:${own.page.value}`;
const isDirty = () => changes !== known;
const time = (at) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
const typed = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrf_token");

form.addEventListener("input", () => {
  if (!isDirty()) since = new Date();
  changes += 1;
  clearTimeout(storing);
  storing = setTimeout(store, 300);
  if (!sending && !told) wait(WAIT);
});
form.addEventListener("focusout", () => told || save());
addEventListener("online", retry);
addEventListener("focus", retry);
addEventListener("pagehide", () => leave(true));
addEventListener("pageshow", () => { leaving = false; });
document.addEventListener("visibilitychange", () => (document.hidden ? leave(false) : retry()));

// A version is saved after what is on its way, never before it.
form.addEventListener("submit", async (event) => {
  const { submitter } = event;
  if (submitter?.formTarget) return;
  leaving = true;
  clearTimeout(waiting);
  if (isDirty()) store();
  try { sessionStorage.setItem("sent", JSON.stringify({ key: key(), at: Date.now() })); } catch { /* it is offered once more */ }
  setTimeout(() => { leaving = false; }, 10000); // the page is gone by then, or nothing was sent
  if (!sending) return;
  event.preventDefault();
  await Promise.race([sending, new Promise((done) => setTimeout(done, WAIT))]);
  form.requestSubmit(submitter);
});

document.querySelector("form[action='/logout']")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  await save();
  if (isDirty() && !confirm("Some changes are only kept in this browser and would be lost. Sign out anyway?")) return;
  leaving = true;
  clearTimeout(storing);
  for (const copy of Object.keys(localStorage)) if (copy.startsWith(`unsaved:${account}:`)) forget(copy);
  event.target.submit();
});

function wait(milliseconds) { clearTimeout(waiting); waiting = setTimeout(retry, milliseconds); }

async function retry() {
  if (!isDirty() || blocked || leaving) return;
  if (signedOut && !(await renew())) return wait(AGAIN);
  save();
}

function save() {
  clearTimeout(waiting);
  if (isDirty() && !sending && !blocked && !leaving) {
    sending = send(false).finally(() => { sending = undefined; if (isDirty()) wait(told ? AGAIN : WAIT); });
  }
  return sending;
}

function leave(forGood) {
  if (!isDirty() || leaving) return;
  store();
  if (!blocked && (forGood || !sending)) send(true);
}

async function send(keepalive) {
  const upTo = changes, fields = [...typed(), ["csrf_token", own.csrf_token.value], ["count", count += 1]];
  const address = article ? `/desk/posts/${article}/autosave` : "/desk/posts/autosave", short = new URLSearchParams(fields).toString();
  const isLast = keepalive && short.length < BEACON_MOST, body = isLast ? new URLSearchParams(fields) : new FormData();
  if (!isLast) for (const [name, value] of fields) body.append(name, value); // else each Cyrillic letter counts six times
  let answer, found;
  try {
    answer = await fetch(address, { method: "POST", body, keepalive: isLast, signal: AbortSignal.timeout(20000) });
    if (answer.headers.get("Content-Type")?.includes("json")) found = await answer.json();
  } catch { return fail("The site cannot be reached; it is tried again."); }
  signedOut = answer.redirected || answer.status === 400;
  blocked = answer.status === 409;
  if (answer.ok && found) return succeed(upTo, found);
  if (signedOut) return fail("You are signed out.");
  fail(found?.problem ?? (answer.status === 413 ? "It is too long." : "The site could not save it; it is tried again."));
}

function succeed(upTo, found) {
  forget(key());
  if (!article && found.article) {
    $("[data-new]").replaceChildren(Object.assign(document.createElement("span"), { className: "label", textContent: "Draft" }));
    article = form.dataset.article = String(found.article);
    form.action = `/desk/posts/${article}`;
    history.replaceState(null, "", form.action);
  }
  own.seen.value ||= found.seen ?? "";
  known = upTo;
  since = new Date();
  if (isDirty()) store();
  form.dispatchEvent(new CustomEvent("told", { detail: found }));
  tell("", article ? `Saved ${time(since)}` : "");
}

function fail(why) {
  tell(why, `Not saved since ${time(since)}, ${store() ? "kept on this device" : "keep this page open"}. ${why}`);
  if (signedOut) $("[data-kept]").append(" ", Object.assign(document.createElement("a"), { href: "/login", target: "_blank", textContent: "Sign in (new tab)" }));
}

function tell(why, text) {
  $("[data-kept]").textContent = text;
  $("[data-kept]").classList.toggle("editor__kept--not", Boolean(why));
  if (why !== told) $("[data-kept-said]").textContent = text;
  told = why;
}

// Somebody who signed in beside it gets a token that works; nothing of one person is sent as another.
async function renew() {
  const answer = await fetch("/desk/posts/autosave").catch(() => undefined);
  if (!answer?.ok || answer.redirected) return false;
  const found = await answer.json();
  if (String(found.account) !== account) { fail("Somebody else is signed in here."); return false; }
  for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = found.csrf_token;
  signedOut = false;
  return true;
}

// One copy for each page on which something is not saved yet; js/unsaved.js offers it again.
function store() {
  clearTimeout(storing);
  try { localStorage.setItem(key(), JSON.stringify({ at: Date.now(), fields: typed() })); return true; } catch { return false; }
}

function forget(copy) { try { localStorage.removeItem(copy); } catch { /* a browser that keeps nothing */ } }

if (isDirty()) wait(WAIT);
