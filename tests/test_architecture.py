"""The house: who may import whom, by folder, for every file of blog/, and no circle. docs/architecture.md draws it."""

from __future__ import annotations

import pytest

from tools import draw_house, house


class TestArrows:
    def test_run_down_only(self):
        """
        Wiring, wings, features from right to left, pure folders, ground: nobody imports what stands above or beside.
        """
        assert [] == [str(arrow) for arrow in house.arrows() if not house.allowed(arrow)]

    def test_make_no_circle(self):
        """From no file a way of imports leads back to it."""
        assert [] == house.circles(house.arrows())

    def test_start_in_every_file(self):
        """Each file of blog/ has its floor; a new folder has to be given one."""
        assert [] == [name for name in house.modules() if house.floor_of(name) is None]

    @pytest.mark.parametrize(
        ("source", "target"),
        [
            ("blog.clock", "blog.posts.models"),
            ("blog.text.plain", "blog.comments.models"),
            ("blog.triage.flags", "blog.text.plain"),
            ("blog.posts.models", "blog.comments.models"),
            ("blog.comments.models", "blog.desk.comments"),
            ("blog.comments.jobs", "blog.public.commenting"),
            ("blog.public.articles", "blog.desk.comments"),
            ("blog.desk.comments", "blog.public.articles"),
            ("blog.desk.comments", "blog.templating"),
            ("blog.keys", "blog"),
        ],
    )
    def test_up_or_across_are_refused(self, source, target):
        """An arrow against the order is seen, whatever the files are called."""
        assert not house.allowed(house.Arrow(source, target))

    @pytest.mark.parametrize(
        ("source", "target"),
        [
            ("blog.templating", "blog.public.comment_form"),
            ("blog.public.articles", "blog.comments.models"),
            ("blog.mail.letters", "blog.moderation.verdicts"),
            ("blog.comments.jobs", "blog.moderation.models"),
            ("blog.pages.models", "blog.pagecache.notes"),
            ("blog.comments.threads", "blog.comments.models"),
        ],
    )
    def test_down_are_allowed(self, source, target):
        """Wiring to wings to features to the ground; jobs and commands of a feature may look right."""
        assert house.allowed(house.Arrow(source, target))

    def test_stand_at_the_top(self):
        """No import hides in a function, where a circle could hide with it."""
        assert [] == house.hidden_imports()


def test_the_drawing_is_made_from_the_imports():
    """docs/images/house.svg is what `python -m tools.draw_house` makes of the code as it is."""
    assert draw_house.svg() == draw_house.OUT.read_text(encoding="utf-8")


def test_the_map_names_every_room():
    """README's map of the code names each file and folder directly in blog/."""
    readme = (house.ROOT / "README.md").read_text(encoding="utf-8")
    rooms = [
        f"`{path.name}/`" if path.is_dir() else f"`{path.name}`"
        for path in sorted((house.ROOT / "blog").iterdir())
        if path.name != "__pycache__"
    ]

    assert [] == [room for room in rooms if room not in readme]
