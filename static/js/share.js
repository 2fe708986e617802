// Turns the plain link to the article into "Copy link", and offers the device's own way to share where there is one.

const link = document.querySelector("[data-copy]");

if (link && navigator.clipboard) {
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  link.after(said);

  const copy = button("Copy link", async () => {
    await navigator.clipboard.writeText(link.href);
    copy.textContent = said.textContent = "Link copied";
    setTimeout(() => { copy.textContent = "Copy link"; said.textContent = ""; }, 3000);
  });
  link.replaceWith(copy);

  if (navigator.share) {
    const item = document.createElement("li");
    item.append(button("Share with an app", () => {
      navigator.share({ title: document.querySelector("h1").textContent, url: link.href }).catch(() => {});
    }));
    copy.closest("li").before(item);
  }
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "share__link";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}
