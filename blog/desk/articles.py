"""At the desk: the list of articles."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from blog.accounts.security import me, require
from blog.posts.models import PostState
from blog.posts.overview import Overview
from blog.posts.rights import READERS, SEE_ALL

bp = Blueprint("articles", __name__, url_prefix="/desk/posts")
bp.before_request(require(*READERS))


@bp.get("")
def index() -> str:
    asked = Overview.read(me(), request.args)
    rows, earlier = asked.page(request.args.get("before", ""))
    return render_template(
        "desk/posts/index.html",
        asked=asked,
        rows=rows,
        earlier=earlier,
        is_first="before" not in request.args,
        counts=asked.counts(),
        states=(None, *PostState),
        sees_all=me().has_any_role(*SEE_ALL),
    )
