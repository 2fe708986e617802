"""Pictures that lie beside articles: a figure names the file, and the article gets the picture made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from blog.database import begin_write, db
from blog.errors import Refused
from blog.media import arriving, decoding
from blog.media.models import Media, new_digest
from blog.posts.document import Figure, Slip
from blog.transfer.files import FileError
from blog.transfer.markdown import ArticleFile


def bring(folder: Path, articles: list[ArticleFile], keep: bool) -> Iterator[ArticleFile | FileError]:
    """The articles, with the pictures they name brought along; what stands in the way of one is told instead.

    Commits each picture, if it is to be kept; a file that was brought before is the same picture. Call before
    `begin_write()`. Otherwise the pictures are only known to this session: call inside a transaction that is undone.
    """
    for article in articles:
        slips: list[Slip] = []
        names: dict[int, str] = {}
        for index, file in article.pictures.items():
            try:
                names[index] = _brought(folder, file, article.manuscript.article.figures[index], keep)
            except Refused as refusal:
                slips.append(Slip(("figures", index, "picture"), f"{file}: {refusal}"))
        yield article.source.error(slips) if slips else _naming(article, names)


def _brought(folder: Path, file: str, figure: Figure, keep: bool) -> str:
    """The name of the picture in a file. Raises Refused."""
    data = _read(folder, file)
    if not keep:
        return _known_for_now(data, file)
    media, is_new = arriving.arrive(data, file, None)
    if is_new:
        begin_write()
        media = db.session.get_one(Media, media.id)
        media.alt, media.caption, media.credit = figure.alt, figure.caption, figure.credit
        db.session.commit()
    return media.name


def _known_for_now(data: bytes, file: str) -> str:
    known = db.session.scalar(Media.sent_as(data))
    return (known or Media.keep(data, decoding.cleaned(data), new_digest(data), file, None)).name


def _read(folder: Path, file: str) -> bytes:
    """The bytes of a file in the folder. Raises Refused."""
    path = (folder / file).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Refused("lies outside of the folder of the articles.")
    if not path.is_file():
        raise Refused("is not there.")
    if path.stat().st_size > arriving.MOST_BYTES:
        raise Refused(f"is larger than {arriving.MOST_BYTES // 1024 // 1024} MB.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}.") from error


def _naming(file: ArticleFile, names: dict[int, str]) -> ArticleFile:
    """The article, its figures naming pictures instead of files."""
    if not names:
        return file
    article = file.manuscript.article
    figures = tuple(
        replace(figure, picture=names.get(index, figure.picture)) for index, figure in enumerate(article.figures)
    )
    return replace(file, manuscript=replace(file.manuscript, article=replace(article, figures=figures)))
