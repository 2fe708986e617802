// Keeps an unsent comment (name and text, never the e-mail address) in this browser, and erases it once it was sent.
// The form says so beside it. A form is known by its action; a draft is dropped after a week.

const WEEK = 7 * 24 * 3600 * 1000;
const SENT = "draft-sent";
const form = document.querySelector("form[data-draft]");

try {
  if (form) keep(form, `draft:${form.getAttribute("action")}`);
  else forgetSent();
} catch { /* a browser that keeps nothing */ }

// How many seconds the writing took is one hint among others; a form that came with text says nothing.
if (form && !form.elements.body.value) form.addEventListener("submit", () => {
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "elapsed", value: Math.round(performance.now() / 100) / 10 }));
}, { once: true });

function keep(form, key) {
  const [said, erase] = form.querySelectorAll("[data-draft-said], [data-draft-erase]");
  const fields = ["name", "body"].map((name) => form.elements[name]);
  const body = form.elements.body;
  const kept = JSON.parse(localStorage.getItem(key) ?? "null");

  if (kept && Date.now() - kept.at > WEEK) localStorage.removeItem(key);
  else if (kept && !body.value) {
    for (const field of fields) field.value ||= kept[field.name] ?? "";
    said.textContent = "The text that you had not sent yet is back. It is kept in this browser only.";
    body.dispatchEvent(new Event("input"));
  }
  erase.hidden = !body.value;

  sessionStorage.removeItem(SENT);
  let waiting, isSent = false;
  form.addEventListener("input", () => {
    erase.hidden = !body.value;
    clearTimeout(waiting);
    waiting = setTimeout(save, 400);
  });
  form.addEventListener("submit", () => { save(); isSent = true; sessionStorage.setItem(SENT, key); });
  addEventListener("pagehide", () => isSent || save());
  addEventListener("pageshow", () => { // by the way back, with the form as it was left
    if (isSent && !localStorage.getItem(key)) body.value = "";
    isSent = false;
  });
  erase.addEventListener("click", () => {
    for (const field of fields) field.value = "";
    save();
    erase.hidden = true;
    said.textContent = "Deleted.";
    body.dispatchEvent(new Event("input"));
    body.focus();
  });

  function save() {
    clearTimeout(waiting);
    if (!body.value) return localStorage.removeItem(key);
    const values = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    localStorage.setItem(key, JSON.stringify({ ...values, at: Date.now() }));
  }
}

// On the page that a sent comment leads to. A form that came back with errors is no such page.
function forgetSent() {
  const key = sessionStorage.getItem(SENT);
  if (!key) return;
  localStorage.removeItem(key);
  sessionStorage.removeItem(SENT);
}
