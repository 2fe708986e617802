"""The development texts: label, text, perhaps a name, from the YAML files beside this one."""

from __future__ import annotations

from pathlib import Path

import yaml

SETS = ("blind", "fresh", "third", "last", "unseen", "trial")


def rows(name: str) -> list[dict[str, str]]:
    given = yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text("utf-8"))
    return [
        {"label": label, "author": "", **({"text": text} if isinstance(text, str) else _named(text))}
        for label, texts in given.items()
        for text in texts
    ]


def _named(entry: dict[str, str]) -> dict[str, str]:
    return {"text": entry["text"], "author": entry["name"]}
