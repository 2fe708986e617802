"""Each picture agrees with the steps beside it: side, lying or sitting, bent or straight, which hand is where.

A row quotes the step that it holds. Where a step is reworded, its row is looked at again, and so is the picture.
"""

from functools import cache
from pathlib import Path

import pytest
import yaml

from blog.anatomy import drawing
from blog.anatomy.drawing.skeleton import SIDES, posed
from blog.anatomy.drawing.space import angle, distance

ARTICLES = Path("blog/sample/articles")
TOUCH = 9  # centimetres from the middle of a palm, or from an ankle, to what it lies on
STRAIGHT, BENT = 20, 35  # degrees
SEAT = (51, 58)  # height of the hips on a seat
OTHER = {"left": "right", "right": "left"}


@cache
def steps():
    """The steps of each stretch, by its pose."""
    found = {}
    for path in ARTICLES.glob("*-trigger-points.md"):
        article = yaml.safe_load(path.read_text(encoding="utf-8").split("\n---")[0].removeprefix("---"))
        poses = {figure["id"]: figure.get("pose") for figure in article["figures"]}
        found |= {poses[stretch["figure"]]: " ".join(stretch["steps"]) for stretch in article["stretches"]}
    return found


def straight(side, what):
    return lambda body: body.bent(side, what) <= STRAIGHT


def bent(side, what):
    return lambda body: body.bent(side, what) >= BENT


def both(rule, *more):
    return lambda body: all(rule(side, *more)(body) for side in SIDES)


def hand_on(side, place):
    return lambda body: distance(body.joints[f"{side} hand"], body.place(place)) <= TOUCH


def hand_at(side, low, high):
    """A hand between two points of the room (ahead, left, up)."""
    return lambda body: all(a <= value <= b for a, value, b in zip(low, body.joints[f"{side} hand"], high, strict=True))


def on_the_back(body):
    return body.parts["pelvis"].ahead[2] > 0.9


def on_the_side(side):
    return lambda body: -SIDES[side] * body.parts["pelvis"].left[2] > 0.9


def sits(body):
    return SEAT[0] <= body.joints["pelvis"][2] <= SEAT[1] and body.parts["pelvis"].up[2] > 0.9


def stands(body):
    return body.joints["pelvis"][2] > 75 and body.parts["chest"].up[2] > 0.85


def kneels(side):
    return lambda body: body.joints[f"{side} knee"][2] < 16 and body.joints[f"{side} ankle"][2] < 16


def looks(side, least, most):
    """The head is turned to a side by so many degrees."""
    return lambda body: least <= SIDES[side] * (body.posture.neck.turn + body.posture.head.turn) <= most


def tips(side):
    return lambda body: SIDES[side] * (body.posture.neck.side + body.posture.head.side) >= 10


def chin_down(body):
    return body.posture.neck.bend + body.posture.head.bend >= 5


def chin_level(body):
    return abs(body.posture.neck.bend + body.posture.head.bend) < 5


def heel_down(side):
    return lambda body: abs(body.parts[f"{side} foot"]((0, 0, -7.5))[2]) < 0.5


def toes_ahead(side):
    return lambda body: body.parts[f"{side} foot"].ahead[0] > 0.95


def foot_behind(side):
    return lambda body: body.joints[f"{side} ankle"][0] < body.joints[f"{OTHER[side]} ankle"][0] - 25


def soles_meet(body):
    return all(
        abs(body.parts[f"{side} foot"].up[1]) > 0.7 and abs(body.joints[f"{side} ankle"][1]) < 8 for side in SIDES
    )


def toes_on_the_floor(body):
    """Near the floor, with the top of the foot looking down."""
    return body.place("right toes")[2] < 8 and body.parts["right foot"].up[2] < 0


def crosses_behind(body):
    """The right foot stands left of the left one, and behind it."""
    right, left = body.joints["right ankle"], body.joints["left ankle"]
    return right[1] > left[1] and right[0] < left[0]


def other_leg_flat(body):
    return body.joints["left knee"][2] < 15 and body.bent("left", "knee") <= STRAIGHT


def elbow_at_the_side(body):
    return distance(body.joints["right elbow"], body.place("right waist")) < 20


def rounded(body):
    return body.posture.waist.bend + body.posture.chest.bend >= 25


def knee_crosses_over(body):
    """The right knee lies left of its own hip, and nearer to the head."""
    knee, hip = body.joints["right knee"], body.joints["right hip"]
    return knee[1] > hip[1] and knee[0] < hip[0]


def leg_hangs_before(body):
    """The top (right) leg lies before the edge of the bench and lower than its hip."""
    return body.joints["right ankle"][0] > 25 and body.joints["right ankle"][2] < body.joints["right hip"][2] - 15


FACTS = {
    "soles-together-sit": [
        ("soles together", soles_meet),
        ("hold your ankles", both(lambda side: hand_on(side, f"{side} ankle"))),
        ("Lean slightly forward", lambda body: 5 <= body.posture.hips.bend <= 20),
    ],
    "straight-arm-wrist-bend": [
        ("Straighten the sore arm", straight("left", "elbow")),
        ("in front of you", lambda body: body.joints["left wrist"][0] > 45),
        ("Let the hand drop", lambda body: body.parts["left hand"].ahead[2] < -0.9),
        ("With the other hand, draw it", hand_on("right", "left back of the hand")),
    ],
    "straight-knee-wall-lunge": [
        ("hands on a wall", both(lambda side: hand_at(side, (60, -20, 100), (66, 20, 130)))),
        ("well behind you", foot_behind("right")),
        ("rear knee straight", straight("right", "knee")),
        ("heel down", heel_down("right")),
        ("toes pointing ahead", toes_ahead("right")),
    ],
    "side-lying-leg-drop": [
        ("Lie on one side", on_the_side("left")),
        ("lower leg bent", bent("left", "knee")),
        ("hold the edge with your hand", hand_at("right", (15, 0, 40), (22, 60, 50))),
        ("straight top leg", straight("right", "knee")),
        ("forward over the edge", leg_hangs_before),
    ],
    "knee-to-opposite-shoulder": [
        ("Lie on your back", on_the_back),
        ("both knees bent", both(bent, "knee")),
        ("Hold one knee with both hands", hand_on("right", "right knee")),
        ("towards the opposite shoulder", knee_crosses_over),
    ],
    "crossed-leg-side-lean": [
        ("Stand side-on to a wall", stands),
        ("rest a hand on it", hand_at("right", (-5, -50, 110), (5, -44, 140))),
        ("Cross the leg nearest the wall behind", crosses_behind),
        ("the hip nearest the wall glide", lambda body: body.joints["pelvis"][1] < -10),
    ],
    "side-lying-leg-drop-with-cushion": [
        ("Lie on the pain-free side", on_the_side("left")),
        ("Bend the lower leg", bent("left", "knee")),
        ("hang forward and down", leg_hangs_before),
    ],
    "strap-leg-raise": [
        ("Lie on your back", on_the_back),
        ("Straighten the knee", straight("right", "knee")),
        ("the other leg relaxed on the floor", other_leg_flat),
    ],
    "cross-body-arm-pull": [
        ("across your chest", lambda body: body.joints["right hand"][1] > 15),
        ("just above the elbow with the other hand", hand_on("left", "right above the elbow")),
    ],
    "look-into-the-armpit": [
        ("Sit and hold the chair seat", sits),
        ("the hand of the sore side", hand_at("right", (-10, -26, 42), (10, -20, 48))),
        ("Turn your head about halfway to the other side", looks("left", 35, 55)),
        ("Lower your chin", chin_down),
        ("Do not pull on it with your hand", hand_on("left", "left thigh")),
    ],
    "slow-opening-with-tongue-up": [
        ("Open slowly, only as far as the tongue stays there", lambda body: 10 <= body.posture.jaw <= 25),
        ("moves straight down", looks("left", 0, 0)),
    ],
    "corner-stretch": [
        ("forearms on both walls", both(bent, "elbow")),
        (
            "elbows a little above the shoulders",
            both(
                lambda side: lambda body: 0 < body.joints[f"{side} elbow"][2] - body.joints[f"{side} shoulder"][2] < 18
            ),
        ),
        ("Step one foot forward", foot_behind("right")),
    ],
    "lying-figure-four": [
        ("Lie on your back", on_the_back),
        (
            "on the other thigh, just above the knee",
            lambda body: distance(body.joints["right ankle"], body.place("left thigh")) < TOUCH,
        ),
        ("Hold behind the lower thigh", both(lambda side: hand_on(side, "left under the thigh"))),
    ],
    "toes-back-arch": [
        (
            "Sit and cross the sore foot over the other knee",
            lambda body: sits(body) and distance(body.joints["right ankle"], body.place("left thigh")) < TOUCH,
        ),
        ("Hold all the toes", hand_on("right", "right toes")),
        ("Stroke it with the other hand", hand_on("left", "right arch")),
    ],
    "half-kneeling-hip-flexor": [
        ("Kneel on the knee of the sore side", kneels("right")),
        ("the other foot in front", foot_behind("right")),
        ("without arching the back", lambda body: body.posture.waist.bend >= 0 and body.parts["chest"].up[2] > 0.97),
    ],
    "side-lying-drape": [
        ("Lie on the pain-free side", lambda body: body.parts["pelvis"].left[2] < -0.9),
        ("Straighten the top arm over your head", lambda body: body.bent("right", "elbow") < 30),
        ("slide back off the edge", lambda body: body.joints["right ankle"][0] < -20),
    ],
    "self-hug": [
        ("Cross your arms", lambda body: body.joints["right hand"][1] > 5 and body.joints["left hand"][1] < -5),
        ("Drop your chin", chin_down),
        ("Round the upper back", rounded),
    ],
    "anchored-side-bend": [
        ("Sit on the hand", lambda body: sits(body) and hand_at("right", (-8, -20, 44), (8, -10, 49))(body)),
        ("palm up", lambda body: body.parts["right hand"].up[2] > 0.9),
        ("to the other side", tips("left")),
        ("Do not tip your head back", chin_level),
    ],
    "bent-knee-wall-lunge": [
        ("foot of the sore side behind you", foot_behind("right")),
        ("rear heel down", heel_down("right")),
        ("bend both knees", both(bent, "knee")),
        ("toes pointing ahead", toes_ahead("right")),
    ],
    "turn-and-tilt-away": [
        ("Sit tall", sits),
        ("one hand flat on the collarbone", hand_on("right", "right collarbone")),
        ("to the side of that hand", looks("right", 25, 60)),
        ("towards the other shoulder", tips("left")),
        ("Keep your chin level", chin_level),
    ],
    "lying-chin-tuck": [
        ("Lie on your back", on_the_back),
        ("Glide the chin gently back", lambda body: body.posture.glide < 0),
        ("Nod a tiny yes", lambda body: 5 <= body.posture.head.bend <= 20),
    ],
    "doorway-outward-turn": [
        ("Stand in a doorway", stands),
        ("bent at your side", lambda body: 70 <= body.bent("right", "elbow") <= 120),
        ("Keep the elbow close to the body", elbow_at_the_side),
        (
            "Turn your chest slowly away from that arm",
            lambda body: angle(body.parts["chest"].ahead, (1, 0, 0)) > 20 and body.parts["chest"].ahead[1] > 0,
        ),
    ],
    "half-kneeling-side-reach": [
        ("Kneel on the knee of the sore side", kneels("right")),
        (
            "Reach the arm of the kneeling side up and over",
            lambda body: body.joints["right hand"][2] > body.joints["head"][2] and body.joints["right hand"][1] > 15,
        ),
        ("slightly outward", lambda body: body.joints["pelvis"][1] < -3),
    ],
    "toe-drag": [
        ("Stand behind a chair and hold it", both(lambda side: hand_at(side, (32, -16, 86), (40, 16, 94)))),
        ("top of the toes", toes_on_the_floor),
        ("behind you", foot_behind("right")),
    ],
    "ear-toward-shoulder": [
        ("Sit tall and hold the chair seat", sits),
        ("the hand of the side you want to stretch", hand_at("right", (-10, -26, 42), (10, -20, 48))),
        ("tip towards the other side", tips("left")),
        ("chin slightly down", chin_down),
    ],
}


def test_every_pose_is_held_to_its_words():
    """No picture goes without a look at its steps."""
    assert set(drawing.pose_names()) == set(FACTS)


@pytest.mark.parametrize(("pose", "phrase"), [(pose, phrase) for pose, rows in FACTS.items() for phrase, _ in rows])
def test_agrees_with_its_step(pose, phrase):
    """What a step says is what the figure does."""
    rule = dict(FACTS[pose])[phrase]

    assert phrase in steps()[pose], "the step was reworded: look at the picture again"
    assert rule(posed(drawing.pose(pose).end))


@pytest.mark.parametrize("pose", sorted(drawing.pose_names()))
def test_the_picture_bears_the_stretch_s_name(pose):
    """A picture is titled as its stretch is."""
    names = {
        figure.get("pose"): stretch["name"]
        for path in ARTICLES.glob("*-trigger-points.md")
        for article in [yaml.safe_load(path.read_text(encoding="utf-8").split("\n---")[0].removeprefix("---"))]
        for figure in article["figures"]
        for stretch in article["stretches"]
        if stretch["figure"] == figure["id"]
    }

    assert names[pose] == drawing.pose(pose).title
