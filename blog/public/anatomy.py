"""Ways in through the body: muscles, where it hurts, conditions; and the drawings made from the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from blog.anatomy import pictures
from blog.anatomy.models import Entry, EntryKind, Relation, red_flags
from blog.database import db
from blog.headers import DRAWING_POLICY
from blog.pagecache import keys
from blog.pagecache.notes import public_page, shows
from blog.pages.models import Page, PageSlug, PageText
from blog.paging import page_number
from blog.posts import listing
from blog.posts.listing import Listing
from blog.public.entry_signs import most_sure_first, signs_of_condition, signs_of_muscle

bp = Blueprint("anatomy", __name__)


@bp.get("/muscles")
@public_page("region")
def muscles() -> str:
    shows(keys.ENTRIES)
    regions = _by_region(db.session.scalars(Entry.of_kind(EntryKind.MUSCLE)).all())
    wanted = request.args.get("region", "")
    chosen = next((region for region, _ in regions if region.slug == wanted), None)
    if wanted and chosen is None:
        abort(404)
    return render_template(
        "public/anatomy/muscles.html",
        regions=[one for one in regions if chosen in (None, one[0])],
        all_regions=[region for region, _ in regions],
        chosen=chosen,
    )


@bp.get("/muscles/<slug>")
@public_page("page")
def muscle(slug: str) -> str:
    _shows_entry(EntryKind.MUSCLE, slug)
    listing.show_schedule()
    entry = _find(EntryKind.MUSCLE, slug)
    links = entry.links()
    return render_template(
        "public/anatomy/muscle.html",
        entry=entry,
        disclaimer=_disclaimer(),
        links=links,
        red_flags=signs_of_muscle(links),
        posts=_posts_about(entry),
    )


@bp.get("/pain")
@public_page()
def pain() -> str:
    shows(keys.ENTRIES)
    found = db.session.scalars(Entry.of_kind(EntryKind.PAIN_AREA)).all()
    return render_template("public/anatomy/pain.html", areas=found, regions=_by_region(found))


@bp.get("/pain/<slug>")
@public_page("page")
def pain_area(slug: str) -> str:
    _shows_entry(EntryKind.PAIN_AREA, slug)
    listing.show_schedule()
    entry = _find(EntryKind.PAIN_AREA, slug)
    links, named_by = entry.links(), entry.backlinks()
    return render_template(
        "public/anatomy/pain_area.html",
        entry=entry,
        disclaimer=_disclaimer(),
        links=links,
        red_flags=red_flags(links[Relation.RED_FLAGS]),
        main=most_sure_first(named_by[Relation.MAIN_PAIN]),
        other=most_sure_first(named_by[Relation.OTHER_PAIN]),
        posts=_posts_about(entry),
    )


@bp.get("/conditions")
@public_page()
def conditions() -> str:
    shows(keys.ENTRIES)
    found = db.session.scalars(Entry.of_kind(EntryKind.CONDITION)).all()
    areas = Entry.areas_of(found)
    return render_template("public/anatomy/conditions.html", regions=_by_region_of(found, areas), areas=areas)


@bp.get("/conditions/<slug>")
@public_page("page")
def condition(slug: str) -> str:
    _shows_entry(EntryKind.CONDITION, slug)
    listing.show_schedule()
    entry = _find(EntryKind.CONDITION, slug)
    found = entry.backlinks()[Relation.CONDITION]
    links = entry.links()
    return render_template(
        "public/anatomy/condition.html",
        entry=entry,
        disclaimer=_disclaimer(),
        area=next(iter(links[Relation.REGION]), None),
        muscles=most_sure_first(found),
        red_flags=signs_of_condition(links, found),
        posts=_posts_about(entry),
    )


@bp.get("/media/<fingerprint>/<name>.svg")
@public_page()
def picture(fingerprint: str, name: str) -> Response:
    """A drawing. Its address names its content, so it may be kept for ever; any other fingerprint is unknown."""
    shows(keys.ENTRIES)
    drawn = pictures.draw(name, fingerprint)
    if drawn is None:
        abort(404)
    response = Response(drawn, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = DRAWING_POLICY
    response.set_etag(fingerprint)
    return response


def _disclaimer() -> PageText | None:
    """The short form stands on every page of the vocabulary."""
    shows(keys.page(PageSlug.DISCLAIMER))
    return Page.texts().get(PageSlug.DISCLAIMER)


def _shows_entry(kind: EntryKind, slug: str) -> None:
    """Note that the page being rendered is the entry's own: itself, what it names, and the articles about it."""
    shows(keys.ENTRIES, keys.entry(kind, slug), keys.listed_under(kind, slug))


def _find(kind: EntryKind, slug: str) -> Entry:
    return db.first_or_404(Entry.shown(kind, slug))  # type: ignore[no-any-return]


def _posts_about(entry: Entry) -> Listing:
    """One page of the articles about it."""
    return Listing.under(entry, page_number()) or abort(404)


def _by_region(entries: Sequence[Entry]) -> list[tuple[Entry, list[Entry]]]:
    """Entries under the region they name, regions from head to foot, none without entries."""
    regions = {region.slug: region for region in db.session.scalars(Entry.of_kind(EntryKind.REGION))}
    grouped = [
        (regions[slug], [entry for entry in entries if entry.document["region"] == slug])
        for slug in sorted(regions, key=lambda slug: regions[slug].id)
    ]
    return [(region, found) for region, found in grouped if found]


def _by_region_of(conditions: Sequence[Entry], areas: Mapping[str, Entry]) -> list[tuple[Entry | None, list[Entry]]]:
    """Conditions under the region of their area, regions from head to foot; at the end those without an area."""
    placed = _by_region(list(areas.values()))
    regions = {area.slug: region for region, found in placed for area in found}
    grouped: dict[Entry | None, list[Entry]] = {**{region: [] for region, _ in placed}, None: []}
    for condition in conditions:
        area = areas.get(condition.slug)
        grouped[regions.get(area.slug) if area else None].append(condition)
    return [(region, found) for region, found in grouped.items() if found]
