"""The part of `make audit` that looks for weaknesses. Each scanner is one line of the table.

They are fetched by uv when they are first asked for; one that cannot be fetched, or does not get what it needs from the
network, is skipped with the reason, and the others go on.
"""

# ruff: noqa: S603, T201 - a tool for the hand, with programs of this machine

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.processes import ROOT

UV = ROOT / ".venv" / "bin" / "uv"
PIP_AUDIT, WAPITI, REDBOT = "pip-audit==2.10.1", "wapiti3==3.2.3", "redbot==2.7.1"
WAPITI_MODULES = (
    "cookieflags,csp,csrf,exec,file,http_headers,https_redirect,methods,permanentxss,redirect,sql,ssrf,xss,xxe"
)
WAPITI_SECONDS = 240
PATIENCE_SECONDS = 900
ACCEPTED = {"Clickjacking Protection"}  # it looks for X-Frame-Options, whose place frame-ancestors has taken
ASKED_BY_REDBOT = ("/", "/muscles", "/feed.atom", "/robots.txt")


class Line(NamedTuple):
    """What a check found. `is_good` is None when it was skipped."""

    name: str
    result: str
    is_good: bool | None

    @classmethod
    def skipped(cls, name: str, why: str) -> Line:
        return cls(name, f"skipped: {why}", None)


def table(lines: Sequence[Line]) -> str:
    """All checks, one a line."""
    words = {True: "good", False: "BAD", None: "-"}
    width = max(len(line.name) for line in lines)
    return "\n".join(f"{line.name:{width}}  {words[line.is_good]:4}  {line.result}" for line in lines)


def dependencies() -> Line:
    """Known weaknesses in what the site runs on."""
    name = "pip-audit"
    pins = str(ROOT / "requirements.txt")
    done = _run(PIP_AUDIT, "pip-audit", "-r", pins, "--disable-pip", "--require-hashes", "--format", "json")
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return Line.skipped(name, _reason(done))
    unknown = [one["name"] for one in found if "skip_reason" in one]
    if unknown:
        return Line.skipped(name, f"nothing could be learned about {len(unknown)} of {len(found)} packages")
    weak = [f"{one['name']} {hole['id']}" for one in found for hole in one["vulns"]]
    return Line(name, f"{len(found)} packages, {len(weak)} known weaknesses {', '.join(weak)}".strip(), not weak)


def code() -> Line:
    """Bandit's rules, as ruff has them, over what runs; exceptions stand beside the lines, each with its reason."""
    ruff = str(ROOT / ".venv" / "bin" / "ruff")
    done = _call([ruff, "check", "--select", "S", "--output-format", "json", "blog", "wsgi.py"])
    found = json.loads(done.stdout or "[]")
    for one in found:
        print(f"  {one['filename']}:{one['location']['row']}: {one['code']} {one['message']}")
    return Line("ruff S", f"{len(found)} findings in blog/", not found)


def attacks(url: str, folder: Path) -> Line:
    """A black box that knows nothing of the site, follows its links and tries what usually works."""
    report = folder / "wapiti.json"
    done = _run(
        *(WAPITI, "wapiti", "--url", f"{url}/", "--module", WAPITI_MODULES, "--flush-session", "--no-bugreport"),
        *("--max-scan-time", str(WAPITI_SECONDS), "--store-session", str(folder), "--format", "json"),
        *("--output", str(report), "--verbose", "0"),
    )
    if not report.exists():
        return Line.skipped("wapiti", _reason(done))
    told = json.loads(report.read_text())
    found = {kind: hits for kind, hits in told["vulnerabilities"].items() if hits and kind not in ACCEPTED}
    for kind, hits in found.items():
        for hit in hits[:5]:
            print(f"  {kind}: {hit['path']} {hit['info']}")
    pages = told["infos"].get("crawled_pages_nbr", "some")
    return Line("wapiti", f"{pages} pages, {sum(map(len, found.values()))} findings", not found)


def answers(url: str) -> Line:
    """Whether HTTP is spoken as it is meant: caching, ranges, negotiation, lengths."""
    bad: list[str] = []
    for path in ASKED_BY_REDBOT:
        done = _run(REDBOT, "redbot", "--output-format", "har", url + path)
        try:
            notes = json.loads(done.stdout)["log"]["entries"][0]["_red_messages"]
        except (ValueError, KeyError, IndexError):
            return Line.skipped("REDbot", _reason(done))
        bad += [f"{path}: {note['summary']}" for note in notes if note["level"] == "BAD"]
    for one in bad:
        print(f"  {one}")
    return Line("REDbot", f"{len(ASKED_BY_REDBOT)} addresses, {len(bad)} faults", not bad)


def _run(package: str, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return _call([str(UV), "tool", "run", "--quiet", "--from", package, program, *arguments])


def _call(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=PATIENCE_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return subprocess.CompletedProcess(command, 1, "", str(problem))


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return lines[-1][:120] if lines else "it said nothing"
