// Text pasted from a word processor or a web page becomes Markdown: the server reads its HTML. What is plain stays as it is.

const MEANS = /<(?:h[1-6]|li|table|a\s|b|strong|i|em|s|del|img|blockquote|pre|sup)\b|mso-list|font-weight:\s*(?:bold|[6-9]00)|font-style:\s*italic/i;

for (const area of document.querySelectorAll("[data-pasted-to]")) {
  const said = document.createElement("p");
  said.className = "field__hint";
  said.setAttribute("role", "status");
  area.after(said);
  area.addEventListener("paste", (event) => {
    const types = [...event.clipboardData.types], html = event.clipboardData.getData("text/html");
    if (area.readOnly || types.some((type) => type.includes("vscode")) || !MEANS.test(html)) return;
    event.preventDefault();
    take(area, said, html, event.clipboardData.getData("text/plain"));
  });
}

async function take(area, said, html, plain) {
  const { selectionStart, selectionEnd, form } = area;
  area.readOnly = true;
  said.textContent = "Reading what you pasted …";
  const found = await read(area.dataset.pastedTo, form.elements.csrf_token.value, html);
  area.readOnly = false;
  area.focus();
  area.setSelectionRange(selectionStart, selectionEnd);
  insert(area, found.markdown ?? plain);
  (found.figures ?? []).forEach((figure) => add(form, figure));
  said.textContent = words(found);
}

async function read(address, token, html) {
  const data = new FormData();
  data.append("csrf_token", token);
  data.append("html", new Blob([html], { type: "text/html" }), "pasted.html");
  try {
    const answer = await fetch(address, { method: "POST", body: data, signal: AbortSignal.timeout(60000) });
    return answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
  } catch {
    return {};
  }
}

// As if it were typed, so that undo takes it back.
function insert(area, text) {
  if (text && !document.execCommand("insertText", false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// The figure of a picture that came along: a card of its own, at once or when the article is saved.
function add(form, figure) {
  if (!form.dispatchEvent(new CustomEvent("add-card", { cancelable: true, detail: { list: "figures", values: figure } }))) return;
  let number = 0;
  while (form.querySelector(`[name^="figures-${number}-"]`)) number += 1;
  for (const [name, value] of Object.entries(figure)) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: `figures-${number}-${name}`, value });
    form.append(field);
  }
}

function words({ markdown, problem, figures = [], left_out: lost = [] }) {
  if (markdown === undefined) return `Pasted as plain text. ${problem ?? "Its headings, lists and links could not be read just now."}`;
  const pictures = figures.length ? ` ${figures.length === 1 ? "A picture" : `${figures.length} pictures`} came along: save, and describe each under Figures.` : "";
  const gone = lost.length ? ` Left out: ${lost.join("; ")}.` : "";
  return `Pasted.${pictures}${gone}`;
}
