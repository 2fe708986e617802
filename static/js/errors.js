// Takes the reader to what is wrong with a form, and from each line of it to the field.

const summary = document.querySelector("#error-summary");

if (summary) {
  if (document.activeElement === document.body) summary.focus(); // else somebody has begun to mend it
  summary.addEventListener("click", (event) => {
    const field = event.target.hash && document.querySelector(event.target.hash);
    if (!field) return;
    event.preventDefault();
    (field.labels?.[0] ?? field).scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });
}
