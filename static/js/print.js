// Opens the browser's own print window, which also saves as PDF.
document.querySelector("[data-print]")?.addEventListener("click", () => print());
