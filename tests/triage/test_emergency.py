"""Which words mean danger now, and which only name it."""

from __future__ import annotations

import pytest

from blog.triage.emergency import _IDEAS, _RULES, emergencies, scene_of
from blog.triage.emergency_rules import RULES
from blog.triage.reading import read

# rule: a text that it flags, and one near to it that it does not
PAIRS = {
    "bladder_bowel": ("I lost control of my bladder this morning.", "I never lost control of my bladder."),
    "bladder_leak": ("New leaking of urine together with back pain.", "I leak pee a little when I jump."),
    "saddle_numbness": ("It is numb between my legs.", "What does numbness between the legs mean exactly?"),
    "both_legs": ("Both legs feel weak since yesterday.", "My legs feel weak after squats."),
    "growing_weakness": ("My left leg gets weaker by the day.", "My left leg was weaker ten years ago."),
    "chest_pain": ("Pressure on my chest, my left arm aches, I sweat.", "The chest muscle stretch makes my arms ache."),
    "arm_jaw": ("My jaw hurts and I am short of breath.", "My jaw hurts when I chew gum."),
    "coughing_blood": ("I coughed up blood.", "Should the box mention coughing blood?"),
    "breathless": ("Suddenly short of breath.", "I am short of breath after running."),
    "stroke": ("Suddenly my face droops.", "Let your face droop and relax."),
    "worst_headache": ("The worst headache of my life.", "A mild headache again."),
    "meningitis": ("Fever and such a stiff neck.", "No fever, a stiff neck."),
    "neck_artery": ("I see double since the neck stretch.", "I read the neck page twice, double thanks."),
    "sight": ("Suddenly the sight in one eye went black.", "I lost sight of the second step."),
    "fever_spine": ("Fever and back pain.", "Back pain without fever."),
    "after_injury": ("Fell off a ladder yesterday, terrible back pain.", "My child fell asleep on my bad back."),
    "clot": ("My calf is swollen and hot.", "My calf is sore after running, not swollen, not hot."),
    "limb_blood": ("My foot is suddenly cold and blue.", "My feet are cold in winter."),
    "self_harm": ("I want to kill myself.", "This chair is killing me."),
    "pregnancy": ("I am pregnant and bleeding.", "I am pregnant and well."),
    "testicle": ("Sudden pain in one testicle.", "A tennis ball gives me sudden pain."),
    "belly": ("Something beating in my belly and back pain.", "Breathe into your belly."),
    "airway": ("My tongue is swollen and I can't swallow.", "I press the tongue to the roof of my mouth."),
    "allergy": ("My lips are swelling since the wasp sting.", "The tape left no hives and my lips are fine."),
    "overdose": ("I took twenty paracetamol for my neck.", "I took two paracetamol for my neck."),
    "gut_bleeding": ("My vomit looks like coffee grounds since today.", "I use coffee grounds as a hot pack."),
    "aorta": ("Suddenly something ripped in my chest, terrible pain.", "I ripped my shirt at the back."),
    "dark_urine": ("My thighs are rock hard and my urine looks like cola.", "I drink coca cola after training."),
    "tight_cast": ("My fingers are blue and numb in the plaster.", "The plaster came off and my arm is well."),
    "cold_limb": ("My foot is cold, white and hurts.", "My foot is cold in winter."),
    "late_pregnancy": ("32 weeks, bad headache and flashing lights.", "32 weeks and the baby kicks."),
    "hot_joint": ("My knee is hot and swollen and I have chills.", "A hot bath eases my knee."),
    "loin": ("Pain from the loin to the groin and shivering.", "My groin is tight."),
    "temple": ("My scalp hurts and one eye went dim when chewing.", "My jaw is tired from chewing gum."),
    "weight_loss": ("I lost weight without trying and my back hurts.", "I lost weight and my back hurts less."),
}


def rules(text: str) -> set[str]:
    return {flag.rule for flag in emergencies(text)}


def test_every_rule_has_a_pair():
    assert {rule.name for rule in RULES} == set(PAIRS)


@pytest.mark.parametrize("rule", PAIRS)
def test_flags_danger(rule):
    assert rule in rules(PAIRS[rule][0])


@pytest.mark.parametrize("rule", PAIRS)
def test_leaves_its_harmless_neighbour(rule):
    assert set() == rules(PAIRS[rule][1])


@pytest.mark.parametrize(
    ("meant", "not_meant"),
    [
        ("I have numbness in the saddle area and no fever.", "No numbness in the saddle area, no fever."),
        ("No fever, but I can't pee since yesterday.", "I don't have fever or trouble peeing."),
        ("I don't know why I can't feel my legs.", "I don't feel any numbness in my legs."),
        ("My mum can't feel her legs since this morning.", "My neighbour once couldn't feel her legs."),
        ("Back op ten years ago, and since yesterday I can't pee.", "Ten years ago I couldn't pee and had a back op."),
        ("Should I worry if I can't feel my legs?", "If I couldn't feel my legs I would call."),
        ("The article says call, and I have numbness in my crotch.", "The article says to call about a numb crotch."),
        ("Fever? Yes. My back hurts and I have fever.", "Fever? No. My back hurts."),
        ("Seit gestern spüre ich meine Beine nicht.", "Vor zehn Jahren spürte ich meine Beine nicht."),
        ("No siento las piernas desde ayer.", "Hace diez años no sentía las piernas."),
        ("Je ne sens plus mes jambes depuis hier.", "Je n'ai pas de fièvre ni de douleur dans la poitrine."),
    ],
)
def test_tells_what_is_meant_from_what_is_named(meant, not_meant):
    assert (True, False) == (bool(rules(meant)), bool(rules(not_meant)))


@pytest.mark.parametrize(
    "text",
    [
        "cudnt pee since last nite",
        "my calf is swolen and hot",
        "I cant feel my legs",
        "I can’t feel my legs",
        "numness between my legs",
        "I CAN'T FEEL MY LEGS",
        "39,5 fever and my back hurts",
    ],
)
def test_reads_through_spelling(text):
    assert emergencies(text)


@pytest.mark.parametrize(
    "text",
    [
        "My calf is sore after running.",
        "My bum is numb from sitting.",
        "Weak grip for years.",
        "Shoot me.",
        "I fell in love with this stretch.",
        "The baby falls asleep on my chest.",
        "Dying to try it.",
        "I don't see the point of the second exercise.",
        "I nearly peed myself laughing.",
        "I pull my leg weakly.",
    ],
)
def test_leaves_ordinary_soreness_and_talk(text):
    assert [] == emergencies(text)


@pytest.mark.parametrize("text", [text for pair in PAIRS.values() for text in pair])
def test_leaves_out_no_pattern_that_matches(text):
    """Only names of which an idea stands in the text are tried: a few of them, and all that match."""
    scene = scene_of(read(text))

    for index in (_IDEAS, _RULES):
        opened = index.opened(scene.ideas)
        assert len(opened) < len(index.patterns)
        for name, patterns in index.patterns.items():
            assert name in opened or not any(map(scene.matches, patterns))
