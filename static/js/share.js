// Turns the plain link to the article into "Copy link" and "Copy title and link", offers the device's own way to share
// where there is one, and asks for the reader's Mastodon server, which this browser alone remembers.

const link = document.querySelector("[data-copy]");
const mastodon = document.querySelector('.share__link[href*="mastodon"]');
const title = document.querySelector("h1").textContent.trim();

if (link && navigator.clipboard) {
  const said = make("span", { className: "visually-hidden", role: "status" });
  link.after(said);

  const copying = (label, text) => {
    const copies = button(label, async () => {
      await navigator.clipboard.writeText(text);
      copies.textContent = said.textContent = "Copied";
      setTimeout(() => { copies.textContent = label; said.textContent = ""; }, 3000);
    });
    return copies;
  };
  const copy = copying("Copy link", link.href);
  link.replaceWith(copy);
  beside(copy, copying("Copy title and link", `${title}\n${link.href}`), "after");

  if (navigator.share) {
    beside(copy, button("Share with an app", () => {
      navigator.share({ title, url: link.href }).catch(() => {});
    }), "before");
  }
}

mastodon?.addEventListener("click", (clicked) => {
  clicked.preventDefault();
  if (mastodon.nextElementSibling) return;
  const label = make("label", { htmlFor: "share-server", textContent: "Your Mastodon server" });
  const input = make("input", { id: "share-server", className: "field__input", placeholder: "mastodon.social",
    required: true, spellcheck: false, autocapitalize: "none", value: remembered() });
  const form = make("form", { className: "share__server" });
  form.append(label, input, make("button", { className: "button button--quiet", textContent: "Share" }));
  form.addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    const server = input.value.trim().replace(/^https?:\/\//i, "").replace(/\/.*$/, "").replace(/^.*@/, "").toLowerCase();
    if (!/^[a-z0-9.-]+\.[a-z0-9-]+(:\d+)?$/.test(server)) {
      input.setCustomValidity("Please enter a server, such as mastodon.social");
      input.reportValidity();
      return;
    }
    remembered(server);
    location.assign(`https://${server}/share?text=${encodeURIComponent(`${title} ${mastodonLink()}`)}`);
  });
  input.addEventListener("input", () => input.setCustomValidity(""));
  mastodon.after(form);
  input.focus();
});

function mastodonLink() {
  return new URL(mastodon.href).searchParams.get("url");
}

function remembered(server) {
  try {
    if (server) localStorage.setItem("mastodon", server);
    return localStorage.getItem("mastodon") ?? "";
  } catch {
    return ""; // a browser that keeps nothing: it is asked each time
  }
}

function beside(place, element, where) {
  const item = make("li");
  item.append(element);
  place.closest("li")[where](item);
}

function button(text, act) {
  const made = make("button", { type: "button", className: "share__link", textContent: text });
  made.addEventListener("click", act);
  return made;
}

function make(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}
