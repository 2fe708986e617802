"""Every stretch's picture: a body that could be, hands and feet where they should be, and nothing the words deny."""

import gzip
import re
from math import dist
from pathlib import Path

import pytest
import yaml

from blog.anatomy import drawing
from blog.anatomy.drawing import posefile
from blog.anatomy.drawing.mannequin import layers
from blog.anatomy.drawing.skeleton import FOREARM, PALM, SHIN, SIDES, THIGH, UPPER_ARM, OutOfReach, posed
from blog.anatomy.drawing.solids import corners
from blog.anatomy.drawing.space import angle, distance, minus
from blog.anatomy.drawing.stretches import Scene

ARTICLES = Path("blog/sample/articles")
NAMES = sorted(drawing.pose_names())

# Degrees that a healthy grown-up's joints allow (Norkin and White, Measurement of Joint Motion).
KNEE, ELBOW = (0, 150), (0, 155)
HIP_BENT, HIP_OUT = (-30, 135), (-40, 70)  # forward and behind; outward and across
TRUNK, NECK_BENT, NECK_TURNED = 60, 60, 80
ANKLE = (50, 150)  # between shin and sole: pulled up under the weight of the body, pointed
REACH = 0.05  # centimetres


def positions(name):
    pose = drawing.pose(name)
    return [posed(posture) for posture in (pose.end, pose.start) if posture]


def within(value, limits, what):
    assert limits[0] <= value <= limits[1], (what, round(value))


@pytest.mark.parametrize("name", NAMES)
class TestBody:
    def test_bends_no_further_than_people_do(self, name):
        """Knees, elbows, hips, ankles, trunk and neck stay within the human range, at the start and at the end."""
        for body in positions(name):
            for side in SIDES:
                within(body.bent(side, "knee"), KNEE, f"{side} knee")
                within(body.bent(side, "elbow"), ELBOW, f"{side} elbow")
                within(body.hip_bent(side), HIP_BENT, f"{side} hip")
                within(body.hip_out(side), HIP_OUT, f"{side} hip outward")
                foot, shin = body.parts[f"{side} foot"], body.parts[f"{side} shin"]
                within(angle(foot.ahead, shin.up), ANKLE, f"{side} ankle")
            posture = body.posture
            for part in ("bend", "side", "turn"):
                assert abs(getattr(posture.waist, part) + getattr(posture.chest, part)) <= TRUNK
            assert abs(posture.neck.bend + posture.head.bend) <= NECK_BENT
            assert abs(posture.neck.side + posture.head.side) <= NECK_BENT
            assert abs(posture.neck.turn + posture.head.turn) <= NECK_TURNED

    def test_has_limbs_as_long_as_their_bones(self, name):
        """Nothing is stretched or shortened to reach."""
        for body in positions(name):
            for side in SIDES:
                for one, other, bone in (
                    ("hip", "knee", THIGH),
                    ("knee", "ankle", SHIN),
                    ("shoulder", "elbow", UPPER_ARM),
                    ("elbow", "wrist", FOREARM),
                    ("wrist", "hand", PALM),
                ):
                    assert bone == pytest.approx(distance(body.joints[f"{side} {one}"], body.joints[f"{side} {other}"]))

    def test_puts_hands_and_feet_on_their_targets(self, name):
        """
        Each hand lies where the pose says, on the seat, the knee or the head, and each foot stands where it should.
        """
        for body in positions(name):
            for side in SIDES:
                arm, leg = body.posture.arms[side], body.posture.legs[side]
                assert distance(body.spot(arm.hand), body.joints[f"{side} hand"]) < REACH
                if leg.sole:
                    foot = body.parts[f"{side} foot"]
                    assert distance(body.spot(leg.sole), foot((0, 0, -7.5))) < REACH
                else:
                    assert distance(body.spot(leg.ankle), body.joints[f"{side} ankle"]) < REACH

    def test_does_not_sink_into_the_floor(self, name):
        """No joint lies below the floor."""
        for body in positions(name):
            assert all(point[2] > 1 for point in body.joints.values())


@pytest.mark.parametrize("name", NAMES)
class TestPicture:
    def test_shows_what_is_stretched_and_where_it_moves(self, name):
        """A picture has a tinted region, an arrow, and words for those who do not see it."""
        pose = drawing.pose(name)
        svg = drawing.stretch_figure(pose)

        assert pose.tints
        assert pose.arrows
        assert 'class="d-stretched"' in svg
        assert f'<desc id="d">{pose.words}'[:60] in svg
        assert len(gzip.compress(svg.encode(), 9)) <= 12_000

    def test_draws_far_limbs_before_near_ones(self, name):
        """What is farther from the eye is drawn first, except where the pose says otherwise."""
        pose = drawing.pose(name)
        drawn = layers(pose.body, pose.eye, pose.order)
        free = [layer.nearness for layer in drawn if layer.name not in pose.order]

        assert free == sorted(free)
        assert [n for n in pose.order if n in {layer.name for layer in drawn}] == [
            layer.name for layer in drawn if layer.name in pose.order
        ]

    def test_keeps_arrows_off_the_head(self, name):
        """An arrow that touches the head cuts its outline, and is read as a part of it."""
        pose = drawing.pose(name)
        scene = Scene(pose, pose.end)
        head = [
            corner
            for layer in scene.layers
            if layer.name == "head"
            for piece in layer.pieces
            for corner in corners(piece.outline)
        ]
        points = [pose.eye.sees(pose.body.spot(spot)) for arrow in pose.arrows for spot in arrow.points]

        assert min(dist(point, corner) for point in points for corner in head) >= 4  # centimetres


def test_hands_that_hold_the_ankles_are_seen_before_the_legs():
    pose = drawing.pose("soles-together-sit")
    drawn = [layer.name for layer in layers(pose.body, pose.eye, pose.order)]

    assert {"right arm", "left arm"} == set(drawn[drawn.index("left leg") + 1 :]) & {"right arm", "left arm"}


class TestReading:
    GOOD = {
        "title": "Standing",
        "words": "A person stands.",
        "view": {"round": 0},
        "end": {
            "pelvis": {"at": [0, 0, 89]},
            **{f"{side} leg": {"sole": [0, 10 * sign, 0]} for side, sign in SIDES.items()},
            **{f"{side} arm": {"hand": f"{side} hip"} for side in SIDES},
        },
    }

    def test_takes_a_pose_of_the_least_fields(self):
        """View, pelvis, hands and feet are enough."""
        assert "Standing" == posefile.parse("standing", self.GOOD).title

    @pytest.mark.parametrize(
        ("slip", "told"),
        [
            ({"title": ""}, "standing.yaml: title: expected words"),
            ({"view": {"round": "left"}}, "standing.yaml: view: round: expected a number, not 'left'"),
            ({"tnt": []}, "standing.yaml: tnt: is not a field; known are arrows, end, "),
            ({"support": [{"kind": "sofa", "at": [0, 0, 0]}]}, "standing.yaml: support 1: kind: there is no 'sofa'; "),
            ({"tint": [{"part": "right calf"}]}, "standing.yaml: tint 1: part: there is no 'right calf'; "),
            ({"arrows": [{"points": [[0, 0, 0]]}]}, "standing.yaml: arrows 1: points: an arrow needs two points"),
            ({"shown": ["nose"]}, "standing.yaml: shown: there is no joint 'nose'; "),
            ({"order": ["left wing"]}, "standing.yaml: order: there is no 'left wing'; "),
        ],
    )
    def test_tells_file_and_field_of_a_slip(self, slip, told):
        """An author learns what to mend, and what could stand there."""
        with pytest.raises(posefile.PoseError, match="^" + re.escape(told)):
            posefile.parse("standing", {**self.GOOD, **slip})

    @pytest.mark.parametrize(
        ("part", "slip", "told"),
        [
            ("left leg", {"sole": [0, 10]}, "left leg: sole: expected three numbers (ahead, left, up), not [0, 10]"),
            (
                "left leg",
                {"sole": {"move": [0, 0, 1]}},
                "sole: expected three numbers, a place of the body",
            ),
            ("left leg", {}, "give either `sole` (a standing foot) or `ankle` (a free one)"),
            ("left leg", {"sole": [60, 10, 0]}, "left leg: out of reach by "),
            ("right arm", {"hand": "left tail"}, "hand: the body has no place 'left tail'; known are "),
            ("right arm", None, "right arm: is missing"),
            ("pelvis", {"at": [0, 0, 89], "lean": 3}, "pelvis: lean: is not a field; known are at, bend, side, turn"),
        ],
    )
    def test_tells_what_no_body_can_do(self, part, slip, told):
        """A hand or foot that cannot be where the pose says is refused with the missing centimetres."""
        with pytest.raises(posefile.PoseError) as caught:
            posefile.parse("standing", {**self.GOOD, "end": {**self.GOOD["end"], part: slip}})

        assert str(caught.value).startswith("standing.yaml: end")
        assert told in str(caught.value)

    def test_refuses_what_is_not_yaml(self, tmp_path):
        """A broken file is named."""
        (tmp_path / "broken.yaml").write_text("title: [")

        with pytest.raises(posefile.PoseError, match=r"broken\.yaml: is not YAML"):
            posefile.read(tmp_path / "broken.yaml")

    def test_out_of_reach_is_never_bridged(self):
        """The skeleton itself refuses, whoever asks."""
        far = posefile.parse("standing", self.GOOD).end
        far = type(far)(**{**vars(far), "pelvis": (0, 0, 140)})

        with pytest.raises(OutOfReach, match="leg: out of reach by 50"):
            posed(far)


def test_every_pose_of_an_article_is_drawn():
    """Each stretch of the sample articles has its picture, and no pose lies unused."""
    used = [
        figure.get("pose")
        for path in ARTICLES.glob("*-trigger-points.md")
        for figure in yaml.safe_load(path.read_text(encoding="utf-8").split("\n---")[0].removeprefix("---"))["figures"]
        if figure["kind"] == "stretch"
    ]

    assert set(NAMES) == set(used)


def test_the_eye_sees_lengths_as_they_are():
    """Seen from the side, a limb across the line of sight has its true length: nothing shrinks with distance."""
    pose = drawing.pose("straight-knee-wall-lunge")
    right, down = zip(*(pose.eye.sees(pose.body.joints[f"right {name}"]) for name in ("knee", "ankle")), strict=True)
    seen = ((right[0] - right[1]) ** 2 + (down[0] - down[1]) ** 2) ** 0.5
    across = minus(pose.body.joints["right knee"], pose.body.joints["right ankle"])

    assert seen <= SHIN
    assert seen == pytest.approx((SHIN**2 - pose.eye.nearness(across) ** 2) ** 0.5)
