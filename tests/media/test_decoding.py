"""A picture becomes pixels and nothing but pixels: upright, in sRGB, without what cameras write."""

from __future__ import annotations

import pytest
from PIL import Image, ImageCms

from blog.media import decoding
from blog.media.workshop import KEPT_SIDE, WIDTHS
from tests.media.files import drawing, file, from_a_phone, opened


def corner(data, x, y):
    picture = opened(data).convert("RGB")
    return picture.getpixel((int(x * (picture.width - 1)), int(y * (picture.height - 1))))


def is_like(one, other):
    return all(abs(a - b) < 40 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_every_form_that_is_promised_is_read(format):
    """JPEG, PNG, WebP, AVIF and GIF."""
    made = decoding.cleaned(file(format=format))

    assert (64, 48) == (made.width, made.height) == opened(made.body).size


def test_what_a_camera_writes_is_gone():
    """The place, the device and every other word."""
    sent = from_a_phone()
    made = decoding.cleaned(sent)

    assert b"Telephone 12" in sent and b"SECRETWORDS" in sent
    assert {} == dict(opened(made.body).getexif())
    assert b"Exif" not in made.body and b"SECRETWORDS" not in made.body


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_picture_stands_upright(turned):
    """As the camera says it must be turned, so it is turned; the corner that belongs to the top left is there."""
    upright = drawing()
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[0x0112] = turned
    stored = upright.transpose(back[turned]) if turned in back else upright
    made = decoding.cleaned(file(stored, "JPEG", exif=exif, quality=95))

    assert (64, 48) == (made.width, made.height)
    assert is_like((200, 0, 0), corner(made.body, 0, 0))
    assert is_like((0, 200, 0), corner(made.body, 1, 0))


def test_a_photo_becomes_jpeg_and_a_drawing_stays_sharp():
    """A drawing of few colours stays PNG, as does what is transparent."""
    noise = Image.effect_noise((400, 300), 90).convert("RGB")

    assert "jpg" == decoding.cleaned(file(noise, "JPEG")).suffix
    assert "png" == decoding.cleaned(file(drawing(400, 300), "PNG")).suffix
    assert "RGBA" == opened(decoding.cleaned(file(drawing(mode="RGBA"), "PNG")).body).mode


def test_a_full_alpha_channel_is_no_transparency():
    """A screenshot whose every point is opaque needs no alpha."""
    picture = drawing(mode="RGBA")
    picture.putalpha(255)

    assert "RGB" == opened(decoding.cleaned(file(picture)).body).mode


@pytest.mark.parametrize(
    "picture",
    [
        drawing(mode="L"),
        drawing().convert("P"),
        drawing(mode="L").convert("1"),
        drawing(mode="L").convert("I;16").point(lambda value: value * 257),
        drawing(mode="L").convert("LA"),
    ],
    ids=["grey", "palette", "black and white", "16 bit", "grey with alpha"],
)
def test_every_kind_of_point_is_understood(picture):
    """Dark stays dark and bright stays bright."""
    made = decoding.cleaned(file(picture))

    assert sum(corner(made.body, 0, 0)) < sum(corner(made.body, 1, 1))


def test_print_colours_become_those_of_screens():
    """A CMYK photo is shown, too."""
    made = decoding.cleaned(file(drawing().convert("CMYK"), "JPEG", quality=95))

    assert "RGB" == opened(made.body).mode
    assert is_like((200, 0, 0), corner(made.body, 0, 0))


def test_a_colour_profile_is_applied_and_dropped():
    """The pixels are sRGB afterwards; a profile that is nonsense does no harm."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for icc in (ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), profile, b"nonsense" * 20):
        made = decoding.cleaned(file(format="JPEG", icc_profile=icc, quality=95))

        assert "icc_profile" not in opened(made.body).info
        assert is_like((200, 0, 0), corner(made.body, 0, 0))


def test_a_large_photo_is_kept_smaller():
    """Its longer side has KEPT_SIDE pixels, its shape stays."""
    made = decoding.cleaned(file(drawing(6000, 4000), "JPEG"))

    assert (KEPT_SIDE, KEPT_SIDE * 2 // 3) == (made.width, made.height)


def test_smaller_ones_are_made_at_each_width():
    """Never larger than the picture itself; in AVIF and WebP where these are smaller."""
    photo = Image.effect_noise((1000, 500), 60).convert("RGB")
    made = decoding.smaller(decoding.cleaned(file(photo, "JPEG")).body)
    widths = {suffix: [one.width for one in made if one.suffix == suffix] for suffix in ("jpg", "webp", "avif")}

    assert sorted({min(1000, width) for width in WIDTHS}) == widths["jpg"] == widths["avif"]
    assert all(opened(one.body).size == (one.width, one.height) for one in made)
    assert all(one.height == round(one.width / 2) for one in made)


def test_a_form_that_gains_nothing_is_left_out():
    """A tiny drawing is smaller as PNG than as AVIF."""
    made = decoding.smaller(decoding.cleaned(file(drawing(16, 16))).body)

    assert "avif" not in {one.suffix for one in made}
