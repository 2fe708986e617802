"""Videos of our own at the desk: brought, captioned, shown, deleted; by whom."""

from __future__ import annotations

import io

import pytest

from blog.accounts.models import RoleName
from blog.database import begin_write, db
from blog.media.models import MediaFile
from blog.media.videos import OwnVideo
from tests.media.films import CAPTIONS, PLACE, SRT, mp4

VIDEOS = "/desk/media/videos"
FORM = {"language": "en"}


@pytest.fixture
def author(staff):
    return staff(RoleName.AUTHOR)


def send(client, data, name="Leg drop (2).MP4"):
    return client.post(VIDEOS, data={"file": (io.BytesIO(data), name)})


def playable(app, name="leg-drop-2"):
    with app.app_context():
        return OwnVideo.find(name)


class TestVideos:
    def test_are_brought_without_where_they_were_taken(self, app, author, client):
        """Under a name made from that of the file."""
        answer = send(author, mp4())
        file = client.get(playable(app).src)

        assert (303, 200, "video/mp4") == (answer.status_code, file.status_code, file.mimetype)
        assert PLACE.encode() not in file.data

    def test_sent_twice_are_one(self, app, author):
        assert send(author, mp4()).location == send(author, mp4(), "other.mp4").location

    @pytest.mark.parametrize(("data", "why"), [(b"x", "neither an MP4"), (mp4(b"qt  "), "QuickTime"), (b"", "neither")])
    def test_are_refused_beside_the_field(self, app, author, data, why):
        answer = send(author, data)

        assert (422, True, None) == (answer.status_code, why in answer.text, playable(app))

    @pytest.mark.parametrize("captions", [CAPTIONS, SRT])
    def test_get_captions(self, app, author, client, captions):
        """In WebVTT, whatever was sent; with them an article may show it."""
        page = send(author, mp4()).location
        author.post(page, data={**FORM, "captions": (io.BytesIO(captions), "a.vtt")})
        shown = playable(app)

        assert (True, "text/vtt") == (shown.is_described, client.get(shown.captions).mimetype)

    @pytest.mark.parametrize(
        "wrong",
        [{"language": "English!"}, {"poster": "nothing-here"}, {"captions": (io.BytesIO(b"no"), "a.vtt")}],
        ids=["language", "poster", "captions"],
    )
    def test_say_what_is_wrong_with_their_form(self, app, author, wrong):
        page = send(author, mp4()).location
        answer = author.post(page, data={**FORM, "is_silent": "y", **wrong})

        assert (422, False) == (answer.status_code, playable(app).is_described)

    def test_are_deleted_while_no_article_shows_them(self, app, author, make):
        """Then their files go, too."""
        page = send(author, mp4()).location
        author.post(page, data={**FORM, "captions": (io.BytesIO(CAPTIONS), "a.vtt")})
        video = {"host": "file", "ref": "leg-drop-2", "title": "Leg drop", "caption": "Slowly."}
        make.post("one", body="## It\n\n::video", video=video)
        refused = author.post(f"{page}/deletion").status_code
        with app.app_context():
            begin_write()
            for table in ("post_tags", "post_people", "post_entries"):
                db.session.execute(db.text(f"DELETE FROM {table}"))
            db.session.execute(db.text("UPDATE posts SET public_revision_id = NULL"))
            db.session.execute(db.text("UPDATE post_revisions SET video = ''"))
            db.session.commit()
        done = author.post(f"{page}/deletion").status_code
        with app.app_context():
            going = db.session.scalars(MediaFile.gone()).all()

        assert (409, 303, None, 2) == (refused, done, playable(app), len(going))

    def test_are_changed_by_whoever_brought_them_and_editors(self, author, staff):
        page = send(author, mp4()).location
        others = (staff(role, email=f"other-{role}@example.org") for role in (RoleName.AUTHOR, RoleName.EDITOR))
        statuses = [other.post(page, data=FORM).status_code for other in others]

        assert [403, 303] == statuses
