"""Pictures at the desk, on a phone: two are brought, described, and found by the editor's chooser."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.people import administrator
from tests.media.files import file, from_a_phone
from tests.media.films import CAPTIONS

FILMS = Path(__file__).parents[1] / "media"  # drawn for the site: a ball that rolls, and a tone


@pytest.fixture
def photos(tmp_path):
    (tmp_path / "IMG_2041.jpg").write_bytes(from_a_phone(900, 600))
    (tmp_path / "Shoulder.png").write_bytes(file(Image.linear_gradient("L").resize((500, 700))))
    (tmp_path / "drawing.svg").write_text("<svg/>")
    return tmp_path


@pytest.fixture
def desk(visit, live_site):
    page = administrator(visit, live_site)
    page.goto("/desk/media")
    return page


def test_two_pictures_at_once(desk, photos, accessibility_problems):
    """Each is sent by itself and says what became of it; one that is refused says why and stops none."""
    desk.set_input_files("#files", [photos / "IMG_2041.jpg", photos / "drawing.svg", photos / "Shoulder.png"])
    desk.get_by_role("link", name="Describe it").nth(1).wait_for()

    expect(desk.locator(".upload__image")).to_have_count(2)
    expect(desk.locator(".upload__item--refused")).to_contain_text("An SVG can carry programs")
    assert desk.evaluate("document.documentElement.scrollWidth") == 390
    assert [] == accessibility_problems(desk)

    desk.get_by_role("link", name="Describe it").first.click()
    desk.get_by_label("What it shows").fill("Four coloured squares")
    desk.get_by_role("button", name="Save").click()
    desk.get_by_text("Saved").wait_for()
    desk.wait_for_load_state()

    assert 'alt="Four coloured squares"' in desk.content()
    assert 1.5 == desk.locator(".picture__image").evaluate(
        "i => Math.round(10 * i.naturalHeight / i.naturalWidth) / 10"
    )
    assert [] == accessibility_problems(desk)


def test_without_javascript(visit, live_site, photos):
    """One form takes several files; then the list shows them."""
    page = administrator(visit, live_site, java_script_enabled=False)
    page.goto("/desk/media")
    page.set_input_files("#files", [photos / "IMG_2041.jpg", photos / "Shoulder.png"])
    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("link", name="shoulder").first).to_be_visible()
    expect(page.get_by_text("describe it").first).to_be_visible()


def test_dropped_and_pasted_ones_are_sent(desk):
    """As browsers hand them over."""
    give = """(kind) => {
      const data = new DataTransfer(), canvas = document.createElement("canvas");
      canvas.width = canvas.height = kind === "drop" ? 40 : 41;
      canvas.getContext("2d").fillRect(0, 0, 30, 30);
      return new Promise((done) => canvas.toBlob((blob) => {
        data.items.add(new File([blob], kind + ".png", { type: "image/png" }));
        const event = kind === "drop" ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
          : new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
        document.querySelector("[data-upload]").dispatchEvent(event);
        done();
      }));
    }"""
    desk.evaluate(give, "drop")
    desk.evaluate(give, "paste")
    desk.locator(".upload__image").nth(1).wait_for()

    assert ["drop.png", "paste.png"] == sorted(desk.locator(".upload__name").all_inner_texts())


@pytest.mark.parametrize(
    ("suffix", "codecs"), [("mp4", "avc1.42E01E, mp4a.40.2"), ("webm", "vp9, opus")], ids=["mp4", "webm"]
)
def test_a_video_is_played_by_its_readers(visit, live_site, tmp_path, suffix, codecs):
    """Brought with captions, shown by an article, loaded in parts, and only once play is pressed."""
    desk = administrator(visit, live_site)
    desk.goto("/desk/media/videos")
    if not desk.evaluate(
        "kind => document.createElement('video').canPlayType(kind)", f'video/{suffix}; codecs="{codecs}"'
    ):
        pytest.skip(f"this Chromium plays no {codecs}")
    desk.set_input_files("[name=file]", FILMS / f"clip.{suffix}")
    desk.get_by_role("button", name="Upload").click()
    expect(desk.locator("[name=captions]")).to_be_attached()
    name = desk.locator("h1").inner_text()
    (tmp_path / "clip.vtt").write_bytes(CAPTIONS)
    desk.set_input_files("[name=captions]", tmp_path / "clip.vtt")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator(".notice--done")).to_be_visible()
    desk.goto("/desk/posts/new")
    desk.locator("[name=video-host]").select_option("file")
    said = {"title": f"A {suffix} film", "standfirst": "It rolls.", "body": "Look:\n\n::video", "authors": "Dr First"}
    for field, text in {**said, "video-ref": name, "video-title": "Rolling", "video-caption": "Slowly."}.items():
        desk.locator(f"[name={field}]").fill(text)
    desk.get_by_role("button", name="Save", exact=True).first.click()
    desk.get_by_role("button", name="Publish now").click()
    desk.get_by_role("link", name="Readers see this version").first.click()
    desk.wait_for_url("**/posts/a-*")
    reader = visit().new_page()
    loaded = []
    reader.on("response", lambda answer: loaded.append(answer.status) if answer.url.endswith(suffix) else None)
    reader.goto(desk.url)
    before = list(loaded)
    film = reader.locator("video")
    film.evaluate(
        "film => { film.muted = true; film.textTracks[0].mode = 'showing'; film.currentTime = 1; return film.play(); }"
    )
    reader.wait_for_function("() => document.querySelector('video').currentTime > 1.2")
    reader.wait_for_function("() => document.querySelector('video').textTracks[0].cues?.length")

    assert ([], True) == (before, set(loaded) == {206})
    assert ["Lie on one side."] == film.evaluate("film => [...film.textTracks[0].cues].map((cue) => cue.text)")


def test_one_is_chosen_for_a_field(desk, photos, accessibility_problems):
    """In a dialog: the field gets its name, and hears of it."""
    desk.set_input_files("#files", [photos / "Shoulder.png"])
    desk.locator(".upload__image").wait_for()
    desk.evaluate(
        """async () => {
          document.querySelector("main").insertAdjacentHTML("beforeend", `<label for="one">Picture</label>
            <input id="one"><a href="/desk/media/choose" data-choose-picture="one">Choose</a>`);
          document.getElementById("one").addEventListener("chosen", ({ detail }) => { window.told = detail.name; });
          await import("/assets/js/choose.js");
        }"""
    )
    desk.get_by_role("link", name="Choose", exact=True).click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("button", name="shoulder").first.wait_for()
    problems = accessibility_problems(desk)
    dialog.get_by_role("searchbox").fill("shoulder")
    dialog.get_by_role("button", name="Find").click()
    dialog.get_by_role("button", name="shoulder").first.click()

    assert desk.locator("#one").input_value().startswith("shoulder")
    assert desk.evaluate("window.told").startswith("shoulder")
    assert not dialog.is_visible()
    assert [] == problems
