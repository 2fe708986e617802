"""Where trigger points are commonly described: numbered places, each with the words for it.

Placed after the articles' descriptions, hung on the figure's landmarks, on the side of positive x. A place may be
several spots; it keeps one number. Points at negative x belong to a place that is described on both sides.
"""

from __future__ import annotations

from typing import NamedTuple

from blog.anatomy.drawing.curves import Point
from blog.anatomy.drawing.figure import at


class Site(NamedTuple):
    """A place by its words, and its spots on one view."""

    name: str
    spots: tuple[Point, ...]


def _site(name: str, *spots: Point) -> Site:
    return Site(name, spots)


def _both(name: str, *spots: Point) -> Site:
    return Site(name, (*spots, *((-x, y) for x, y in spots)))


SITES: dict[str, dict[str, tuple[Site, ...]]] = {
    "gluteus-maximus": {
        "back": (
            _site("beside the edge of the sacrum", at("PSIS", 9, 18)),
            _site("low down, just above the sitting bone", at("sitting bone", 3, -9)),
            _site("inner lower corner, next to the tailbone", at("tailbone", 11, 6)),
        )
    },
    "piriformis": {
        "back": (
            _site("just beside the sacrum", at("PSIS", 6, 29)),
            _site("towards the bony point of the outer hip", at("greater trochanter", -15, -3)),
        )
    },
    "gluteus-medius": {
        "back": (
            _site("below the rim of the hip bone, rear", at("PSIS", 17, 0)),
            _site("below the rim, middle", at("rim of the hip bone", 2, 11)),
            _site("below the rim, front", at("rim of the hip bone", 15, 26)),
        )
    },
    "gluteus-minimus": {
        "back": (
            _site("deep, front group", at("greater trochanter", -8, -30), at("greater trochanter", -5, -18)),
            _site("deep, rear group", at("greater trochanter", -24, -29), at("greater trochanter", -17, -19)),
        )
    },
    "psoas": {
        "front": (
            _site("beside the navel, deep in the belly", at("navel", 14, 2)),
            _site("along the inner rim of the pelvis", at("ASIS", -8, -8)),
            _site("top of the inner thigh", at("pubic bone", 26, 9)),
        )
    },
    "quadratus-lumborum": {
        "back": (
            _site("further out, under the last rib", at("last rib", -5, 8)),
            _site("further out, above the hip bone", at("rim of the hip bone", -5, -7)),
            _site("nearer the spine, upper", at("last rib", -22, 12)),
            _site("nearer the spine, lower", at("rim of the hip bone", -21, -9)),
        )
    },
    "tensor-fasciae-latae": {"front": (_site("a hand's breadth below the front hip point", at("ASIS", 14, 33)),)},
    "upper-trapezius": {
        "back": (
            _site("free front edge, midway to the shoulder tip", at("acromion", -31, -9)),
            _site("a little further back", at("acromion", -26, 0)),
        )
    },
    "levator-scapulae": {
        "back": (
            _site("where the neck meets the shoulder", at("upper corner of the shoulder blade", -3, -30)),
            _site("above the inner top corner of the blade", at("upper corner of the shoulder blade", 2, -7)),
        )
    },
    "sternocleidomastoid": {
        "head-side": (
            _site("along the head from the breastbone", (-4, 78), (0, 94), (5, 110), (10, 126)),
            _site("along the head from the collarbone", (-9, 88), (-6, 106), (-1, 124)),
        )
    },
    "suboccipitals": {
        "back": (
            _both("under the edge of the skull, by the midline", (5.4, 78)),
            _both("a finger's breadth further out", (11.4, 77)),
            _both("furthest out", (17, 76)),
        )
    },
    "infraspinatus": {
        "back": (
            _site("below the ridge of the blade, inner", at("spine of the shoulder blade", 15, 4)),
            _site("below the ridge, middle", at("spine of the shoulder blade", 28, 1)),
            _site("below the ridge, outer", at("spine of the shoulder blade", 41, -3)),
            _site("near the inner edge of the blade", at("spine of the shoulder blade", 8, 24)),
        )
    },
    "subscapularis": {
        "back": (
            _site("under the blade, near its outer edge: upper", at("lower corner of the shoulder blade", 29, -46)),
            _site("the same, middle", at("lower corner of the shoulder blade", 20, -32)),
            _site("the same, lower", at("lower corner of the shoulder blade", 11, -18)),
        )
    },
    "pectoralis-minor": {
        "front": (
            _site("below the outer collarbone", at("hook of the shoulder blade", -4, 10)),
            _site("lower, over the upper ribs", at("hook of the shoulder blade", -19, 42)),
        )
    },
    "scalenes": {
        "front": (
            _site("hollow above the collarbone, upper", (23.4, 113)),
            _site("hollow, middle", (25.4, 121)),
            _site("hollow, lower", (31, 128)),
        )
    },
    "rhomboids": {
        "back": (
            _site("inner border of the blade, upper", at("spine of the shoulder blade", -3, -6)),
            _site("inner border, middle", at("spine of the shoulder blade", -1.5, 14)),
            _site("inner border, lower", at("spine of the shoulder blade", 3, 34)),
        )
    },
    "soleus": {
        "back": (
            _site("low on the inner calf, above the Achilles tendon", at("inner ankle", 3.5, -42)),
            _site("high on the outer calf", at("head of the fibula", -1, 25)),
            _site("low on the outer side", at("outer ankle", -3, -56)),
        )
    },
    "gastrocnemius": {
        "back": (
            _site("middle of the inner head", at("inner knee", 9, 57)),
            _site("middle of the outer head", at("outer knee", -7, 53)),
            _site("inner head, below the knee crease", at("inner knee", 10, 19)),
            _site("outer head, below the knee crease", at("outer knee", -9, 18)),
        )
    },
    "tibialis-anterior": {
        "front": (_site("upper third, just outside the shin bone", at("head of the fibula", -9, 36)),)
    },
    "plantar-muscles": {
        "sole": (
            _site("along the inner edge of the arch", (9, 58)),
            _site("centre of the arch", (-4, 57)),
            _site("just in front of the heel pad", (-0.5, 73.6)),
        )
    },
    "forearm-extensors": {
        "back": (
            _site("two to four fingers below the outer elbow", at("outer elbow", 1.6, 20)),
            _site("a little lower", at("outer elbow", 4, 36)),
            _site("middle of the finger muscles", at("outer elbow", -1, 54)),
        )
    },
    "masseter": {
        "head-side": (
            _site("just below the cheekbone", (18.6, 64)),
            _site("middle of the muscle", (13.6, 73.4)),
            _site("near the angle of the jaw", (8.4, 83)),
            _site("deep, in front of the ear", (9, 62.4)),
        )
    },
    "hamstrings": {
        "back": (
            _site("lower half, inner side", at("inner knee", 5, -72), at("inner knee", 6, -50)),
            _site("lower half, outer side", at("outer knee", -11, -70), at("outer knee", -8, -47)),
        )
    },
    "adductor-longus-brevis": {
        "front": (
            _site(
                "upper third, along the cord below the pubic bone", at("pubic bone", 9, 17), at("pubic bone", 16, 36)
            ),
            _site("middle of the thigh", at("pubic bone", 25, 72)),
            _site("high, near the sitting bone", at("sitting bone", -15, 8)),
        )
    },
    "adductor-magnus": {
        "back": (
            _site("near the sitting bone", at("sitting bone", -2, 18)),
            _site("middle of the inner thigh", at("sitting bone", 1, 62)),
        )
    },
}
