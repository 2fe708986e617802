// Words that are selected in the comment go into the list of what is redacted.

document.addEventListener("click", ({ target }) => {
  const into = target.closest("[data-redact]");
  const words = into && String(getSelection()).trim();
  if (!words) return;
  const field = document.getElementById(into.dataset.redact);
  field.value = `${field.value.trimEnd()}\n${words}`.trim();
});
