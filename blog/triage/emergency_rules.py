"""What makes an emergency: ideas joined from words, and rules over ideas. Data, read by `emergency`.

A pattern is one of two shapes. In order: `CANT ..3 FEEL ..6 WIPE`, where `..3` lets up to three words stand between.
In any order: `CALF & SWOLLEN & HOT|COLOUR @30`, all within thirty words; `@s` within one sentence.
Capitals are ideas from `words/` or IDEAS below; small letters are the words themselves; `|` means either.
"""

from __future__ import annotations

from typing import NamedTuple

# An idea on the left hides the ideas on the right where their words overlap.
HIDES: dict[str, tuple[str, ...]] = {
    "CHESTMUSCLE": ("CHEST", "TIGHT"),
    "FALLJOKE": ("FALL", "CRASH", "BLOW"),
    "SUICIDEJOKE": ("SUICIDE",),
    "BLOODPRESSURE": ("BLOOD", "PREGBAD"),
    "BUMCHEEK": ("FACE",),
    "EVERYNEW": ("ONSET",),
    "INDIRECT": ("IF",),  # "I cannot tell if": no condition
}

# Worked out before it is asked what is meant.
GRAMMAR: dict[str, tuple[str, ...]] = {
    "HISTORY": (
        "when ..3 was|were ..1 expecting|pregnant|young|little|small|nineteen|twenty|younger|carrying",
        "once ..0 had|got|lost|woke|felt|was|went|did|knew",
        "had|knew|was ..0 once",
        "neighbour|neighbor|friend|colleague|aunt|uncle|cousin|i|she|he ..0 once",
        "with ..0 my ..0 first|second|third|last|eldest|youngest|son|daughter ..0 END",
    ),
    "PRACTITIONER": (
        "as|im|being|als|comme|como|soy ..2 ROLE",
        "i|je|ich ..0 am|suis|bin ..2 ROLE",
        "ROLE ..0 here|chiming|speaking|for|since|hier|seit|aqui|desde|ici|depuis",
        "retired ..1 ROLE",
        "ROLE ..0 in|on|at|en|a|de|dans|am|im ..2 PLACE",
        "i|we|ich|wir|je ..1 run|lead|leite|leiten|dirige ..4 PLACE",
        "i|we|ich|je ..0 lecture|teach|train|supervise|instruct|unterrichte|lehre|enseigne",
        "doy ..0 clase|clases",
        "work|working|worked|trabajo|arbeite|travaille ..1 in|on|at|en|im|dans ..3 PLACE",
        "in|im|en|au|dans|chez ..0 my|our|unserer|meiner|mi|nuestra|mon|notre|nous ..1 PLACE",
        "my|our|meine|unsere|mis|nuestros|mes|nos ..1 TREATED",
        "i|we ..1 treat|see|saw|had|send|ask ..6 TREATED|PLACE",
        "ich|wir ..0 behandle|behandeln|sehe|sehen|frage|fragen|schicke|schicken ..5 TREATED",
        "PLACE & send|sends|schicken|schicke|mando|mandamos|envoie|envoyons @12",
    ),
}

# Ideas made of other ideas, in the order in which they are worked out.
IDEAS: dict[str, tuple[str, ...]] = {
    "FEVER": ("TEMPERATURE ..4 HIGHNUMBER", "HIGHNUMBER ..2 TEMPERATURE"),
    "NOFEEL": ("spure|spuere|spurt|spuert|fuhle|merke ..4 nicht|nichts|kaum",),
    "RETENTION": (
        "CANT ..3 PEE",
        "CANT ..5 TOILET ..3 PEE",
        "TROUBLE ..5 PEE",
        "PEE ..1 TROUBLE",
        "PEE ..4 wont|doesnt ..1 come|start|flow",
        "TOILET|PEE & nothing ..1 came|comes|happens|happened @14",
        "TOILET & strain|straining|push|force @14",
        "CANT ..2 start|begin ..4 PEE",
        "PEE ..2 is ..1 TROUBLE",
    ),
    "INCONTROL": (
        "SOILED",
        "INCONTINENT",
        "LOSS ..4 CONTROL ..5 PEE|POO",
        "LOSS ..4 PEE|POO ..2 CONTROL",
        "CANT ..2 CONTROL ..5 PEE|POO",
        "PEE|POO ..3 CONTROL ..3 LOSS",
        "TROUBLE ..5 CONTROL ..4 PEE|POO",
        "no control ..5 PEE|POO",
        "PEE|POO & NOFEEL @7",
        "CANT ..3 FEEL ..5 PEE|POO",
        "NOFEEL ..5 URGE",
        "CANT ..3 FEEL ..5 URGE",
        "dont|didnt ..1 know|notice ..3 URGE|PEE|POO",
        "CANT ..3 FEEL ..5 TOILET",
        "NUMB ..4 PEE|POO",
        "CANT ..3 POO",
    ),
    "SADDLENUMB": (
        "NUMB|TINGLE|NOFEEL & SADDLE @9",
        "CANT ..3 FEEL ..8 WIPE|SADDLE",
        "NUMB|NOFEEL & WIPE @11",
        "SEX & NUMB|NOFEEL @7",
        "NOFEEL ..6 TOILET",
    ),
    "LEGSNUMB": ("LEGS & NUMB|NOFEEL @6", "CANT ..3 FEEL ..4 LEGS", "LEGS & TINGLE @6"),
    "LEGSWEAK": (
        "LEGS & WEAK @7",
        "CANT ..3 LEGS ..2 to|do|work",
        "LEGS ..2 CANT ..2 MOVE",
        "CANT ..2 MOVE ..3 LEGS",
        "CANT ..1 stand|walk",
    ),
    "CHESTPAIN": (
        "CHEST & TIGHT @8",
        "CHEST & HURT @8",
        "heart ..2 hurts|hurting|aches|pain|pains",
        "pain|pains|ache in ..1 heart",
    ),
    "ARMPAIN": ("ARM & HURT|NUMB|TINGLE|WEAK|SPREAD|HEAVY @6", "left arm", "left hand", "down ..2 ARM"),
    "JAWPAIN": ("JAW & HURT|TIGHT|NUMB|SPREAD @6", "into|to|up ..2 JAW"),
    "FACEDROOP": ("FACE & DROOP @6",),
    "SPEECHLOSS": ("SLURRED", "CANT ..4 SPEECH", "TROUBLE ..2 SPEECH", "SPEECH ..3 SLURRED|gone|funny|wrong|strange"),
    "SIGHTGONE": ("VISION & SIGHTLOST @6", "CANT ..3 see", "half blind", "went blind"),
    "INJURY": ("FALL", "CRASH", "BLOW"),
    "CANTMOVE": ("CANT ..4 MOVE",),
    "WEIGHTLOSS": ("lost|losing ..2 stone|kilos|kg|pounds|lbs",),
    "CLOTLEG": (
        "CALF & SWOLLEN @12",
        "CALF & BIGGER & HURT|HOT|COLOUR @20",
    ),
}


class Rule(NamedTuple):
    name: str
    why: str
    patterns: tuple[str, ...]
    unless: str = ""  # ideas that make it ordinary when they stand in the sentences of the match
    even_if: str = ""  # why words are not meant that does not count here: denied, imagined, talked, quoted, past


RULES: tuple[Rule, ...] = (
    # --- Nerves of bladder, bowel and legs ----------------------------------------------------------
    Rule(
        "bladder_bowel",
        "Trouble starting, holding or feeling pee or poo: nerves at the base of the spine may be pressed.",
        ("INCONTROL", "RETENTION & NOW|ONSET|SUDDEN|SPINE|LEGS|NUMB|TINGLE|HURT|PROGRESS @40"),
        unless="LAUGH",
    ),
    Rule(
        "bladder_leak",
        "New leaking together with back or leg trouble: nerves at the base of the spine may be pressed.",
        ("LEAK & PEE|POO & NOW|ONSET|SUDDEN|SPINE|NUMB @20",),
        unless="LAUGH STRESSLEAK",
    ),
    Rule(
        "saddle_numbness",
        "Numb between the legs or when wiping: nerves at the base of the spine may be pressed.",
        ("SADDLENUMB",),
        unless="BIKE PASSING",
    ),
    Rule(
        "saddle_numbness",
        "Numb buttocks together with bladder, bowel or both legs.",
        ("BUM & NUMB|NOFEEL & PEE|POO|SADDLE|LEGSWEAK|RETENTION|TOILET @30",),
        unless="POSTURE",
    ),
    Rule(
        "both_legs",
        "New weakness, heaviness or numbness in both legs.",
        (
            "BOTH & LEGSNUMB|LEGSWEAK @12",
            "LEGSNUMB|LEGSWEAK & NOW|SUDDEN|PROGRESS|RETENTION|SADDLENUMB|INCONTROL @25",
            "CANT ..3 FEEL ..3 LEGS",
            "LEGS ..2 NOFEEL",
            "NOFEEL ..4 LEGS",
            "LEGS ..3 WEAK ..6 waist",
            "CANT ..3 MOVE ..2 LEGS",
        ),
        unless="EXERCISE POSTURE LAUGH",
    ),
    Rule(
        "growing_weakness",
        "A limb that gets weaker, or a foot that drops.",
        (
            "WEAK & LEG|ARM|FOOT|LEGS|BOTH & PROGRESS @14",
            "lose|losing|lost ..4 grip|strength & PROGRESS|keys|cups @16",
            "FOOTDROP",
            "ARM & WEAK & UNSTEADY|LEGSWEAK @20",
            "BOTH ..1 ARM & WEAK|NUMB & NOW|ONSET|PROGRESS|UNSTEADY @20",
            "CANT ..4 lift|raise|move ..4 FOOT & NOW|PROGRESS|ONSET|SUDDEN @25",
            "LEG ..5 gives|giving|gave ..1 way & PROGRESS|NOW @12",
            "ARM & WEAK & CANT|drop|dropped|dropping & NOW|SUDDEN|ONSET|PROGRESS @25",
        ),
        unless="EXERCISE",
    ),
    # --- Heart and lungs ----------------------------------------------------------------------------
    Rule(
        "chest_pain",
        "Chest pain or tightness with arm, jaw, sweat, breath, sickness or effort: may be the heart.",
        ("CHESTPAIN & SWEAT|BREATHLESS|SICK|EFFORT|JAWPAIN|SPREAD @35", "CHESTPAIN & ARMPAIN @25"),
        unless="EXERCISE CHESTMUSCLE",
    ),
    Rule(
        "chest_pain",
        "New or crushing chest pain: may be the heart.",
        (
            "CHESTPAIN & NOW|SUDDEN @20",
            "CHEST & crushing|crushed|elephant|vice|vise|constricted|crush @10",
            "HEARTATTACK & think|maybe|having|might|could & NOW @15",
            "CHESTPAIN & SEVERE @6",
        ),
        unless="EXERCISE CHESTMUSCLE POSTURE",
    ),
    Rule(
        "arm_jaw",
        "Left arm or jaw pain with sweat or breathlessness: may be the heart.",
        (
            "ARMPAIN & SWEAT|BREATHLESS & JAWPAIN|NOW|SUDDEN|SICK @30",
            "left ..0 arm|shoulder & SWEAT @20",
            "JAWPAIN & SWEAT|BREATHLESS @20",
            "PEC & TIGHT|HURT & SWEAT|BREATHLESS|SICK @25",
            "left arm & JAW & NOW|SUDDEN @15",
        ),
        unless="EXERCISE",
    ),
    Rule("coughing_blood", "Coughing or vomiting blood.", ("COUGHBLOOD", "COUGH ..5 BLOOD", "BLOOD ..4 COUGH")),
    Rule(
        "breathless",
        "New breathlessness with pain: may be a clot in the lung.",
        (
            "BREATHLESS & HURT|SWOLLEN & CALF @40",
            "BREATHLESS & SUDDEN @8",
            "BREATHLESS & NOW & HURT|CHEST @20",
            "BREATHPAIN & stab|stabbing|sharp|knife & NOW|SUDDEN|BREATHLESS @20",
        ),
        unless="EXERCISE LAUGH",
    ),
    # --- Brain, head, eyes --------------------------------------------------------------------------
    Rule(
        "stroke",
        "Face, arm, speech or sight failing: may be a stroke.",
        (
            "FACEDROOP & ARM|SPEECHLOSS|SUDDEN|NOW|ONESIDE|WEAK @25",
            "SPEECHLOSS & NOW|SUDDEN|ARM|FACE|NUMB|WEAK|HEADACHE @25",
            "ARM|ONESIDE|FACE & NUMB|WEAK & SUDDEN @12",
            "ONESIDE & FACE & NUMB|WEAK|DROOP @12",
            "words ..4 wrong|jumbled|nonsense",
            "CANTMOVE & ARM & SUDDEN|SPEECHLOSS @20",
            "FACE & NUMB & ARM|ONESIDE & NOW @15",
            "ONESIDE ..3 body & NUMB|WEAK|NOFEEL @10",
        ),
        unless="EXERCISE dentist relax let",
    ),
    Rule(
        "worst_headache",
        "A sudden or worst-ever headache: may be a bleed.",
        (
            "HEADACHE & WORST & SUDDEN|ever|life|thunderclap|explosive|hammer @14",
            "thunderclap & HEADACHE|HURT|SICK|NOW|SUDDEN|NECK @25",
            "HEADACHE & SUDDEN & SEVERE|WORST @12",
            "HEADACHE & FALL|CRASH|BLOW & SICK|CONFUSED|SLURRED|DOUBLE @30",
        ),
    ),
    Rule(
        "meningitis",
        "Fever with stiff neck, headache, rash or confusion.",
        (
            "STIFFNECK|HEADACHE|NECK & FEVER @30",
            "HEADACHE & STIFFNECK & light|RASH|NOW|SUDDEN|SICK @25",
            "FEVER & RASH & NECK|HEADACHE @30",
        ),
    ),
    Rule(
        "neck_artery",
        "Double vision, unsteady walking or trouble swallowing with neck pain or headache.",
        ("DOUBLE|UNSTEADY & NECK|HEADACHE @30", "DOUBLE & NOW|SUDDEN|UNSTEADY @20"),
    ),
    Rule(
        "sight",
        "Sight failing, with jaw, temple or headache or suddenly.",
        ("SIGHTGONE & TEMPLE|JAW|HEADACHE @35", "SIGHTGONE & SUDDEN @10", "TEMPLE & JAW & HEADACHE|HURT & NOW|new @25"),
    ),
    # --- Infection, injury --------------------------------------------------------------------------
    Rule(
        "fever_spine",
        "Fever or shivering with back pain: may be an infection.",
        ("FEVER & SPINE @30", "FEVER & JOINT & SWOLLEN|HOT|COLOUR @25", "FEVER & SPREAD & COLOUR|HOT @20"),
        unless="EXERCISE",
    ),
    Rule(
        "after_injury",
        "Bad pain, numbness or no weight-bearing after a fall, crash or blow.",
        (
            "INJURY & SPINE|NECK|HEADACHE|HIP & NOW|SEVERE|NUMB|TINGLE|WEAK|CANTMOVE @30",
            "INJURY & CANTMOVE @30",
            "INJURY & THIGH & HARD|NUMB @25",
            "INJURY & LIMB & BENT|NUMB|BADCOLOUR @25",
            "LIMB|JOINT & BENT & NOW|SEVERE @15",
            "INJURY & SEVERE & NOW @25",
            "INJURY & LEG & CANTMOVE|LIMBSHORT @30",
            "INJURY & NECK|SPINE|HEADACHE & TINGLE|NUMB|WEAK @30",
            "CRASH & NOW & HURT|NUMB|STIFFNECK @30",
        ),
        unless="LAUGH",
    ),
    # --- Vessels ------------------------------------------------------------------------------------
    Rule(
        "clot",
        "A calf or leg swollen, hot or discoloured: may be a clot.",
        (
            "CLOTLEG & HOT|COLOUR|HURT|BREATHLESS @30",
            "CALF & SWOLLEN|HOT|COLOUR & FLIGHT|SURGERY|PILL|NOW|ONLYONE @35",
            "CALF & HOT & COLOUR @20",
            "CALF & HURT & BREATHLESS @40",
            "think|might|maybe & DVT & CALF|HURT|NOW @25",
            "CALF & HOT|COLOUR & HURT @15",
            "CALF & HURT & ONLYONE & FLIGHT|SURGERY @25",
        ),
        unless="HEATCAUSE",
    ),
    Rule(
        "limb_blood",
        "A limb suddenly cold, pale, blue or numb.",
        ("LIMB & BADCOLOUR & SUDDEN @12", "LIMB & COLD & PALE @12", "LIMB & BADCOLOUR & NUMB & NOW @15"),
        unless="WEATHER",
    ),
    # --- Self-harm ----------------------------------------------------------------------------------
    Rule(
        "self_harm",
        "Words that may mean suicide or self-harm. Answer with crisis lines, never with a form text.",
        (
            "SUICIDE",
            "BETTEROFF",
            "GIVEUP",
            "NOPOINT ..3 LIFE",
            "NOPOINT ..0 ANYMORE ..0 END",
            "WONT ..3 LIVE",
            "CANT ..1 go|carry ..0 on ..0 END|ANYMORE|like|living",
            "HOARD ..4 PILLS",
            "BOOZE & all|every ..3 PILLS @12",
            "took|taken|swallowed|taking ..1 NUMBER ..1 PILLS & end|die|over|enough|sleep|goodbye @25",
            "take|took|swallow|swallowed ..0 all|every ..3 PILLS",
            "TRAIN & OVER|think|thinking|ME @12",
            "whats ..1 point & LIFE|letters|goodbye @12",
            "END_LIFE",
            "FAREWELL",
        ),
        unless="SUICIDEJOKE LAUGH",
        even_if="imagined",
    ),
    # --- Belly and others ---------------------------------------------------------------------------
    Rule(
        "pregnancy",
        "Bleeding or belly pain in pregnancy.",
        ("PREGNANT & PREGBAD @25", "PREGNANT & BELLY & HURT & SEVERE|NOW|SUDDEN @20"),
    ),
    Rule("testicle", "Sudden pain in a testicle.", ("TESTICLE & HURT & SUDDEN|SEVERE|NOW @14",), unless="MASSAGEBALL"),
    Rule(
        "belly",
        "Beating or severe pain in the belly.",
        (
            "BELLY & PULSING & SPINE|SUDDEN|NOW @20",
            "BELLY & HURT & SEVERE|SUDDEN & FEVER|SICK|BLOOD @25",
            "BLOOD ..3 PEE|POO & NOW|HURT @20",
            "HERNIA & HARD|SICK & HURT & BELLY|groin @20",
        ),
    ),
    # --- Allergy, medicines --------------------------------------------------------------------------
    Rule(
        "allergy",
        "Swelling of lips, tongue or throat, or hives with trouble breathing: may be a severe allergy.",
        (
            "LIPS & PUFFED & ALLERGEN @30",
            "LIPS & PUFFED & BREATHLESS|SWALLOW|THROATTIGHT|HIVES @25",
            "HIVES & THROATTIGHT|BREATHLESS|SICK @30",
            "THROATTIGHT & ALLERGEN|PUFFED @30",
        ),
    ),
    Rule(
        "overdose",
        "More of a medicine than is safe, or a medicine with drowsiness.",
        (
            "SWALLOWED & TOOMANY & MEDICINE @14",
            "SWALLOWED & MEDICINE & DROWSY @25",
            "MEDICINE & TOOMANY & DROWSY|SICK @25",
            "NUMBER ..1 MEDICINE & SWALLOWED & SICK|DROWSY|NIGHT @25",
        ),
        unless="LAUGH",
    ),
    Rule(
        "gut_bleeding",
        "Black stool, or vomit like coffee grounds: may be bleeding in the gut.",
        ("GUTBLEED & POO|SICK|MEDICINE|NOW @25",),
    ),
    # --- Great vessels, muscles in distress -------------------------------------------------------------
    Rule(
        "aorta",
        "Tearing pain in chest, back or belly, or pain with a known aneurysm.",
        (
            "RIPPED & TRUNK & WORST|SEVERE|SUDDEN|NOW & HURT @30",
            "RIPPED & TRUNK & WORST|SUDDEN|SICK @20",
            "ANEURYSM & HURT & SUDDEN|SEVERE|NOW @35",
        ),
    ),
    Rule(
        "dark_urine",
        "Dark urine with hard, swollen muscles: muscle may be breaking down.",
        ("DARKURINE & HARD|SWOLLEN|HURT|EXERCISE|SEVERE|THIGH @35",),
    ),
    Rule(
        "tight_cast",
        "Numb, blue or badly painful fingers or toes in a cast.",
        ("PLASTER & STRANGLED & HURT|NOW|SEVERE|CANT|ARM|FOOT|LIMBS @25",),
    ),
    Rule(
        "cold_limb",
        "A limb that is cold and pale or blue with pain or numbness.",
        ("LIMBS & ICY & WHITEBLUE & NUMB|NOFEEL|HURT|SUDDEN|CANT @25",),
        unless="WEATHER",
    ),
    # --- Pregnancy, joints, kidney, temple ----------------------------------------------------------------
    Rule(
        "late_pregnancy",
        "Headache with flashes or swelling, waters, contractions or no movements in pregnancy.",
        (
            "PREGNANT|EXPECTING & HEADACHE & FLASHES|PUFFED|SWOLLEN @35",
            "PREGNANT|EXPECTING & NOKICKS @25",
            "WATERS & PREGNANT|EXPECTING|NOW|HURT @30",
            "TIGHTENINGS & PREGNANT|EXPECTING & BELLY|SPINE|HURT @30",
        ),
    ),
    Rule(
        "hot_joint",
        "A hot, swollen joint with fever: may be infected.",
        ("BIGJOINT & FIERY & SHIVERS|FEVER @30",),
        unless="HEATCAUSE",
    ),
    Rule(
        "loin",
        "Pain from the loin to the groin with fever, blood or sickness.",
        ("LOIN & GROIN|TESTICLE & SHIVERS|BLOOD|SICK @25", "LOIN & HURT & SHIVERS|BLOOD @25"),
    ),
    Rule(
        "temple",
        "Sore temple or scalp with pain on chewing or failing sight: may be an inflamed artery.",
        ("SCALP & CHEWPAIN & EYEGONE|SIGHTGONE|HEADACHE @40", "SCALP & EYEGONE|SIGHTGONE @35"),
    ),
    Rule(
        "airway",
        "Swelling of mouth or neck that hinders breathing or swallowing.",
        ("MOUTHSWELL & SWOLLEN & CANT|TROUBLE|BREATHLESS & SWALLOW @20",),
    ),
    Rule(
        "weight_loss",
        "Pain with weight loss that nobody can explain, or with a past cancer and pain at night.",
        ("WEIGHTLOSS & UNEXPLAINED & HURT|SPINE @30", "CANCER & NIGHT & SPINE|HURT @30"),
        even_if="past",
    ),
)
