"""One sheet of an article for a patient: where it hurts, when to get help, the stretches, the way back to the page."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from blog.addresses import absolute
from blog.anatomy.models import EntryKind, red_flags
from blog.libraries import later
from blog.markup import drawn
from blog.pagecache import keys
from blog.pagecache.notes import expires_at, public_page, shows
from blog.pages.models import Page, PageSlug
from blog.posts.leads import leads_of
from blog.posts.links import entries_named
from blog.posts.page import on_page
from blog.posts.pictures import pictures_of

if TYPE_CHECKING:
    import qrcode
else:
    qrcode = later("qrcode")

bp = Blueprint("handouts", __name__)

QUIET = 2  # modules round the code: paper is white anyway
ADDRESSES_KEPT = 128


@bp.get("/posts/<slug>/handout")
@public_page()
def show(slug: str) -> str | Response:
    found = on_page(slug)
    if found is None:
        abort(404)
    post, next_due = found
    if post.slug != slug:
        return redirect(url_for("handouts.show", slug=post.slug), 301)
    shows(keys.post(post.id), keys.SCHEDULE, keys.page(PageSlug.DISCLAIMER))
    expires_at(next_due)
    article = post.revision.article
    signs = article.safety.red_flags if article.safety else ()
    address = absolute(url_for("posts.show", slug=post.slug))
    return render_template(
        "public/handout.html",
        post=post,
        article=article,
        address=address,
        code=qr_code(address),
        lead=leads_of([post])[post.id],
        media=pictures_of(article),
        red_flags=red_flags(entries_named((EntryKind.RED_FLAGS, one) for one in signs).values()),
        disclaimer=Page.texts().get(PageSlug.DISCLAIMER),
    )


@lru_cache(ADDRESSES_KEPT)
def qr_code(address: str) -> str:
    """An address as a picture that a telephone's camera reads."""
    code = qrcode.QRCode(border=QUIET)
    code.add_data(address)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    size = len(rows)
    said = "The address of this article as a QR code"
    return drawn(
        f'<svg class="handout__code" viewBox="0 0 {size} {size}" role="img" aria-label="{said}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )
