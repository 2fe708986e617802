"""`make audit`: what needs Java, npm, the network or patience, so no part of the tests.

A site of its own with samples and one article under 50 comments; then the Nu HTML checker on every page, axe on every
page at two widths, light and dark, odd questions to every address of the API (schemathesis), Lighthouse (phone,
simulated slow 4G) on three pages, and what an article weighs.
Then the scanners for weaknesses (tools/scanners.py), and one table of all that was run. What a machine has not is
skipped and said so: node and npm for Lighthouse and the HTML checker, java for the latter, uv's network for the others.
"""

# ruff: noqa: S310, S603, S607, T201 - a tool for the hand, with programs of this machine

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import brotli
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.people import ARTICLE, administrator
from tests.processes import FLASK, ROOT, RunningSite, chromium, run
from tools import scanners
from tools.scanners import Line

FUZZER = "schemathesis==4.32.5"  # no part of the tests: its plug-in would slow every run of pytest
CHECKER, LIGHTHOUSE = "vnu-jar@26.9.27", "lighthouse@12.8.2"
CACHE = ROOT / ".cache" / "audit"
SAMPLE = ROOT / "blog" / "sample" / "articles" / "gluteus-maximus-trigger-points.md"
FULL = "/posts/an-article-with-comments"  # as a site's own article: no sample, so open to search engines
PUBLIC = (
    "/",
    FULL,
    ARTICLE,
    "/about",
    "/privacy",
    "/archive/2026",
    "/tags/driving",
    "/authors/sample-team",
    "/muscles",
    "/muscles/psoas",
    "/pain",
    "/pain/buttock",
    "/conditions",
    "/conditions/sciatica",
    "/search?q=pain+in+my+left+buttock",
    "/api",
    "/subscribe?muscle=psoas",
    "/nowhere",
    "/login",
)
DESK = (
    "/desk",
    "/desk/comments",
    "/desk/comments?state=approved",
    "/desk/log",
    "/desk/pages",
    "/desk/pages/disclaimer",
    "/desk/vocabulary",
    "/desk/settings",
    "/desk/styles",
    "/desk/mail",
    "/account",
    "/account/mails",
)
AXE = "axe.run(document, { resultTypes: ['violations'] }).then(results => results.violations)"
COMMENTS = 50


def main() -> int:
    if chromium() is None:
        print("make audit needs chromium: it makes the first account, and reads the pages.", file=sys.stderr)
        return 1
    CACHE.mkdir(parents=True, exist_ok=True)
    lines = [scanners.dependencies(), scanners.code()]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        instance = Path(folder) / "instance"
        site = RunningSite(instance, (FLASK, "serve", "--sample"), BLOG_TRUSTED_PROXIES="1").wait_until_up(60)
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        try:
            lines += _audit(site, browser, instance, Path(folder))
        finally:
            browser.close()
            site.kill()
    print(f"\n{scanners.table(lines)}")
    return 1 if any(line.is_good is False for line in lines) else 0


def _fetched(tool: str, *programs: str) -> str:
    """Why a checker from npm cannot be used; empty when it can. It is fetched when it is first asked for."""
    for program in ("node", "npm", *programs):
        if shutil.which(program) is None:
            return f"{program} is missing"
    if not (CACHE / "node_modules" / tool.split("@")[0]).is_dir():
        done = subprocess.run(["npm", "install", "--silent", "--no-fund", "--no-audit", tool], cwd=CACHE, check=False)
        if done.returncode:
            return f"{tool} could not be fetched"
    return ""


def _audit(site: RunningSite, browser: Browser, instance: Path, folder: Path) -> list[Line]:
    def visit(**choices: Any) -> BrowserContext:
        return browser.new_context(base_url=site.url, **choices)

    staff = administrator(visit, site)
    _fill(site, visit, staff, instance, folder)
    pages = list(_read(visit, staff))
    lines = [_validity(pages, folder), _accessibility(browser, site, staff), _odd_questions(site)]
    lines += [Line("weight", _weight(site), True), scanners.answers(site.url), scanners.attacks(site.url, folder)]
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in staff.context.cookies())
    return lines + [_lighthouse(site.url + path, path, cookie) for path in ("/", FULL, "/desk/comments")]


def _fill(site: RunningSite, visit: Any, staff: Page, instance: Path, folder: Path) -> None:
    """The article, its comments from as many addresses, and the approval of them all."""
    source = folder / "articles"
    source.mkdir()
    text = SAMPLE.read_text().replace("sample: true\n", "").replace("gluteus-maximus-trigger-points", FULL[7:])
    (source / "article.md").write_text(text)
    for words in (("import", "markdown", str(source)), ("posts", "publish", FULL[7:])):
        done = run(FLASK, *words, BLOG_INSTANCE_PATH=str(instance))
        if done.returncode:
            raise SystemExit(done.stderr + done.stdout)
    form = visit().request
    found = re.search(r'name="token"[^>]* value="([^"]+)"', form.get(FULL).text())
    for number in range(COMMENTS):
        words = f"Does it help when I sit all day, as in week {number + 1}?"
        fields = {"name": f"Reader {number + 1}", "email": "", "body": words, "token": found[1] if found else ""}
        form.post(f"{FULL}/comments", form=fields, headers={"X-Forwarded-For": f"198.51.{number}.7"})
    for _ in range(COMMENTS):
        staff.goto("/desk/comments?q=as+in+week")
        chosen = staff.locator(".card__choose").evaluate_all("boxes => boxes.map(box => box.value)")
        if not chosen:
            return
        token = staff.locator("[name=csrf_token]").first.get_attribute("value")
        fields = [("csrf_token", token), ("verdict", "approve"), *(("comment", one) for one in chosen)]
        staff.request.post(
            "/desk/decisions", data=urlencode(fields), headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
    raise SystemExit("The comments could not be approved.")


def _read(visit: Any, staff: Page) -> Iterator[tuple[str, str]]:
    """Every page's HTML as sent."""
    reader = visit().new_page()
    for page, paths in ((reader, PUBLIC), (staff, DESK)):
        for path in paths:
            yield path, page.goto(path).text()
    reader.goto(ARTICLE)
    reader.get_by_label("Your comment", exact=True).fill("x")
    reader.get_by_role("button", name="Send for approval").click()
    yield "form with errors", reader.content()
    reader.get_by_label("Your name").fill("Ana")
    reader.get_by_label("Your comment", exact=True).fill("A comment")
    reader.get_by_role("button", name="Send for approval").click()
    yield "status page", reader.content()


def _validity(pages: list[tuple[str, str]], folder: Path) -> Line:
    missing = _fetched(CHECKER, "java")
    if missing:
        return Line.skipped("HTML", missing)
    checked = folder / "pages"
    checked.mkdir()
    names = {}
    for path, html in pages:
        name = re.sub(r"\W+", "-", path) + ".html"
        names[name] = path
        (checked / name).write_text(html)
    jar = CACHE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    done = subprocess.run(
        ["java", "-jar", str(jar), "--format", "json", *map(str, sorted(checked.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    found = [one for one in json.loads(done.stderr)["messages"] if one["type"] == "error" or one.get("subType")]
    for one in found:
        print(f"  {names[Path(one['url']).name]}: {one['message']} {one.get('extract', '')!r}")
    return Line("HTML", f"{len(pages)} pages, {len(found)} errors and warnings", not found)


def _accessibility(browser: Browser, site: RunningSite, staff: Page) -> Line:
    found = runs = 0
    state = staff.context.storage_state()
    for width, height in ((390, 844), (1280, 900)):
        for scheme in ("light", "dark"):
            for paths, kept in ((PUBLIC, None), (DESK, state)):
                page = browser.new_page(
                    base_url=site.url,
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,
                    reduced_motion="reduce",
                    storage_state=kept,
                )
                for path in paths:
                    page.goto(path)
                    page.evaluate(Axe().axe_script)
                    for one in page.evaluate(AXE):
                        found += 1
                        print(f"  {path} {width} {scheme}: {one['id']} at {one['nodes'][0]['target']}")
                    runs += 1
                page.context.close()
    return Line("axe", f"{runs} runs, {found} violations", not found)


def _odd_questions(site: RunningSite) -> Line:
    """To every address that the API's description names, with every parameter: answers that it does not foretell."""
    uv = [str(ROOT / ".venv" / "bin" / "uv"), "tool", "run", "--quiet", "--from", FUZZER, "schemathesis"]
    command = [*uv, "run", f"{site.url}/api/v1/openapi.json", "--max-examples", "20", "--no-color"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=CACHE)
    said = done.stdout.strip().splitlines()
    if not said:
        return Line.skipped("schemathesis", "it could not be fetched")
    if done.returncode:
        print(done.stdout)
    return Line("schemathesis", said[-1].strip("= "), not done.returncode)


def _weight(site: RunningSite) -> str:
    """What a first visit to an article brings over the wire, packed with brotli, without its pictures."""
    page = urlopen(site.url + FULL).read()
    addresses = {one.decode() for one in re.findall(rb'"(/assets/(?:css|js)/[^"]+)"', page)}
    sizes = {"page": len(brotli.compress(page, quality=5)), "style": 0, "script": 0}
    for address in addresses:
        answer = urlopen(Request(site.url + address, headers={"Accept-Encoding": "br"}))
        sizes["style" if address.endswith(".css") else "script"] += len(answer.read())
    total = sum(sizes.values())
    return f"{total:,} bytes with {COMMENTS} comments: " + ", ".join(f"{name} {n:,}" for name, n in sizes.items())


def _lighthouse(address: str, path: str, cookie: str) -> Line:
    """Its scores on one page; good when every one that applies is 100."""
    name = f"Lighthouse {path}"
    missing = _fetched(LIGHTHOUSE)
    if missing:
        return Line.skipped(name, missing)
    command = [
        str(CACHE / "node_modules" / ".bin" / "lighthouse"),
        address,
        "--quiet",
        "--output=json",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        "--extra-headers",
        json.dumps({"Cookie": cookie}),
    ]
    environment = {**os.environ, "CHROME_PATH": str(chromium())}
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout)
    scores = {name: round(100 * (one["score"] or 0)) for name, one in report["categories"].items()}
    audits = report["audits"]
    shown = [
        f"{name} {audits[key]['displayValue']}"
        for name, key in (
            ("FCP", "first-contentful-paint"),
            ("LCP", "largest-contentful-paint"),
            ("TBT", "total-blocking-time"),
            ("CLS", "cumulative-layout-shift"),
            ("weight", "total-byte-weight"),
        )
    ]
    failed = {
        one["id"]
        for category in report["categories"].values()
        for one in category["auditRefs"]
        if one["weight"] and (audits[one["id"]]["score"] or 0) < 0.9 and audits[one["id"]]["score"] is not None
    }
    for key in sorted(failed):
        print(f"  {key}: {audits[key]['title']} {audits[key].get('displayValue', '')}")
    is_good = all(score == 100 for kind, score in scores.items() if kind != "seo" or "/desk" not in path)
    return Line(name, f"{'/'.join(map(str, scores.values()))}  {', '.join(shown)}", is_good)


if __name__ == "__main__":
    sys.exit(main())
