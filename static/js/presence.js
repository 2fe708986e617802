// Tells the site once a minute that this editor is open and somebody is at it, and shows who else has the article open.

const EVERY = 60000, AWAY = 10 * 60000;
const form = document.querySelector("[data-editor]");
let alive = Date.now();

for (const event of ["pointermove", "pointerdown", "keydown", "scroll"]) addEventListener(event, () => { alive = Date.now(); }, { passive: true });
form.addEventListener("told", ({ detail }) => show(detail)); // by js/autosave.js, whose saves tell the same
addEventListener("pagehide", () => tell(true));
document.addEventListener("visibilitychange", () => tell());
setInterval(tell, EVERY);
tell();

// Nobody at it: nothing is sent, so that neither name nor log-in outlasts the person.
async function tell(isOver = false) {
  const { article } = form.dataset;
  if (!article || (!isOver && (document.hidden || Date.now() - alive > AWAY))) return;
  const { csrf_token: token, seen } = form.elements;
  const body = new URLSearchParams({ csrf_token: token.value, seen: seen.value, ...(isOver === true && { over: "1" }) });
  const answer = await fetch(`/desk/posts/${article}/open`, { method: "POST", body, keepalive: true }).catch(() => undefined);
  if (answer?.ok && !answer.redirected) show(await answer.json());
}

function show(found) {
  for (const name of ["others", "newer"]) {
    const line = form.querySelector(`[data-${name}]`);
    line.textContent = found[name];
    line.hidden = !found[name];
  }
}
