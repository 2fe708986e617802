import gzip
import json
import math
import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from blog.anatomy import drawing
from blog.anatomy.drawing.areas import AREAS, TWO_SIDED
from blog.anatomy.drawing.bones import BONES
from blog.anatomy.drawing.chart import PANEL_HEIGHT, PANEL_WIDTH, PANELS, targets
from blog.anatomy.drawing.curves import closed_curve, contains
from blog.anatomy.drawing.fibres import FANS, fibres
from blog.anatomy.drawing.figure import VIEWS
from blog.anatomy.drawing.muscles import DEEP, MUSCLES
from blog.anatomy.drawing.palette import BODY, INK, PAPER
from blog.anatomy.drawing.sites import SITES

VOCABULARY = json.loads(Path("blog/sample/vocabulary.json").read_text(encoding="utf-8"))
SHIPPED = {muscle["slug"]: muscle for muscle in VOCABULARY["muscles"]}
NAMES = {area["slug"]: area["name"] for area in VOCABULARY["pain_areas"]}

LARGEST = 12_000  # bytes, compressed
THUMB = 24  # CSS pixels
PHONE = 374  # CSS pixels: the chart on a phone 390 pixels wide, between margins of 8
CARDS = {
    **{f"pain map of {slug}": lambda m=muscle: drawing.pain_map(m) for slug, muscle in SHIPPED.items()},
    **{f"site map of {slug}": lambda m=muscle: drawing.site_map(m) for slug, muscle in SHIPPED.items()},
    **{
        f"stretch {name}": lambda n=name: drawing.stretch_figure(drawing.pose(n))
        for name in sorted(drawing.pose_names())
    },
}
DARK = "@media screen and (prefers-color-scheme:dark){"
SVG = "{http://www.w3.org/2000/svg}"


def chart():
    return ElementTree.fromstring(drawing.chart(lambda slug: f"/pain/{slug}", NAMES))


def links(tree):
    return [link for link in tree.iter(f"{SVG}a") if link.get("tabindex") != "-1"]


def clickable(panel):
    """The targets of a panel as (view, slug, polygon), at the width of a phone."""
    scale = PHONE / PANEL_WIDTH
    return [
        (part.view, slug, [(x * scale, y * scale) for x, y in curve.polygon()])
        for part in PANELS[panel]
        for slug, curves in targets(part).items()
        for curve in curves
    ]


def grid(polygon, step):
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    for i in range(int((max(xs) - min(xs)) / step) + 1):
        for j in range(int((max(ys) - min(ys)) / step) + 1):
            point = (min(xs) + (i + 0.5) * step, min(ys) + (j + 0.5) * step)
            if contains(polygon, point):
                yield point


def distance(point, polygon):
    """From a point to the nearest edge."""
    x, y = point
    nearest = math.inf
    xa, ya = polygon[-1]
    for xb, yb in polygon:
        length = (xb - xa) ** 2 + (yb - ya) ** 2
        t = max(0, min(1, ((x - xa) * (xb - xa) + (y - ya) * (yb - ya)) / length)) if length else 0
        nearest = min(nearest, math.hypot(x - xa - t * (xb - xa), y - ya - t * (yb - ya)))
        xa, ya = xb, yb
    return nearest


class TestVocabulary:
    def test_every_pain_area_has_a_shape(self):
        """No area of the vocabulary is without a place on the body, and no place is without an area."""
        assert set(NAMES) == {slug for shapes in AREAS.values() for slug in shapes}

    def test_every_muscle_has_an_outline(self):
        """No muscle is without a site; sites of trigger points belong to muscles."""
        assert set(SHIPPED) == set(MUSCLES)
        assert set(SITES) | DEEP <= set(MUSCLES)

    def test_places_lie_on_their_muscle(self):
        """A trigger-point site lies in the outline of its muscle, or a finger's breadth beside it."""
        for slug, views in SITES.items():
            for view, places in views.items():
                outlines = [curve.polygon() for curve in MUSCLES[slug][view].both()]
                for point in (spot for place in places for spot in place.spots):
                    assert any(contains(o, point) or distance(point, o) < 7 for o in outlines), (slug, point)

    def test_no_two_places_hide_each_other(self):
        """Numbers on a map can all be read."""
        for slug, views in SITES.items():
            for places in views.values():
                spots = [spot for place in places for spot in place.spots]
                assert all(math.dist(a, b) > 5 for a, b in combinations(spots, 2)), slug

    def test_bones_lie_on_the_body(self):
        """Each landmark lies within the contour of its view."""
        for view, bones in BONES.items():
            bodies = [curve.polygon() for curve in VIEWS[view].body]
            for bone in bones:
                points = [point for curve in bone.curves for point in curve.points]
                on_body = sum(any(contains(body, p) or distance(p, body) < 3 for body in bodies) for p in points)
                assert on_body >= 0.9 * len(points), (view, bone.name)

    def test_fibres_run_through_their_muscle(self):
        """Every muscle shows its direction: the middle of most of its fibres lies inside its outline."""
        assert set(FANS) <= {(slug, view) for slug, views in MUSCLES.items() for view in views}
        for slug, views in MUSCLES.items():
            for view, shape in views.items():
                for curve in shape.curves:
                    lines, outline = fibres(slug, view, curve), curve.polygon()
                    inside = [any(contains(outline, p) for p in line.polygon()) for line in lines]
                    assert sum(inside) >= 0.7 * len(lines), (slug, view)

    def test_shapes_lie_on_the_body(self):
        """The middle of each area and muscle lies within the contour of its view."""
        for shapes in (AREAS, _by_view(MUSCLES)):
            for view, found in shapes.items():
                bodies = [curve.polygon() for curve in VIEWS[view].body]
                for slug, shape in found.items():
                    for curve in shape.both():
                        inside = list(grid(curve.polygon(), 4))
                        on_body = [point for point in inside if any(contains(body, point) for body in bodies)]
                        assert len(on_body) >= 0.3 * len(inside), (view, slug)


class TestSymmetry:
    @pytest.mark.parametrize("view", TWO_SIDED)
    def test_halves_are_mirror_images(self, view):
        """What lies on one side of the body lies on the other, exactly."""
        for curve in VIEWS[view].body:
            points = {(round(x, 6), round(y, 6)) for x, y in curve.points}
            partners = {(round(-x, 6), round(y, 6)) for c in VIEWS[view].body for x, y in c.points}
            assert points <= partners

    @pytest.mark.parametrize("view", TWO_SIDED)
    def test_sides_of_areas_are_mirror_images(self, view):
        """The left outline of a paired area is the right one mirrored; an unpaired area is its own mirror image."""
        for slug, shape in AREAS[view].items():
            left, right = shape.on(view, "left"), shape.on(view, "right")
            if shape.paired:
                assert list(left) == [curve.mirrored() for curve in right], slug
                assert all(sum(x for x, _ in curve.points) * (1 if view == "front" else -1) > 0 for curve in left), slug
            else:
                points = {point for curve in right for point in curve.points}
                assert points == {(-x if x else x, y) for x, y in points}, slug


class TestCards:
    @pytest.mark.parametrize("name", CARDS)
    def test_is_a_complete_picture(self, name):
        """Each card is well-formed, says what it is, stands alone and is small."""
        svg = CARDS[name]()
        tree = ElementTree.fromstring(svg)

        assert tree.find(f"{SVG}title").text
        assert tree.find(f"{SVG}desc").text
        assert f"0 0 {tree.get('width')} {tree.get('height')}" == tree.get("viewBox")
        assert not re.search(
            r"<(script|image|foreignObject|a)\b|href(?!=.#)|\sstyle=|\son\w+=|@import|https?://(?!www\.w3)", svg
        )
        assert all(rules.startswith(DARK) for rules in re.findall(r"<style>(.*?)</style>", svg))
        assert len(gzip.compress(svg.encode(), 9)) < LARGEST

    def test_leaves_out_what_its_window_does_not_show(self):
        """What lies to the right of the window becomes one straight line on that side; the rest is as it was."""
        corners = ((0, 0), (10, 0), (40, 5), (60, -5), (80, 5), (40, 10), (10, 10), (0, 10))
        bent = closed_curve(*(corner for corner in corners for _ in "12"))

        assert "M0 0l10 0 30 5 20-10 20 10-40 5-30 0-10 0 0-10z" == bent.data()
        assert "M0 0l10 0 30 5 0 5-30 0-10 0 0-10z" == bent.data(window=(-5, -20, 20, 20))

    @pytest.mark.parametrize("slug", SHIPPED)
    def test_close_up_is_small(self, slug):
        """A page of cards shows a dozen of them, so that none may carry the whole body's contour, or any twice."""
        svg = drawing.pain_close_up(SHIPPED[slug])
        drawn = re.findall(r'<path[^>]* d="([^"]+)"', svg)

        assert len(drawn) == len(set(drawn))
        assert len(svg) < 14_000

    def test_pain_map_marks_each_area(self):
        """A map shows all areas of its muscle: main ones hatched, less common ones dotted."""
        for muscle in SHIPPED.values():
            svg = drawing.pain_map(muscle)
            for slugs, paint in (("main", "url(#m)"), ("less_often", "url(#l)")):
                areas, marks = muscle["pain_areas"][slugs], svg.count(f'fill="{paint}"')
                assert marks == 0 if not areas else marks > len(areas), muscle["slug"]  # one is the legend's

    @pytest.mark.parametrize(
        ("slug", "bone"),
        [
            ("teres-minor", "shoulder blade"),
            ("teres-major", "shoulder blade"),
            ("middle-lower-trapezius", "shoulder blade"),
            ("serratus-anterior", "rib margin"),
        ],
    )
    def test_site_map_shows_a_muscle_among_the_bones_that_it_holds_on_to(self, slug, bone):
        assert bone in drawing.site_map(SHIPPED[slug])

    @pytest.mark.parametrize("slug", SITES)
    def test_site_map_numbers_and_names_its_places(self, slug):
        """
        Each place has a number on the map, once for each of its spots, with its words under the pointer and for those
        who do not see it. The legend leaves them to the list that stands beside the map.
        """
        svg = drawing.site_map(SHIPPED[slug])
        names = drawing.site_names(slug)

        for n, place in enumerate((p for places in SITES[slug].values() for p in places), start=1):
            words = place.name.replace("'", "&#x27;")
            assert len(place.spots) == svg.count(f">{n}</text>") == svg.count(f"<title>{words}</title>")
            assert f"{n} {words}" in re.search("<desc[^>]*>(.*?)</desc>", svg)[1]
            assert f">{words}</text>" not in svg
            assert place.name == names[n - 1]

    def test_both_sides_are_drawn_where_the_text_says_both(self):
        """Spots on both sides of the midline lie on two outlines; all others on one."""
        outline = re.compile(r'fill-opacity="\.82"')

        both = drawing.site_map(SHIPPED["suboccipitals"])
        one = drawing.site_map(SHIPPED["gluteus-maximus"])

        assert "Both sides" in both
        assert "Right side" in one
        assert [2, 1] == [re.search(rf'd="([^"]+)"[^>]*{outline.pattern}', svg)[1].count("M") for svg in (both, one)]

    def test_refuses_an_area_without_a_shape(self):
        """A map never leaves an area out in silence."""
        with pytest.raises(KeyError, match="elsewhere"):
            drawing.pain_map({"slug": "new", "name": "New", "pain_areas": {"main": ["elsewhere"], "less_often": []}})

    def test_escapes_names(self):
        """Words of the vocabulary are text, never markup."""
        svg = drawing.site_map({"slug": "masseter", "name": "<b>&"})

        assert "<b>" not in svg
        assert "&lt;b&gt;&amp;" in svg


class TestChart:
    def test_links_are_the_pain_areas(self):
        """One link for each area, with its name; repeats elsewhere on the body stay out of the tab order."""
        found = links(chart())

        assert sorted(NAMES) == sorted(link.get("data-area") for link in found)
        assert all(f"/pain/{link.get('data-area')}" == link.get("href") for link in found)
        assert all(NAMES[link.get("data-area")] == link.get("aria-label") for link in found)
        repeats = [
            link
            for link in chart().iter(f"{SVG}a")
            if link.get("class") == "chart__area" and link.get("tabindex") == "-1"
        ]
        assert all("true" == link.get("aria-hidden") and link.get("data-area") in NAMES for link in repeats)

    def test_order_runs_from_head_to_foot(self):
        """The tab key walks down the front, then down the back."""
        order = [link.get("data-area") for link in links(chart())]

        for earlier, later in (
            ("forehead", "throat"),
            ("throat", "abdomen"),
            ("abdomen", "front-of-knee"),
            ("front-of-knee", "big-toe"),
            ("big-toe", "back-of-head"),
            ("back-of-head", "low-back"),
            ("low-back", "buttock"),
            ("buttock", "heel"),
        ):
            assert order.index(earlier) < order.index(later)

    def test_head_hands_and_feet_lead_to_their_enlarged_drawings(self):
        """By pointers alone, as the tab key reaches those by itself; each leads to a drawing that is there."""
        html = drawing.chart(lambda slug: f"/pain/{slug}", NAMES)
        led = re.findall(r'<a class="chart__lead" href="#([^"]+)" tabindex="-1" aria-hidden="true">', html)

        assert ["chart-face", "chart-right-palm", "chart-top-of-the-right-foot", "chart-back-of-hand"] == led
        assert all(f'id="{anchor}"' in html for anchor in led)

    def test_suits_a_strict_policy(self):
        """Inlined in a page: no style, no script, no id twice."""
        html = drawing.chart(lambda slug: f"/pain/{slug}", NAMES)
        ids = re.findall(r'\bid="([^"]+)"', html)

        assert not re.search(r"<(script|style)\b|\sstyle=|\son\w+=", html)
        assert len(ids) == len(set(ids))

    @pytest.mark.parametrize("panel", PANELS)
    def test_says_each_curve_once(self, panel):
        """Most of the page's bytes are curves: contour, other side and the larger face refer to them."""
        svg = drawing.chart_panel(panel, lambda slug: f"/pain/{slug}", NAMES)
        drawn = re.findall(r'<path(?! class="chart__target")[^>]* d="([^"]+)"', svg)

        assert len(drawn) > 40
        assert len(drawn) == len(set(drawn))

    def test_has_the_colours_of_the_maps(self):
        """The chart is part of the page and takes its colours from the site's tokens, which are the drawing's own."""
        tokens = Path("static/css/tokens.css").read_text(encoding="utf-8")

        for name, colour in (("paper", PAPER), ("body", BODY), ("ink", INK)):
            assert f"--drawing-{name}: light-dark({colour.light}, {colour.dark});" in tokens

    @pytest.mark.parametrize("panel", PANELS)
    def test_targets_are_large_enough_for_a_thumb(self, panel):
        """A circle of 24 CSS pixels fits into each target on a phone 390 pixels wide, and lies within the panel."""
        for view, slug, polygon in clickable(panel):
            widest = max(distance(point, polygon) for point in grid(polygon, 1.5))
            assert 2 * widest >= THUMB, (view, slug, widest * 2)
            assert all(-1 <= x <= PHONE + 1 and -1 <= y <= PANEL_HEIGHT for x, y in polygon), (view, slug)

    @pytest.mark.parametrize("panel", PANELS)
    def test_targets_do_not_overlap(self, panel):
        """A point of the chart belongs to one link at most."""
        found = [(view, slug, polygon, list(grid(polygon, 2.5))) for view, slug, polygon in clickable(panel)]
        for (view, slug, polygon, points), (other_view, other, other_polygon, others) in combinations(found, 2):
            if _apart(polygon, other_polygon):
                continue
            shared = [p for p in points if contains(other_polygon, p)] + [p for p in others if contains(polygon, p)]
            assert not shared, (view, slug, other_view, other)


def _by_view(muscles):
    views = {}
    for slug, shapes in muscles.items():
        for view, shape in shapes.items():
            views.setdefault(view, {})[slug] = shape
    return views


def _apart(one, other):
    """Whether the boxes round two polygons do not meet."""
    (ax, ay), (bx, by) = zip(*one, strict=True), zip(*other, strict=True)
    return max(ax) < min(bx) or max(bx) < min(ax) or max(ay) < min(by) or max(by) < min(ay)
