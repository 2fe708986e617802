// Offers what this browser kept of an article and the site never got; js/autosave.js keeps one copy for each page.

const MONTH = 30 * 24 * 3600 * 1000;
const form = document.querySelector("[data-editor]");
const prefix = `unsaved:${form.dataset.account}:${form.dataset.article || "new"}:`;
const own = prefix + form.elements.page.value;
const $ = (query) => form.querySelector(query);

try { forgetSent(); offer(); } catch { /* a browser that keeps nothing */ }

// After a save, what was sent is forgotten, and not what was typed while it was on its way.
function forgetSent() {
  const sent = JSON.parse(sessionStorage.getItem("sent"));
  sessionStorage.removeItem("sent");
  if (sent && "saved" in form.dataset && read(sent.key)?.at <= sent.at) localStorage.removeItem(sent.key);
}

function offer() {
  const copy = Object.keys(localStorage).find((one) => one.startsWith(prefix) && one !== own);
  const kept = read(copy);
  $("[data-local]").hidden = !kept;
  if (!copy) return;
  if (!kept || Date.now() - kept.at > MONTH) return drop(copy);
  $("[data-local-at]").textContent = new Date(kept.at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
  $("[data-local-drop]").onclick = () => drop(copy);
  $("[data-local-back]").onclick = () => putBack(kept.fields);
}

function read(copy) { try { return JSON.parse(localStorage.getItem(copy)); } catch { return null; } }

function drop(copy) { localStorage.removeItem(copy); offer(); }

// The site makes the page from the copy, as it does when a card is added; it is saved by itself, or with "Save".
function putBack(fields) {
  const back = Object.assign(document.createElement("form"), { method: "post", action: form.action, hidden: true });
  for (const [name, value] of [...fields, ["csrf_token", form.elements.csrf_token.value], ["do", "keep"]]) {
    back.append(Object.assign(document.createElement("textarea"), { name, value })); // an input loses line breaks
  }
  document.body.append(back);
  back.submit();
}
