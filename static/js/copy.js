// A button that copies what stands in a field. Without it the field can be selected and copied by hand.

for (const field of document.querySelectorAll("[data-copied]")) {
  field.addEventListener("focus", () => field.select());
  if (!navigator.clipboard) continue;
  const said = Object.assign(document.createElement("span"), { className: "copied" });
  said.setAttribute("role", "status");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: "Copy the link" });
  button.addEventListener("click", async () => {
    try { await navigator.clipboard.writeText(field.value); said.textContent = field.dataset.copied; }
    catch { field.select(); said.textContent = "Please copy the marked text."; }
  });
  field.after(button, said);
}
