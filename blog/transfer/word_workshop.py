"""A Word file is read here, by a process of its own: `python -I word_workshop.py < file.docx`, which says HTML.

Imports nothing of the site. What a hostile file breaks is this process, within its limits of memory and time; it opens
no other file and no address. It says one line of JSON, and after it the HTML that mammoth makes.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import mammoth  # type: ignore[import-untyped]

MEMORY_BYTES = 700 * 1024 * 1024  # of address space
CPU_SECONDS = 40
MOST_PARTS = 2000  # files in the file
MOST_XML_BYTES = 6 * 1024 * 1024  # of one part; a book of 300 pages has about 4
MOST_UNPACKED_BYTES = 80 * 1024 * 1024
STYLES = """
p[style-name='Title'] => p.MsoTitle:fresh
p[style-name='Subtitle'] => p.MsoSubtitle:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name^='toc '] => p.MsoToc1:fresh
u => u
strike => s
comment-reference => !
"""

NOT_WORD = "This is not a Word file (.docx)."
OLD = "This is an old Word file, or one that is locked with a password. Please save it as .docx, without a password."
OTHER = (
    "This is not a Word file (.docx). In LibreOffice, Pages or Google Docs choose “save as” or “download”, then .docx."
)
PROGRAMS = "This file holds programs (macros). Please save it as a plain .docx."
TOO_LARGE = "This file is too large to be read at once. Please split it."
BROKEN = "This file is damaged, or not what it says. Please save it anew as .docx and send it again."


class Refused(Exception):
    """A file that is not taken; the message is for the person who sent it."""


def html_of(data: bytes) -> str:
    """The text of a Word file as HTML, its pictures in it. Raises Refused."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(OLD)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _check(parts)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise Refused(BROKEN if zipfile.is_zipfile(io.BytesIO(data)) else NOT_WORD) from error
    try:
        made = mammoth.convert_to_html(io.BytesIO(data), style_map=STYLES, external_file_access=False)
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # whatever a hostile file makes of mammoth
        raise Refused(BROKEN) from error
    return str(made.value)


def _check(parts: zipfile.ZipFile) -> None:
    """What it holds, before anything of it is unpacked; then that no part names anything outside."""
    infos = parts.infolist()
    names = [info.filename for info in infos]
    if "word/document.xml" not in names:
        raise Refused(OTHER)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused(PROGRAMS)
    texts = [info for info in infos if info.filename.lower().endswith((".xml", ".rels"))]
    if (
        len(infos) > MOST_PARTS
        or sum(info.file_size for info in infos) > MOST_UNPACKED_BYTES
        or any(info.file_size > MOST_XML_BYTES for info in texts)
    ):
        raise Refused(TOO_LARGE)
    if len(set(names)) < len(names):
        raise Refused(BROKEN)
    for info in texts:
        text = parts.read(info)
        if b"\0" in text or b"<!DOCTYPE" in text or b"<!ENTITY" in text:  # Word writes UTF-8 without either
            raise Refused(BROKEN)


def main() -> None:
    with suppress(OSError):  # where the machine runs out of memory, this process goes, and none that serves
        Path("/proc/self/oom_score_adj").write_text("1000")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        said, html = {}, html_of(sys.stdin.buffer.read())
    except Refused as refusal:
        said, html = {"refused": str(refusal)}, ""
    except (MemoryError, RecursionError):
        said, html = {"refused": TOO_LARGE}, ""
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + html.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
