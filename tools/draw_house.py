"""Draws docs/images/house.svg from the imports of blog/: `python -m tools.draw_house`.

A room is a folder, the ground is all single files together. An arrow means that at least one file of a feature imports
one of another room. What the wings import is not drawn, because they may take from everything below; nor is what rests
on the ground, because everything does.
"""

from __future__ import annotations

from collections.abc import Iterator

from tools.house import FEATURES, PURE, ROOT, WINGS, arrows, floor_of, modules

OUT = ROOT / "docs" / "images" / "house.svg"
WIDTH, ROOM, GAP, MARGIN = 1160, 82, 11, 24
ROWS = {"wiring": 24, "wings": 130, "features": 300, "pure": 480, "ground": 590}  # top edge of each floor
HEIGHT = 690
STYLE = """
  text { font: 14px system-ui, sans-serif; fill: #23302d; text-anchor: middle }
  .room { fill: #f4f7f5; stroke: #51625d }
  .wing { fill: #dcebe5 }
  .way { fill: none; stroke: #7d938c; stroke-width: 1.2; marker-end: url(#tip) }
  @media (prefers-color-scheme: dark) {
    svg { background: #16201d } text { fill: #e4ece9 }
    .room { fill: #22302c; stroke: #8aa39b } .wing { fill: #2d453d } .way { stroke: #8aa39b }
  }
"""


def room_of(name: str) -> str:
    """The room a module belongs to: its folder, "wiring", or "ground"."""
    floor = floor_of(name)
    return (
        name.split(".")[1] if floor in ("wings", "features", "pure") else "wiring" if floor == "sample" else str(floor)
    )


def rooms() -> dict[str, tuple[float, float, float]]:
    """Left edge, top edge and width of every room that has a file."""
    used = {room_of(name) for name in modules()}
    places = {
        "wiring": (MARGIN, ROWS["wiring"], WIDTH - 2 * MARGIN),
        "ground": (MARGIN, ROWS["ground"], WIDTH - 2 * MARGIN),
    }
    for floor, names in (("wings", WINGS), ("features", FEATURES), ("pure", PURE)):
        here = [name for name in names if name in used]
        wide = ROOM if floor == "features" else (WIDTH - 2 * MARGIN - GAP * (len(here) - 1)) / len(here)
        start = (WIDTH - len(here) * wide - (len(here) - 1) * GAP) / 2
        places |= {name: (start + index * (wide + GAP), ROWS[floor], wide) for index, name in enumerate(here)}
    return places


def ways() -> set[tuple[str, str]]:
    """Which feature imports from which room."""
    found = {(room_of(arrow.source), room_of(arrow.target)) for arrow in arrows()}
    return {(above, below) for above, below in found if above in FEATURES and below not in (above, "ground")}


def _path(above: tuple[float, float, float], below: tuple[float, float, float]) -> str:
    """A curve between two rooms: down to a lower floor, and in an arc along the same one."""
    x1, x2 = above[0] + above[2] / 2, below[0] + below[2] / 2
    if above[1] == below[1]:
        lift = 18 + abs(x1 - x2) * 0.09
        return (
            f"M{x1:.0f} {above[1]} C{x1:.0f} {above[1] - lift:.0f} {x2:.0f} {below[1] - lift:.0f} {x2:.0f} {below[1]}"
        )
    start, end = above[1] + 56, below[1]
    if below[2] > 200:
        x2 = min(max(x1, below[0] + 20), below[0] + below[2] - 20)
    return f"M{x1:.0f} {start} C{x1:.0f} {start + 40} {x2:.0f} {end - 40} {x2:.0f} {end}"


def _parts() -> Iterator[str]:
    places = rooms()
    for above, below in sorted(ways()):
        yield f'<path class="way" d="{_path(places[above], places[below])}"/>'
    names = {
        "public": "public: what readers see",
        "desk": "desk: what staff see",
        "wiring": "wiring: create_app, commands, template names, samples",
        "ground": "ground: single files that know no feature",
    }
    for room, (x, y, wide) in places.items():
        style = "room wing" if room in WINGS else "room"
        yield f'<rect class="{style}" x="{x:.0f}" y="{y}" width="{wide:.0f}" height="56" rx="6"/>'
        yield f'<text x="{x + wide / 2:.0f}" y="{y + 33}">{names.get(room, room)}</text>'


def svg() -> str:
    """The whole drawing."""
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
            "<title>The rooms of blog/: arrows run down, or to the left among features</title>",
            f"<style>{STYLE}</style>",
            '<defs><marker id="tip" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" orient="auto">'
            '<path d="M0 0 6 3 0 6z" fill="#7d938c"/></marker></defs>',
            *_parts(),
            "</svg>\n",
        )
    )


if __name__ == "__main__":
    OUT.write_text(svg(), encoding="utf-8")
