"""The texts on which the rules were written, set by set. They come with the site: triage also learns from them."""

from __future__ import annotations

from blog.triage.training import labelled

SETS = ("blind", "fresh", "third", "last", "unseen", "trial")


def rows(name: str) -> list[dict[str, str]]:
    return [
        {"label": text.label, "text": text.text, "author": text.name}
        for text in labelled(["house"])
        if text.voice == name
    ]
