"""What a form of the desk would send, read from its page."""

from __future__ import annotations

import re
from html import unescape


def fields(page):
    """What the form in the middle of a page would send, as browsers read it."""
    page, found = page[page.index("<main") : page.index("</main>")], {}
    page = re.sub(r"<template>.*?</template>", "", page, flags=re.DOTALL)
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" not in attributes or attributes["name"] == "csrf_token":
            continue
        if attributes.get("type") == "checkbox" and not re.search(r"\schecked\b", tag):
            continue
        found[attributes["name"]] = unescape(attributes.get("value", ""))
    for attributes, text in re.findall(r"<textarea([^>]*)>(.*?)</textarea>", page, re.DOTALL):
        found[re.search(r'name="([^"]+)"', attributes)[1]] = unescape(text).replace("\r\n", "\n").removeprefix("\n")
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    return found
