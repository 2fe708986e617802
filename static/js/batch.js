// A decision in batches: how far it is, until it is done.

const $ = (query, within = document) => within.querySelector(query);

while ($("[data-progress]")) {
  await new Promise((done) => setTimeout(done, 1000));
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  if (!$("main", page)) continue;
  $("main").replaceWith($("main", page));
  document.title = page.title;
  $(".decided")?.focus();
}
