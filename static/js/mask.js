// Words that are selected in the comment go into the list of what is masked.

document.addEventListener("click", ({ target }) => {
  const into = target.closest("[data-mask]");
  const words = into && String(getSelection()).trim();
  if (!words) return;
  const field = document.getElementById(into.dataset.mask);
  field.value = `${field.value.trimEnd()}\n${words}`.trim();
});
