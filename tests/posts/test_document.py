"""What an article may say, and how each slip is named."""

from __future__ import annotations

import pytest

from blog.posts.document import Article, ArticleError, Slip
from tests.make import Make

STRETCH = {"name": "Knee to chest", "steps": ["Lie down."], "dose": "Twice a day.", "stop_if": "it hurts"}
SAFETY = {"red_flags": ["low-back"]}
FIGURE = {
    "id": "map",
    "kind": "pain-map",
    "caption": "Where it hurts",
    "alt": "A drawing of a back",
    "long_description": "Low down.",
}
YOUTUBE = {"host": "youtube", "ref": "dQw4w9WgXcQ", "title": "The film", "caption": "Two minutes"}
VIMEO = {**YOUTUBE, "host": "vimeo", "ref": "123456789"}
OWN_FILM = {**YOUTUBE, "host": "file", "ref": "/media/0123456789abcdef/film.mp4"}


def parsed(**values):
    return Article.parse(Make.article(**values))


def slips(**values):
    with pytest.raises(ArticleError) as caught:
        parsed(**values)
    return [(slip.path, slip.message) for slip in caught.value.slips]


def paths(**values):
    return [path for path, _ in slips(**values)]


def without(record, name):
    return {key: value for key, value in record.items() if key != name}


class TestFields:
    @pytest.mark.parametrize("name", ["title", "standfirst", "body", "authors"])
    def test_four_are_needed(self, name):
        """Without a title, a standfirst, a body or an author there is no article."""
        assert [((name,), "is missing")] == slips(**{name: None})

    @pytest.mark.parametrize("name", ["title", "standfirst"])
    def test_needed_text_is_not_blank(self, name):
        """Spaces are no title."""
        assert [((name,), "is missing")] == slips(**{name: " \u200b "})

    def test_everything_else_may_be_left_out(self):
        """The four alone make an article."""
        assert ("An article", ()) == (parsed().title, parsed().stretches)

    @pytest.mark.parametrize(
        ("name", "most"), [("title", 150), ("standfirst", 400), ("kicker", 60), ("evidence", 1000)]
    )
    def test_text_that_fits_is_taken(self, name, most):
        """The longest text that fits is kept whole."""
        assert "x" * most == getattr(parsed(**{name: "x" * most}), name)

    @pytest.mark.parametrize(
        ("name", "most"), [("title", 150), ("standfirst", 400), ("kicker", 60), ("evidence", 1000)]
    )
    def test_longer_text_is_refused(self, name, most):
        """One character more is named with both numbers."""
        assert [((name,), f"has {most + 1} characters; {most} fit")] == slips(**{name: "x" * (most + 1)})

    @pytest.mark.parametrize("name", ["title", "standfirst", "kicker", "evidence", "body", "self_help"])
    @pytest.mark.parametrize("value", [["a list"], {"a": "group"}, True])
    def test_text_is_text(self, name, value):
        """A list, a group or a yes is not text."""
        assert ((name,), "must be text") in slips(**{name: value})

    def test_a_number_is_taken_as_text(self):
        """YAML reads a bare 2026 as a number; as a title it is text."""
        assert "2026" == parsed(title=2026).title

    @pytest.mark.parametrize("name", ["authors", "muscles", "pain_areas", "conditions", "tags"])
    def test_slugs_are_slugs(self, name):
        """The second of two names is named by its place."""
        assert [(name, 1)] == paths(**{name: ["good-one", "Bad One"]})

    @pytest.mark.parametrize("name", ["authors", "muscles", "key_facts", "uncertain", "stretches", "figures"])
    def test_lists_are_lists(self, name):
        """One word where a list belongs is refused."""
        assert ((name,), "must be a list") in slips(**{name: "alone"})

    @pytest.mark.parametrize(("name", "most"), [("key_facts", 300), ("uncertain", 400)])
    def test_each_line_of_a_list_has_its_length(self, name, most):
        """The line that is too long is named by its place."""
        assert [((name, 1), f"has {most + 1} characters; {most} fit")] == slips(
            **{name: ["x" * most, "x" * (most + 1)]}
        )

    @pytest.mark.parametrize("name", ["stretches", "figures", "references"])
    def test_records_are_groups_of_fields(self, name):
        """A bare word in a list of records is named by its place."""
        assert ((name, 0), "must be a group of named fields") in slips(**{name: ["word"]}, safety=SAFETY)

    def test_unknown_fields_are_refused(self):
        """A slip of the pen in a field's name is found."""
        assert [(("titel",), "is not a field of an article")] == slips(titel="x")

    def test_unknown_fields_inside_are_refused(self):
        """Also in a record, with the whole path."""
        assert [("stretches", 0, "steeps")] == paths(stretches=[{**STRETCH, "steeps": []}], safety=SAFETY)

    @pytest.mark.parametrize("value", ["yes", 1, []])
    def test_a_sample_is_true_or_false(self, value):
        """Only true marks a sample."""
        assert [(("sample",), "must be true or false")] == slips(sample=value)

    def test_all_slips_are_told_at_once(self):
        """Nobody wants to mend an article one error at a time."""
        assert [("title",), ("authors", 0), ("kicker",)] == paths(title="", authors=["A B"], kicker="x" * 61)


class TestStretch:
    @pytest.mark.parametrize("name", ["name", "steps", "dose", "stop_if"])
    def test_needs_what_keeps_a_reader_safe(self, name):
        """No exercise without steps, dose and a rule when to stop."""
        assert [(("stretches", 0, name), "is missing")] == slips(stretches=[without(STRETCH, name)], safety=SAFETY)

    def test_needs_at_least_one_step(self):
        """An empty list of steps is none."""
        assert [("stretches", 0, "steps")] == paths(stretches=[{**STRETCH, "steps": []}], safety=SAFETY)

    @pytest.mark.parametrize("name", ["primary", "secondary"])
    def test_names_muscles_by_slug(self, name):
        """The muscle with a slip is named by its place."""
        assert [("stretches", 0, name, 1)] == paths(stretches=[{**STRETCH, name: ["psoas", "Psoas!"]}], safety=SAFETY)

    def test_is_read_whole(self):
        """What was given comes back."""
        stretch = parsed(stretches=[{**STRETCH, "primary": ["psoas"], "not_for": ["a new hip"]}], safety=SAFETY)

        assert ("Knee to chest", ("Lie down.",), ("psoas",), ("a new hip",)) == (
            stretch.stretches[0].name,
            stretch.stretches[0].steps,
            stretch.stretches[0].primary,
            stretch.stretches[0].not_for,
        )


class TestSafety:
    def test_needs_a_red_flag_set(self):
        """A safety box without warning signs is none."""
        assert [(("safety", "red_flags"), "must name at least one")] == slips(safety={"red_flags": []})

    def test_allows_self_pressure_unless_it_is_ruled_out(self):
        """Who leaves the field out allows it; who writes false does not."""
        assert (True, False) == (
            parsed(safety=SAFETY).safety.self_pressure,
            parsed(safety={**SAFETY, "self_pressure": False}).safety.self_pressure,
        )


class TestFigure:
    @pytest.mark.parametrize("name", ["id", "kind", "caption", "alt"])
    def test_needs_words(self, name):
        """No figure without a caption and an alternative."""
        assert [(("figures", 0, name), "is missing")] == slips(figures=[without(FIGURE, name)])

    @pytest.mark.parametrize(("name", "value"), [("kind", "photo"), ("id", "Pain Map")])
    def test_has_a_known_kind_and_a_plain_id(self, name, value):
        """Anything else is named."""
        assert [("figures", 0, name)] == paths(figures=[{**FIGURE, name: value}])


class TestVideo:
    @pytest.mark.parametrize("video", [YOUTUBE, VIMEO, OWN_FILM], ids=["youtube", "vimeo", "file"])
    def test_comes_from_an_allowed_host(self, video):
        """YouTube, Vimeo and a file of our own are taken."""
        assert video["ref"] == parsed(video=video).video.ref

    @pytest.mark.parametrize("host", ["dailymotion", "https://evil.example", ""])
    def test_comes_from_no_other_host(self, host):
        """A host that is not on the list is refused."""
        assert ("video", "host") in paths(video={**YOUTUBE, "host": host})

    @pytest.mark.parametrize(
        ("video", "ref"),
        [
            (YOUTUBE, "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
            (YOUTUBE, 'dQw4w9WgX"c'),
            (YOUTUBE, "dQw4w9WgXcQ\n"[:10]),
            (VIMEO, "12345"),
            (VIMEO, "123456789/../x"),
            (OWN_FILM, "https://evil.example/media/0123456789abcdef/film.mp4"),
            (OWN_FILM, "/media/0123456789abcdef/film.exe"),
            (OWN_FILM, "/media/../secret.mp4"),
        ],
    )
    def test_is_named_by_an_id_of_its_host(self, video, ref):
        """What does not look like an id there cannot lead anywhere else."""
        assert [(("video", "ref"), f"is not a film of {video['host']}")] == slips(video={**video, "ref": ref})

    @pytest.mark.parametrize("name", ["host", "ref", "title", "caption"])
    def test_needs_title_and_caption(self, name):
        """A film without words is refused."""
        assert ("video", name) in paths(video=without(YOUTUBE, name))


class TestReference:
    @pytest.mark.parametrize("url", ["https://doi.org/10.1/x", "http://example.org"])
    def test_may_lead_to_the_web(self, url):
        """A web address is taken."""
        assert url == parsed(references=[{"text": "Source", "url": url}]).references[0].url

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "example.org", "ftp://example.org/x", "http://", "//x", "http://["]
    )
    def test_leads_nowhere_else(self, url):
        """Any other scheme, or none, is refused."""
        assert [("references", 0, "url")] == paths(references=[{"text": "Source", "url": url}])


class TestContradictions:
    @pytest.mark.parametrize("part", [{"self_help": "## Self-help\n\nRest."}, {"stretches": [STRETCH]}])
    def test_self_help_needs_a_safety_box(self, part):
        """Nothing to do at home without warning signs above it."""
        assert [("safety", "red_flags")] == paths(**part)

    @pytest.mark.parametrize("part", [{"self_help": "## Self-help\n\nRest."}, {"stretches": [STRETCH]}])
    def test_self_help_with_a_safety_box_is_taken(self, part):
        """The same with a red-flag set is an article."""
        assert ("low-back",) == parsed(**part, safety=SAFETY).safety.red_flags

    def test_self_help_begins_with_a_heading(self):
        """It stands in a place of its own, so it needs a name there."""
        assert [("self_help",)] == paths(self_help="Rest.", safety=SAFETY)

    def test_ids_of_figures_differ(self):
        """The second of two figures with one id is named."""
        assert [(("figures", 1), "the id 'map' stands twice")] == slips(figures=[FIGURE, FIGURE])

    @pytest.mark.parametrize(("kind", "source"), [("pain-map", {"muscles": ["psoas"]}), ("stretch", {"pose": "lying"})])
    def test_no_figure_is_an_empty_frame(self, kind, source):
        """It is drawn from muscles or a pose, or says in words what it would show."""
        figure = {**without(FIGURE, "long_description"), "kind": kind}
        article = {"muscles": source.get("muscles", [])}
        drawn = parsed(**article, figures=[{**figure, "pose": source.get("pose", "")}], safety=SAFETY)

        assert [("figures", 0)] == paths(figures=[figure], safety=SAFETY)
        assert kind == drawn.figures[0].kind

    def test_a_figure_may_be_a_picture(self):
        """By its name; it may leave the words to the picture itself, and needs nothing to be drawn from."""
        picture = {"id": "a", "kind": "picture", "picture": "shoulder", "caption": "The shoulder"}

        assert ("shoulder",) == parsed(figures=[picture]).pictures
        assert [("figures", 0, "picture")] == paths(figures=[without(picture, "picture")])
        assert ("figures", 0, "alt") in paths(figures=[{**picture, "kind": "pain-map"}])

    def test_drawn_figures_say_nothing_of_pictures(self):
        """So that no article changed its data when pictures came."""
        assert "picture" not in parsed(figures=[FIGURE]).data()["figures"][0]

    def test_a_stretch_shows_a_figure_that_exists(self):
        """A figure named in vain is found."""
        assert [("stretches", 0, "figure")] == paths(stretches=[{**STRETCH, "figure": "map"}], safety=SAFETY)

    def test_a_stretch_may_show_a_figure_of_the_article(self):
        """A figure that is there is taken."""
        article = parsed(stretches=[{**STRETCH, "figure": "map"}], safety=SAFETY, figures=[FIGURE])

        assert "Where it hurts" == article.figure(article.stretches[0].figure).caption

    def test_the_alternative_says_more_than_the_caption(self):
        """A screen reader should not say the same twice."""
        assert [("figures", 0, "alt")] == paths(figures=[{**FIGURE, "alt": FIGURE["caption"]}])


class TestArticle:
    def test_reads_what_it_writes(self):
        """Plain data, read and written again, is the same article."""
        article = parsed(stretches=[STRETCH], safety=SAFETY, figures=[FIGURE], video=YOUTUBE, sample=True)

        assert article == Article.parse(article.data())

    def test_leaves_out_what_is_empty(self):
        """Stored data names nothing that is not there, so that equal articles have equal digests."""
        assert {"title", "standfirst", "body", "authors"} == parsed(kicker="", tags=[]).data().keys()

    def test_names_each_stretched_muscle_once(self):
        """A muscle that is primary anywhere is not secondary as well."""
        stretches = [
            {**STRETCH, "primary": ["psoas"], "secondary": ["sartorius"]},
            {**STRETCH, "primary": ["soleus", "psoas"], "secondary": ["psoas", "sartorius"]},
        ]

        assert (("psoas", "soleus"), ("sartorius",)) == parsed(stretches=stretches, safety=SAFETY).stretched

    def test_cleans_lines_of_what_cannot_be_seen(self):
        """A bidi override or a control character never reaches a title."""
        assert "Calm back" == parsed(title="Calm\u202e \x00 back").title


def test_a_slip_is_told_as_authors_count():
    """Indexes count from one, and underscores are spaces."""
    assert "stretches 2, easier version" == Slip(("stretches", 1, "easier_version"), "").field
