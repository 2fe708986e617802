"""The one shape of everything public: append-only versions, told apart by their digest."""

from __future__ import annotations

import pytest

from blog.database import Base, begin_write, db
from blog.pages.models import PageRevision, PageSlug
from blog.revisions import AppendOnlyError, digest

KEPT = [
    mapper.class_
    for mapper in Base.registry.mappers
    if mapper.class_.__name__.endswith("Revision") or mapper.class_.__name__ in ("Decision", "DecisionItem")
]


class TestDigest:
    def test_is_equal_for_equal_content(self):
        """The order of names does not matter."""
        assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1})

    @pytest.mark.parametrize(
        "other", [{"a": [2, 1]}, {"a": [1]}, {"b": [1, 2]}, {"a": ["1", "2"]}, {"a": "[1,2]"}, None]
    )
    def test_differs_for_other_content(self, other):
        """Order in a list, types and names do."""
        assert digest({"a": [1, 2]}) != digest(other)

    def test_is_the_same_for_ever(self):
        """Stored digests stay comparable: this one was made when the first was stored."""
        assert "12ae32cb1ec02d01eda3581b127c1fee3b0dc53572ed6baf239721a03d82e126" == digest("")


class TestAppendOnly:
    def test_holds_for_all_that_is_kept(self):
        """Every model of versions and decisions refuses changes and deletion."""
        assert [] == [
            model.__name__
            for model in KEPT
            if not list(model.__mapper__.dispatch.before_update) or not list(model.__mapper__.dispatch.before_delete)
        ]
        assert len(KEPT) >= 5

    @pytest.mark.usefixtures("context")
    def test_names_what_is_kept(self, make):
        """The error says which column of which model."""
        page = make.page(PageSlug.ABOUT)
        begin_write()
        db.session.get_one(PageRevision, page.public_revision_id).body = "Other."

        with pytest.raises(AppendOnlyError, match="PageRevision keeps body"):
            db.session.flush()

    @pytest.mark.usefixtures("context")
    def test_lets_named_columns_change(self, make):
        """HTML may be made anew from the same text."""
        page = make.page(PageSlug.ABOUT)
        begin_write()
        db.session.get_one(PageRevision, page.public_revision_id).show_as("<p>New.</p>")
        db.session.commit()

        assert "<p>New.</p>" == db.session.get_one(PageRevision, page.public_revision_id).html
