"""Which articles show which pictures and videos of the media. One that an article shows cannot be taken away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ForeignKey, Select, delete, or_, select
from sqlalchemy.orm import Mapped, aliased, joinedload, mapped_column

from blog.database import Base, db
from blog.errors import Refused
from blog.media.models import Media, Shown
from blog.media.videos import OwnVideo
from blog.posts.document import Article, Slip
from blog.posts.models import Post, PostRevision

Pictures = dict[str, Shown]


class RevisionPicture(Base):
    """A picture that a version of an article shows."""

    __tablename__ = "revision_pictures"

    revision_id: Mapped[int] = mapped_column(ForeignKey("post_revisions.id"), primary_key=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"), primary_key=True, index=True)


def pictures_of(*articles: Article) -> Pictures:
    """What the pages of these articles need of their pictures, by name. One statement at most."""
    return Media.find(list(dict.fromkeys(name for article in articles for name in article.pictures)))


def slips_of(article: Article) -> list[Slip]:
    """A slip for each figure whose picture is not there, or that nobody who cannot see it is told about."""
    pictures, slips = pictures_of(article), []
    for index, figure in enumerate(article.figures):
        shown = pictures.get(figure.picture)
        if figure.picture and shown is None:
            slips.append(Slip(("figures", index, "picture"), f"no picture is called {figure.picture!r}"))
        elif shown is not None and not figure.alt and not shown.is_described:
            what = "is missing: say what the picture shows, here or where the picture is kept"
            slips.append(Slip(("figures", index, "alt"), what))
    return slips + _slips_of_video(article)


def _slips_of_video(article: Article) -> list[Slip]:
    name = article.own_video
    video = OwnVideo.find(name) if name else None
    if name and video is None:
        return [Slip(("video", "ref"), f"no video is called {name!r}")]
    if video is not None and not video.is_described:
        what = "has no captions: add them where the video is kept, or say there that nobody speaks in it"
        return [Slip(("video", "ref"), what)]
    return []


def note_pictures(revision: PostRevision, article: Article) -> None:
    """Keep which pictures a new version shows."""
    names = article.pictures
    if names:
        ids = db.session.scalars(select(Media.id).where(Media.name.in_(names)))
        db.session.add_all(RevisionPicture(revision_id=revision.id, media_id=number) for number in ids)
        db.session.flush()


def shown_in(media: Media) -> Sequence[Post]:
    """The articles whose public or newest version shows a picture."""
    return db.session.scalars(_posts_with([media.id]).options(joinedload(Post.revision)).order_by(Post.id)).all()


def shown_anywhere(media: Iterable[Media]) -> set[int]:
    """The ids of those pictures that some article shows."""
    ids = [picture.id for picture in media]
    in_use = _posts_with(ids).with_only_columns(RevisionPicture.media_id).distinct()
    return set(db.session.scalars(in_use)) if ids else set()


def remove(media: Media) -> None:
    """Delete a picture. Raises Refused while an article shows it; what older versions said of it is forgotten."""
    posts = shown_in(media)
    if posts:
        titles = ", ".join(f"“{post.title}”" for post in posts[:3])
        raise Refused(f"This picture is shown in {titles}{' and others' if len(posts) > 3 else ''}. Take it out first.")
    db.session.execute(delete(RevisionPicture).where(RevisionPicture.media_id == media.id))
    media.remove()


def posts_with_video(name: str) -> Sequence[Post]:
    """The articles whose public or newest version shows a video of our own."""
    query = _public_or_newest(select(Post).join(PostRevision, PostRevision.post_id == Post.id))
    return db.session.scalars(query.where(PostRevision.video == name).options(joinedload(Post.revision))).all()


def remove_video(video: OwnVideo) -> None:
    """Delete a video. Raises Refused while an article shows it."""
    if posts := posts_with_video(video.name):
        raise Refused(f"This video is shown in “{posts[0].title}”. Take it out first.")
    video.remove()


def _public_or_newest(query: Select[Post]) -> Select[Post]:
    later = aliased(PostRevision)
    is_newest = ~select(later.id).where(later.post_id == PostRevision.post_id, later.id > PostRevision.id).exists()
    return query.where(or_(PostRevision.id == Post.public_revision_id, is_newest)).distinct()


def _posts_with(media_ids: Sequence[int]) -> Select[Post]:
    query = select(Post).join(PostRevision, PostRevision.post_id == Post.id)
    shows = query.join(RevisionPicture, RevisionPicture.revision_id == PostRevision.id)
    return _public_or_newest(shows).where(RevisionPicture.media_id.in_(media_ids))
