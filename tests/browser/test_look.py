"""What readers and staff see: accessible, calm at every size, by keys, on paper and without JavaScript."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from urllib.request import Request, urlopen

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.people import ARTICLE, administrator
from tests.processes import RunningSite

pytestmark = pytest.mark.browser

PUBLIC = (
    "/",
    ARTICLE,
    f"{ARTICLE}/handout",
    "/about",
    "/archive/2026",
    "/tags/driving",
    "/authors/sample-team",
    "/muscles",
    "/muscles/psoas",
    "/pain",
    "/pain/buttock",
    "/conditions",
    "/conditions/sciatica",
    "/search?q=buttock",
    "/subscribe",
    "/api",
    "/nowhere",
    "/login",
)
DESK = (
    "/desk",
    "/desk/comments",
    "/desk/comments?state=approved",
    "/desk/log",
    "/desk/pages",
    "/desk/pages/disclaimer",
    "/desk/vocabulary",
    "/desk/settings",
    "/desk/settings/navigation",
    "/desk/posts/from-word",
    "/desk/media/portraits/1",
    "/desk/media/videos",
    "/desk/operations",
    "/desk/styles",
    "/desk/mail",
    "/account",
    "/account/mails",
)
AXE = "options => axe.run(document, options).then(results => results.violations)"
OF_SIZE = ["color-contrast", "target-size", "scrollable-region-focusable"]  # rules whose answer depends on the width
WIDTH = "document.documentElement.scrollWidth"
NAME, BODY = "Your name", "Your comment"
SEND = "Send for approval"


@pytest.fixture(scope="module")
def staff_state(browser: Browser, live_site: RunningSite) -> Iterator[dict[str, object]]:
    """The cookie of somebody who may do everything, fetched once."""
    contexts: list[BrowserContext] = []

    def arrive(**choices: object) -> BrowserContext:
        contexts.append(browser.new_context(base_url=live_site.url, **choices))  # type: ignore[arg-type]
        return contexts[-1]

    page = administrator(arrive, live_site)
    yield dict(page.context.storage_state())
    for context in contexts:
        context.close()


@pytest.fixture
def desk(visit: Callable[..., BrowserContext], staff_state: dict[str, object]) -> Callable[..., Page]:
    """`desk(viewport=DESKTOP)`: a page of somebody who may do everything."""
    return lambda **choices: visit(storage_state=staff_state, **choices).new_page()


class Outline(HTMLParser):
    """What a page says of itself: its ids and its headings, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.levels: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids.update(value or "" for name, value in attrs if name == "id")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.levels.append(int(tag[1]))

    @property
    def slips(self) -> list[str]:
        twice = [f"id {one!r} stands {count} times" for one, count in self.ids.items() if count > 1]
        tops = [] if self.levels.count(1) == 1 else [f"{self.levels.count(1)} h1"]
        skipped = [f"h{b} after h{a}" for a, b in zip(self.levels, self.levels[1:], strict=False) if b > a + 1]
        return twice + tops + skipped


def problems(page: Page) -> list[str]:
    """What is wrong with the page that is open: its outline; axe's rules and best practices, light and dark, on a phone
    and on a wide screen; sideways scrolling there, at 200 % and 400 % of 1280 px, and with letters of twice the size.
    """
    page.wait_for_load_state()
    found = Outline(page.content()).slips
    page.evaluate(Axe().axe_script)
    for viewport, scheme, rules in (
        (PHONE, "light", None),
        (PHONE, "dark", ["color-contrast"]),
        (DESKTOP, "light", OF_SIZE),
    ):
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        violations = page.evaluate(AXE, {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})})
        found += [f"{viewport['width']} {scheme}, {one['id']}: {one['nodes'][0]['target']}" for one in violations]
    for width, letters in ((1280, ""), (640, ""), (390, "200%"), (390, ""), (320, "")):
        page.set_viewport_size({"width": width, "height": 600})
        needed = page.evaluate("letters => (document.documentElement.style.fontSize = letters, " + WIDTH + ")", letters)
        if needed > width:
            found.append(f"{needed} px wide on {width}, letters {letters or 'as usual'}")
    return found


def walk(page: Page, paths: tuple[str, ...]) -> dict[str, list[str]]:
    found = {}
    for path in paths:
        page.set_viewport_size(PHONE)
        answer = page.goto(path)
        assert answer and answer.status == (404 if path == "/nowhere" else 200), path
        found[path] = problems(page)
    return {path: slips for path, slips in found.items() if slips}


class TestEveryPage:
    def test_of_readers_is_accessible(self, visit):
        """Axe, our own check of the outline, and every width and size of letters find nothing."""
        assert {} == walk(visit(reduced_motion="reduce").new_page(), PUBLIC)

    def test_of_the_desk_is_accessible(self, desk):
        """The same holds at the desk, also for the page that shows every component in every state."""
        assert {} == walk(desk(reduced_motion="reduce"), DESK)

    def test_shows_all_components_on_one_page(self, desk, tmp_path):
        """
        The page of styles is there to be looked at: a picture of each width and scheme, and nobody loses the focus.
        """
        page = desk()
        for viewport in (PHONE, DESKTOP):
            page.set_viewport_size(viewport)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.goto("/desk/styles")
                picture = page.screenshot(path=tmp_path / f"styles-{viewport['width']}-{scheme}.png", full_page=True)
                assert len(picture) > 50_000

        assert page.evaluate("document.activeElement === document.body")


class TestCommentForm:
    def test_is_accessible_in_every_state(self, visit, desk):
        """Empty, with errors, sent, withdrawn, erased, declined: axe finds nothing."""
        page, found = visit(reduced_motion="reduce").new_page(), {}
        page.goto(ARTICLE)
        page.get_by_label(BODY, exact=True).fill("x")
        page.get_by_role("button", name=SEND).click()
        expect(page.locator("#error-summary")).to_be_focused()
        found["errors"] = problems(page)
        mark = secrets.token_hex(6)
        page.get_by_label(NAME, exact=True).fill("Ana")
        page.get_by_label(BODY, exact=True).fill(f"Please decline this {mark}")
        page.get_by_role("button", name=SEND).click()
        expect(page.get_by_text("waiting for a moderator")).to_be_visible()
        found["sent"] = problems(page)
        staff = desk(reduced_motion="reduce")
        staff.goto(f"/desk/comments?q={mark}")
        reject = staff.locator(".card [name=verdict][value=reject]").first
        if not reject.is_visible():
            staff.locator(".card details:has([value=reject]) > summary").first.click()
        found["reject"] = problems(staff)
        reject.click()
        expect(staff.locator(".decided")).to_be_focused()
        found["decided"] = problems(staff)
        page.reload()
        found["declined"] = problems(page)
        page.get_by_text("Erase my comment").click()
        found["asked"] = problems(page)
        page.get_by_role("button", name="Yes, erase it for good").click()
        expect(page.get_by_text("Erased.")).to_be_visible()
        found["erased"] = problems(page)

        assert {} == {state: slips for state, slips in found.items() if slips}

    def test_says_that_a_choice_of_mails_is_saved(self, no_js_page):
        """Once, after saving, without a cookie or a script."""
        page, saved = no_js_page, no_js_page.get_by_text("Your choice is saved.")
        page.goto(ARTICLE)
        page.get_by_label(NAME, exact=True).fill("Ana")
        page.get_by_label(BODY, exact=True).fill("Where do I find the second point?")
        page.get_by_role("button", name=SEND).click()
        expect(page.get_by_text("waiting for a moderator")).to_be_visible()
        expect(saved).to_be_hidden()
        page.get_by_label("Your email address").fill("ana.look@example.org")
        page.get_by_role("button", name="Save my choice").click()

        expect(saved).to_be_visible()

    def test_keeps_a_draft_until_it_is_sent(self, page):
        """Text comes back after a reload, without the e-mail address, and is gone once it was sent."""
        page.goto(ARTICLE)
        page.get_by_label(NAME, exact=True).fill("Dora Aft")
        page.get_by_label("Your email address").fill("dora@example.org")
        page.get_by_label(BODY, exact=True).fill("Half of a thought")
        page.goto("/about")
        page.goto(ARTICLE)

        expect(page.get_by_label(BODY, exact=True)).to_have_value("Half of a thought")
        expect(page.get_by_label(NAME, exact=True)).to_have_value("Dora Aft")
        expect(page.get_by_label("Your email address")).to_have_value("")
        expect(page.get_by_text("It is kept in this browser only")).to_be_visible()

        page.get_by_role("button", name=SEND).click()
        expect(page.get_by_text("waiting for a moderator")).to_be_visible()
        page.wait_for_load_state()  # the page's script forgets it
        page.goto(ARTICLE)
        expect(page.get_by_label(BODY, exact=True)).to_have_value("")
        assert 0 == page.evaluate("localStorage.length")

    def test_a_draft_can_be_deleted(self, page):
        """One button empties the form and the store."""
        page.goto(ARTICLE)
        page.get_by_label(BODY, exact=True).fill("Better not")
        page.get_by_role("button", name="Delete it").click()

        expect(page.get_by_label(BODY, exact=True)).to_have_value("")
        expect(page.get_by_label(BODY, exact=True)).to_be_focused()
        assert 0 == page.evaluate("localStorage.length")

    def test_counts_what_is_left(self, page):
        """Near the limit the number stands below the field, and a screen reader hears it in a pause."""
        page.goto(ARTICLE)
        counter = page.locator(".counter")
        expect(counter).to_be_empty()
        page.get_by_label(BODY, exact=True).fill("ü" * 4999)
        expect(counter).to_have_text("1 character left")
        expect(counter.locator("+ [role=status]")).to_have_text("1 character left")
        page.get_by_label(BODY, exact=True).fill("ü" * 5002)
        expect(counter).to_have_text("2 characters too many")

    def test_needs_no_javascript(self, no_js_page):
        """What only works with a script is not shown without one."""
        no_js_page.goto(ARTICLE)

        assert [] == [one for one in no_js_page.locator(".js-only").all() if one.is_visible()]
        assert no_js_page.get_by_role("button", name=SEND).is_visible()


class TestLightAndDark:
    PAPER = "getComputedStyle(document.body).backgroundColor"

    def test_follow_the_choice_of_the_reader(self, page):
        """The choice holds on every page, before its first paint, without a cookie; the device's wish can come back."""
        page.goto("/about")
        light = page.evaluate(self.PAPER)
        page.get_by_label("Dark").check()
        dark = page.evaluate(self.PAPER)
        assert light != dark
        assert {dark} == set(
            page.eval_on_selector_all("meta[name=theme-color]", "bars => bars.map(bar => bar.content)")
        )

        page.route("**/theme.*.js", lambda route: route.abort())  # what paints first must not need the module
        page.goto(ARTICLE)
        assert dark == page.evaluate(self.PAPER)
        page.unroute("**/theme.*.js")
        page.reload()
        expect(page.get_by_label("Dark")).to_be_checked()
        page.get_by_label("As my device").check()

        assert (light, 0) == (page.evaluate(self.PAPER), page.evaluate("localStorage.length"))
        assert [] == page.context.cookies()

    def test_paper_is_always_light(self, page):
        """Who reads in the dark still prints on white."""
        page.goto(ARTICLE)
        page.get_by_label("Dark").check()
        page.emulate_media(media="print")

        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(24, 33, 31)"


class TestReading:
    def test_marks_in_the_contents_where_the_reader_is(self, wide_page):
        """One entry is marked, the one of the section on the screen, also after a jump."""
        wide_page.goto(f"{ARTICLE}#stretches")
        expect(wide_page.locator(".contents [aria-current]")).to_have_text("Stretches")
        wide_page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
        expect(wide_page.locator(".contents [aria-current]")).to_have_count(0)

    def test_contents_stay_beside_the_text_until_the_first_figure(self, wide_page):
        """They are in sight beside all that stands before it, end above it, and can be reached from further down."""
        wide_page.goto(ARTICLE)
        contents, figure = wide_page.locator(".contents"), wide_page.locator(".article__flow .figure").first
        wide_page.evaluate("scrollTo(0, document.querySelector('.article__opening > p:last-of-type').offsetTop - 300)")
        expect(contents.get_by_role("link", name="Comments")).to_be_in_viewport(ratio=1)
        figure.evaluate("one => one.scrollIntoView()")
        ends, begins = contents.bounding_box(), figure.bounding_box()

        assert ends["y"] + ends["height"] <= begins["y"]
        wide_page.get_by_role("link", name="On this page").click()
        expect(contents.get_by_role("link", name="Comments")).to_be_in_viewport()

    def test_the_stretches_are_seen_beside_the_self_help(self, wide_page):
        """Small, with name and dose, in sight to its last line; each leads to its steps. Phones lack the room."""
        wide_page.goto("/posts/psoas-trigger-points")
        ahead = wide_page.get_by_role("navigation", name="Stretches in pictures")
        wide_page.locator("[aria-label='Self-help'] > p").last.evaluate("one => one.scrollIntoView({ block: 'end' })")
        expect(ahead).to_be_in_viewport(ratio=1)
        ahead.get_by_role("link").click()
        expect(wide_page.locator(".stretch__name").first).to_be_in_viewport()
        wide_page.set_viewport_size(PHONE)

        expect(ahead).to_be_hidden()

    def test_nothing_moves_while_loading(self, wide_page):
        """Cumulative layout shift is 0, on the way down too."""
        wide_page.add_init_script(
            "shift = 0; new PerformanceObserver(list => list.getEntries().forEach(e => shift += e.value))"
            ".observe({ type: 'layout-shift', buffered: true })"
        )
        wide_page.goto(ARTICLE)
        for _ in range(6):
            wide_page.mouse.wheel(0, 1500)
            wide_page.wait_for_timeout(60)

        assert 0 == wide_page.evaluate("shift")

    def test_what_must_be_known_of_comments_stays_beside_them(self, wide_page):
        """Who moderates, and the way to the form, are in sight at the first comment and at the last."""
        wide_page.goto(f"{ARTICLE}#comments")
        side, last = wide_page.locator(".comments__side"), wide_page.locator(".comment").last
        last.scroll_into_view_if_needed()

        expect(side.get_by_role("link", name="Write a comment")).to_be_in_viewport()
        assert side.bounding_box()["x"] > last.bounding_box()["x"] + last.bounding_box()["width"]

    def test_several_maps_leave_warning_signs_their_width(self, wide_page):
        """Maps of two muscles stand side by side across the page, not above each other beside what follows."""
        wide_page.goto("/posts/adductor-trigger-points")
        first, second = (wide_page.locator(".figure--several .figure__picture").nth(n).bounding_box() for n in (0, 1))
        page = wide_page.locator(".article__flow").bounding_box()

        assert (first["y"], True) == (second["y"], second["x"] > first["x"] + first["width"])
        assert page["width"] == wide_page.locator(".care--emergency").bounding_box()["width"]

    def test_an_article_is_light(self, live_site):
        """Page, with the script before the first paint in it, and stylesheets: at most 30 kB, packed with brotli."""
        page = urlopen(live_site.url + ARTICLE).read()
        size = len(brotli.compress(page, quality=5))
        for name in re.findall(r'"(/assets/css/(?:site|more)\.[^"]+)"', page.decode()):
            with urlopen(Request(live_site.url + name, headers={"Accept-Encoding": "br"})) as answer:
                assert "br" == answer.headers["Content-Encoding"]
                size += len(answer.read())

        assert size <= 30_000

    def test_print_has_what_a_patient_needs(self, page):
        """Title, safety box, stretches, disclaimer and address; comments only if the address asks for them."""
        page.goto(ARTICLE)
        page.emulate_media(media="print")
        shown = {
            one: page.locator(one).first.is_visible()
            for one in (
                "h1",
                ".safety",
                ".stretch",
                ".disclaimer",
                ".print-only",
                ".site-nav",
                ".comments",
                ".comment-form",
                ".site-footer",
                ".contents",
            )
        }

        wanted = ["h1", ".safety", ".stretch", ".disclaimer", ".print-only"]
        assert wanted == [one for one, seen in shown.items() if seen]
        page.goto(f"{ARTICLE}#comments")
        assert page.locator(".comments").is_visible()

    def test_a_film_loads_on_demand_and_tells_its_host_no_more_than_needed(self, desk):
        """The player's frame names this site, without the page: its host plays for no other."""
        page = desk()
        page.route("https://**", lambda route: route.fulfill(body="player", content_type="text/html"))
        page.goto("/desk/styles")
        page.add_script_tag(url=page.evaluate("document.querySelector('[data-player]') && '/assets/js/video.js'"))
        page.locator(".video__facade").click()

        frame = page.locator("iframe.video__player")
        expect(frame).to_have_attribute("referrerpolicy", "strict-origin-when-cross-origin")
        page.wait_for_function("document.activeElement.matches('.video__player')")  # the rest is the frame's own


class TestKeys:
    def test_the_focus_is_always_seen(self, visit):
        """Each stop of the Tab key has a ring, or a mark of its own, on something that lies on the screen."""
        page = visit(reduced_motion="reduce").new_page()
        page.goto(ARTICLE)
        hidden, last = [], None
        for _ in range(140):
            page.keyboard.press("Tab")
            stop = page.evaluate(
                """() => { const e = document.activeElement, b = e.getBoundingClientRect(), s = getComputedStyle(e);
                const card = e.closest(".post-card"), ring = card ? getComputedStyle(card) : s;
                return { at: e.outerHTML.slice(0, 90), end: e === document.body,
                         seen: b.width > 3 && b.bottom > 0 && b.top < innerHeight && ring.outlineStyle !== "none" } }"""
            )
            if stop["end"]:
                break
            last = stop
            if not stop["seen"]:
                hidden.append(stop["at"])

        assert [] == hidden
        assert last and "theme" in last["at"]  # the walk came to the end of the page

    def test_calm_for_those_who_ask_for_it(self, visit):
        """With reduced motion nothing glides: no smooth scrolling, no transitions, no bar."""
        page = visit(reduced_motion="reduce").new_page()
        page.goto(ARTICLE)

        assert "auto" == page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
        assert 0 == page.evaluate("parseFloat(getComputedStyle(document.querySelector('.button')).transitionDuration)")
        assert "none" == page.evaluate("getComputedStyle(document.querySelector('.article'), '::before').content")

    def test_forced_colours_keep_shapes(self, desk):
        """Where the system chooses the colours, boxes, buttons and the choice of the current page keep an edge."""
        page = desk(forced_colors="active")
        page.goto("/desk/styles")
        edges = page.eval_on_selector_all(
            ".button, .notice, .callout, .care, .key-facts, .comment--team, .card, .tag",
            "all => all.filter(e => !parseFloat(getComputedStyle(e).borderInlineStartWidth)).map(e => e.className)",
        )

        assert [] == edges


def test_pages_are_set_in_the_fonts_that_they_bring(page):
    """Widths are the same everywhere; letters that ours lack come from the font that the tests bring."""
    page.goto("/")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    heading = devtools.send("DOM.querySelector", {"nodeId": root, "selector": "h1"})["nodeId"]
    used = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": heading})["fonts"]

    assert {"Literata"} == {font["familyName"] for font in used}
