// Proof of work: on suspicion the browser computes for a second, beside the writing, and sends what it found along.
// The answer weighs a little in the writer's favour (blog/comments/proofs.py). Nothing waits for it.
// Loaded when the comment's text is first touched (js/first.js).

const LOOKS_LIKE_A_LINK = /https?:|www\.|\[url|[\w-]\.(?:com|net|org|info|biz|io|co|ru|shop|site|online|xyz)\b/i;
const BESIDE_EACH_OTHER = 4; // tries, in threads of the browser's own: the page stays quick

const form = document.querySelector("form[data-draft]");
let isBusy = false, isAsked = false, isDone = false;

if (form && crypto.subtle) { // browsers bring it to secure pages alone
  form.elements.body.addEventListener("input", look);
  look();
}

async function look() {
  const isSuspicious = LOOKS_LIKE_A_LINK.test(form.elements.body.value);
  if (isBusy || isDone || (isAsked && !isSuspicious)) return;
  isBusy = isAsked = true;
  try {
    const answer = await fetch(`${form.getAttribute("action")}/proof`, { credentials: "omit" });
    if (!answer.ok) return;
    const { wanted, challenge } = await answer.json();
    if (!wanted && !isSuspicious) return;
    isDone = true;
    const payload = { challenge, solution: await solve(challenge.parameters) };
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "proof", value: btoa(JSON.stringify(payload)) }));
  } catch { /* then without */ } finally { isBusy = false; }
}

async function solve({ nonce, salt, cost, keyLength, keyPrefix }) {
  const [start, grain] = [bytes(nonce), bytes(salt)];
  for (let first = 0; ; first += BESIDE_EACH_OTHER) {
    const tried = await Promise.all(Array.from({ length: BESIDE_EACH_OTHER }, (_, number) => one(first + number)));
    const found = tried.find(({ derivedKey }) => derivedKey.startsWith(keyPrefix));
    if (found) return found;
  }

  async function one(counter) {
    const password = new Uint8Array(start.length + 4);
    password.set(start);
    new DataView(password.buffer).setUint32(start.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: grain, iterations: cost }, key, keyLength * 8);
    return { counter, derivedKey: Array.from(new Uint8Array(bits), (byte) => byte.toString(16).padStart(2, "0")).join("") };
  }
}

function bytes(hex) {
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}
