// The article as its page would look, beside the editor on wide screens and in its place on narrow ones. The site renders it.

const PAUSE = 1000; // milliseconds without a key before it is asked
const form = document.querySelector("[data-editor]"), pane = document.querySelector("[data-preview]");
const button = form.querySelector("[data-previews]"), said = pane.querySelector("[data-preview-said]"), frame = pane.querySelector("iframe");
const wide = matchMedia("(min-width: 80em)");
let isShown = false, isOld = true, isAsked = false, waiting;

button.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // into a tab of its own, as without this script
  event.preventDefault();
  show(!isShown);
  if (!wide.matches) form.scrollIntoView();
});
form.addEventListener("input", () => { isOld = true; if (isShown) wait(); });
wide.addEventListener("change", () => show(wide.matches));
show(wide.matches);

function show(yes) {
  isShown = yes;
  pane.hidden = !yes;
  document.body.classList.toggle("previewing", yes);
  button.setAttribute("aria-pressed", String(yes));
  if (yes && isOld) ask();
}

function wait() { clearTimeout(waiting); waiting = setTimeout(ask, PAUSE); }

async function ask() {
  clearTimeout(waiting);
  if (isAsked || !isShown) return;
  isAsked = true;
  isOld = false;
  const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  try {
    const answer = await fetch(button.formAction, { method: "POST", body, signal: AbortSignal.timeout(20000) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const article = page.querySelector("article.article");
    said.textContent = answer.ok && article ? "" : "The preview cannot be made just now. What you type is kept all the same.";
    if (answer.ok && article) put(page, article);
  } catch {
    said.textContent = "The preview cannot be made just now. What you type is kept all the same.";
  }
  isAsked = false;
  if (isOld && isShown) wait();
}

// Into a document of its own, whose width is the pane's: so its styles are the page's on a screen of that width.
function put(page, article) {
  const inside = frame.contentDocument, top = frame.contentWindow.scrollY;
  const main = inside.createElement("main");
  main.className = "main";
  main.append(inside.importNode(article, true));
  if (!inside.head.children.length) {
    inside.documentElement.lang = page.documentElement.lang;
    for (const one of page.head.querySelectorAll("link[rel=stylesheet], meta[name=color-scheme]")) inside.head.append(inside.importNode(one, true));
    inside.addEventListener("click", (event) => { if (!event.target.closest("a")?.getAttribute("href")?.startsWith("#")) event.preventDefault(); });
  }
  const { theme } = document.documentElement.dataset;
  if (theme) inside.documentElement.dataset.theme = theme; else delete inside.documentElement.dataset.theme;
  inside.body.replaceChildren(main);
  frame.contentWindow.scrollTo(0, top);
}
