"""How triage does on labelled texts: counted by kind, listed text by text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from blog.triage.context import Context
from blog.triage.flags import Flag, FlagKind
from blog.triage.inspection import triage

# Every other label expects no flag.
EXPECTED = {
    "medical_emergency": FlagKind.EMERGENCY,
    "personal_info": FlagKind.PERSONAL_DATA,
    "spam": FlagKind.SPAM,
    "self_promotion": FlagKind.SELF_PROMOTION,
    "abusive": FlagKind.ABUSE,
    "medical_advice": FlagKind.ADVICE,
}
EITHER = {FlagKind.EMERGENCY, FlagKind.POSSIBLE_EMERGENCY}  # both bring a text before a moderator first
_NOTHING_KNOWN = Context()


@dataclass(frozen=True)
class Judged:
    """One labelled text with what triage said."""

    text: str
    label: str
    flags: list[Flag]

    @property
    def expected(self) -> FlagKind | None:
        return EXPECTED.get(self.label)

    @property
    def is_right(self) -> bool:
        """The expected kind is among the flags; or none was expected and none is there."""
        kinds = {flag.kind for flag in self.flags}
        if self.expected == FlagKind.EMERGENCY:
            return bool(EITHER & kinds)
        return self.expected in kinds if self.expected else not kinds

    @property
    def further(self) -> list[Flag]:
        """Flags of other kinds on a text that expects one: listed, not errors."""
        expected = EITHER if self.expected == FlagKind.EMERGENCY else {self.expected}
        return [flag for flag in self.flags if self.expected and flag.kind not in expected]

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "label": self.label,
            "flags": [
                {"kind": flag.kind.value, "rule": flag.rule, "matched": [span.words for span in flag.matched]}
                for flag in self.flags
            ],
        }


@dataclass(frozen=True)
class Confusion:
    """The count of expected against found, and the texts behind it."""

    texts: list[Judged]

    @property
    def right(self) -> int:
        return sum(judged.is_right for judged in self.texts)

    @property
    def missed(self) -> list[Judged]:
        return [judged for judged in self.texts if judged.expected and not judged.is_right]

    @property
    def false(self) -> list[Judged]:
        return [judged for judged in self.texts if not judged.expected and not judged.is_right]

    def as_json(self) -> list[dict[str, Any]]:
        return [judged.as_json() for judged in self.texts]

    def table(self) -> str:
        """Rows: what the label expects. Columns: what was found; a text with two kinds counts in both."""
        columns = [*(kind.value for kind in FlagKind), "no flag"]
        rows: dict[str, Counter[str]] = {}
        for judged in self.texts:
            counts = rows.setdefault(judged.label, Counter())
            counts["texts"] += 1
            counts["right"] += judged.is_right
            counts.update({flag.kind.value for flag in judged.flags} or {"no flag"})
        known = [*EXPECTED, *sorted(set(rows) - set(EXPECTED))]
        order = [label for label in known if label in rows]
        width = max([len("label"), *map(len, rows)])
        lines = [f"{'label':<{width}}  expected       {'  '.join(f'{c:>18}' for c in columns)}  {'right':>9}"]
        for label in order:
            expected = EXPECTED[label].value if label in EXPECTED else "no flag"
            cells = "  ".join(f"{rows[label][column]:>18}" for column in columns)
            share = f"{rows[label]['right']}/{rows[label]['texts']}"
            lines.append(f"{label:<{width}}  {expected:<13}  {cells}  {share:>9}")
        lines.append(f"{self.right} of {len(self.texts)} right.")
        for title, listed in (("Missed", self.missed), ("False flags", self.false)):
            lines += ["", f"{title}: {len(listed)}", *map(_line, listed)]
        further = [judged for judged in self.texts if judged.further]
        lines += ["", f"Further flags (no errors): {len(further)}", *map(_line, further)]
        return "\n".join(lines)


def evaluate(rows: Iterable[Mapping[str, Any]], context: Context = _NOTHING_KNOWN) -> Confusion:
    """`rows` hold `text` and `label`, perhaps `author`. Raises KeyError for a row without text or label."""
    return Confusion(
        [
            Judged(row["text"], row["label"], triage(row["text"], row.get("author") or row.get("name") or "", context))
            for row in rows
        ]
    )


def _line(judged: Judged) -> str:
    flags = "; ".join(
        f"{flag.kind}/{flag.rule}: {', '.join(repr(span.words) for span in flag.matched) or '-'}"
        for flag in judged.flags
    )
    text = " ".join(judged.text.split())
    return f"  [{judged.label}] {text[:100]}{'…' if len(text) > 100 else ''}\n      {flags or 'no flag'}"
