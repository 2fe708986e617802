"""The place that answers the question, with its words marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from blog.search.excerpts import EXCERPT_CHARS, excerpt, marked


def shown(pieces):
    return "".join(f"[{piece.text}]" if piece.is_marked else piece.text for piece in pieces)


class TestMarking:
    def test_marks_whole_words_in_any_form(self):
        """What was found is what is marked, as it stands there."""
        assert "[Cramps] in the [cálf], not cramped. Halfcalf." == shown(
            marked("Cramps in the cálf, not cramped. Halfcalf.", {"calf", "cramp"})
        ).replace("[cramped]", "cramped")

    def test_loses_nothing(self):
        """Together, the pieces are the text."""
        text = "Straße, naïve ﬁne İstanbul calf."

        assert text == "".join(piece.text for piece in marked(text, {"calf"}))

    @given(st.text(max_size=200))
    def test_takes_any_text(self, text):
        """Whatever stands there."""
        assert text == "".join(piece.text for piece in marked(text, {"a", "ss"}))


class TestExcerpt:
    def test_is_where_most_words_stand(self):
        """Not where the first of them does."""
        text = "A calf. " + "Something else is said here. " * 20 + "The calf cramps at night. " + "More. " * 50

        assert "The [calf] [cramps] at [night]" in shown(excerpt(text, {"calf", "cramp", "night"}))

    def test_is_one_line_of_a_bounded_length(self):
        """With dots where something was left out."""
        pieces = excerpt("Long ago. " * 50 + "The\n\ncalf rests. " + "Then more. " * 50, {"calf"})
        text = "".join(piece.text for piece in pieces)

        assert text.startswith("…")
        assert text.endswith("…")
        assert "\n" not in text
        assert len(text) <= EXCERPT_CHARS + 2

    def test_is_none_without_the_words(self):
        """Then the lead stands there."""
        assert [] == excerpt("Nothing of it.", {"calf"})
