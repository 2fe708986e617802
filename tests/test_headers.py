"""Headers that keep a browser from doing what no page here asks for."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from blog import create_app, headers
from blog.accounts.models import RoleName
from blog.config import ConfigError
from blog.operations.front import answers as answers_of_front

PATHS = ("/", "/posts/shown", "/about", "/nowhere", "/login", "/feed.atom", "/healthz")


@pytest.fixture
def answers(client, make):
    """One answer of each kind, by its path."""
    make.post("shown")
    make.page("about")
    return {path: client.get(path) for path in PATHS}


def policy(answer):
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in parts}


def test_every_answer_forbids_what_it_does_not_name(answers):
    """Nothing is allowed by default, nothing unsafe at all; the page stands in no frame."""
    for answer in answers.values():
        said = policy(answer)
        assert ["'none'"] == said["default-src"] == said["frame-ancestors"] == said["base-uri"]
        assert ["'self'"] == said["style-src"] == said["form-action"]
        assert ["'self'", f"'sha256-{headers.FIRST_SCRIPT_DIGEST}'"] == said.pop("script-src")
        assert not re.search("unsafe|nonce|sha256|data:|blob:|\\*", str(said))


def test_one_script_stands_in_pages_and_is_named_by_its_digest(answers):
    """Browsers run it and no other one that somebody may have got into a page."""
    for path in ("/", "/posts/shown", "/nowhere", "/login"):
        scripts = re.findall("<script>(.*?)</script>", answers[path].text, re.DOTALL)
        digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
        assert [headers.FIRST_SCRIPT_DIGEST] == digests


def test_what_only_pages_obey_is_said_to_pages(client, answers):
    """A style sheet has no need of it; its type is not guessed, nobody embeds it, and it is fetched the same way."""
    style = client.get(re.search(r'href="(/assets/css/site[^"]+)"', answers["/"].text)[1])

    assert not set(headers.OF_PAGES) & set(style.headers.keys())
    assert ("nosniff", "same-origin") == (
        style.headers["X-Content-Type-Options"],
        style.headers["Cross-Origin-Resource-Policy"],
    )
    assert all(set(headers.OF_PAGES) <= set(answer.headers.keys()) for answer in answers.values())


def test_frames_come_from_the_video_hosts_alone(answers):
    """Their two players, and no other site, may stand in a frame."""
    assert list(headers.VIDEO_HOSTS.values()) == policy(answers["/"])["frame-src"]


def test_pages_keep_to_themselves(answers):
    """No other window reaches them, nobody embeds them, no sensor is asked for, types are not guessed."""
    for answer in answers.values():
        assert "same-origin" == answer.headers["Cross-Origin-Opener-Policy"]
        assert "same-origin" == answer.headers["Cross-Origin-Resource-Policy"]
        assert "nosniff" == answer.headers["X-Content-Type-Options"]
        assert {"camera=()", "microphone=()", "geolocation=()"} <= set(answer.headers["Permissions-Policy"].split(", "))


def test_other_sites_learn_the_host_and_no_more(answers):
    """The address of an article about a complaint is nobody's business."""
    assert {"strict-origin-when-cross-origin"} == {answer.headers["Referrer-Policy"] for answer in answers.values()}


def test_secret_addresses_stay_secret(client, app, make):
    """A commenter's page is named to no other site, kept by no cache and shown by no search engine."""
    comment = make.comment(make.post("shown"))
    with app.test_request_context():
        answer = client.get(f"/comments/{comment.token}")

    assert 200 == answer.status_code
    assert "same-origin" == answer.headers["Referrer-Policy"]
    assert "private, no-store" == answer.headers["Cache-Control"]
    assert "noindex, nofollow" == answer.headers["X-Robots-Tag"]


def test_pages_of_the_desk_are_never_kept(staff):
    """What staff see stays in no cache."""
    assert "no-store" == staff(RoleName.MODERATOR).get("/desk").headers["Cache-Control"]


def test_pictures_may_be_shown_elsewhere(client):
    """The preview of a shared link, and a feed's reader, load our pictures from another site."""
    answer = client.get("/assets/images/card.png", follow_redirects=True)

    assert (200, "image/png") == (answer.status_code, answer.mimetype)
    assert "cross-origin" == answer.headers["Cross-Origin-Resource-Policy"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"BLOG_SITE_URL": "http://clinic.example"}, None),
        ({"BLOG_SITE_URL": "https://clinic.example"}, "max-age=63072000"),
        (
            {"BLOG_SITE_URL": "https://clinic.example", "BLOG_HSTS": "preload"},
            "max-age=63072000; includeSubDomains; preload",
        ),
        ({"BLOG_SITE_URL": "https://clinic.example", "BLOG_HSTS": "off"}, None),
    ],
)
class TestHttpsAlone:
    def test_is_told_where_it_is_served(self, client, app, settings, said):
        """For two years; with subdomains only where the owner says so."""
        answer = client.get("/healthz", base_url=settings["BLOG_SITE_URL"])

        assert said == answer.headers.get("Strict-Transport-Security")

    def test_is_told_by_the_front_too(self, app, settings, said):
        """What it refuses without asking the application has the same headers."""
        for answer in answers_of_front.refusals(app).values():
            heads = answer.head.decode()
            assert (said is None) is ("Strict-Transport-Security" not in heads)
            assert said is None or f"Strict-Transport-Security: {said}\r\n" in heads
            assert "Content-Security-Policy: default-src 'none'" in heads


@pytest.mark.parametrize("settings", [{"BLOG_CSP_REPORT_URL": "https://reports.example.net/csp?site=1"}])
def test_breaches_are_reported_where_the_owner_wants(client):
    """In the old way and in the new one."""
    said = client.get("/healthz").headers

    assert said["Content-Security-Policy"].endswith(
        "; report-uri https://reports.example.net/csp?site=1; report-to csp"
    )
    assert 'csp="https://reports.example.net/csp?site=1"' == said["Reporting-Endpoints"]


@pytest.mark.parametrize(
    "url", ["http://a.example/", "https://a.example/;x", 'https://a.example/"', "https://a b/", "x"]
)
def test_reports_go_to_one_plain_address(tmp_path, url):
    """It stands in headers: nothing in it may begin another directive."""
    with pytest.raises(ConfigError, match="BLOG_CSP_REPORT_URL"):
        create_app({"BLOG_INSTANCE_PATH": str(tmp_path), "BLOG_CSP_REPORT_URL": url})


@pytest.mark.parametrize(("path", "said"), [("/login", "require-corp"), ("/account/link", "require-corp"), ("/", None)])
def test_pages_with_passwords_load_nothing_from_elsewhere(client, path, said):
    """Articles may show a film in a frame of its host, so they cannot say so."""
    assert said == client.get(path).headers.get("Cross-Origin-Embedder-Policy")


def test_nothing_is_echoed(client):
    """TRACE would show a script what the browser sends."""
    assert 405 == client.open("/", method="TRACE").status_code
