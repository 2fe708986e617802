// Puts the player in the place of its facade. Nothing is asked of the film's host before this click.

for (const facade of document.querySelectorAll("[data-player]")) {
  facade.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab or window is meant
    event.preventDefault();
    const player = document.createElement("iframe");
    player.className = "video__player";
    player.title = facade.dataset.title;
    player.referrerPolicy = "strict-origin-when-cross-origin"; // hosts refuse to play without one
    player.allow = "autoplay; fullscreen; picture-in-picture";
    player.allowFullscreen = true;
    player.tabIndex = 0;
    player.src = facade.dataset.player;
    facade.replaceWith(player);
    player.focus();
  });
}
