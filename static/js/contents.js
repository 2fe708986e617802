// Marks in the contents where the reader is: the last section whose heading has passed the upper third of the screen.

const links = new Map();
for (const link of document.querySelectorAll(".contents__list a")) {
  const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (heading) links.set(heading, link);
}

const headings = [...links.keys()];
const watch = new IntersectionObserver(mark, { rootMargin: "99999px 0px -66% 0px" }); // also those far above
headings.forEach((heading) => watch.observe(heading));

function mark() {
  const line = innerHeight / 3;
  const here = headings.findLast((heading) => heading.getBoundingClientRect().top < line);
  for (const [heading, link] of links) {
    if (heading === here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
