"""How a post's comments are laid out on pages: order of publication, whole threads where they fit, nothing lost."""

from __future__ import annotations

import pytest

from blog.checksums import Damaged
from blog.comments import sending, threads
from blog.comments.models import Comment, State
from blog.comments.sending import CannotAnswer
from blog.comments.threads import Threads, page_of
from blog.database import begin_write, db
from blog.moderation.models import Decision
from blog.moderation.verdicts import Seen, Verdict
from tests.make import ANY_DAY

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    """Pages of four comments, so that tests need not write fifty."""
    monkeypatch.setattr(threads, "COMMENTS_PER_PAGE", 4)


def decide(comment, verdict):
    begin_write()
    last = Decision.last_on([comment.id]).get(comment.id)
    Decision.make([Seen(comment.id, comment.newest_revision_id, last.id if last else None)], verdict, None)
    db.session.commit()


def laid_out(post):
    """Each page as (id, depth, whether it is shown)."""
    pages = Threads.of(post, 1).pages
    return [
        [(line.id, line.depth, line.comment is not None) for line in Threads.of(post, page).lines]
        for page in range(1, pages + 1)
    ]


class TestPages:
    @pytest.mark.parametrize(
        ("sizes", "pages"),
        [
            ([], [[]]),
            ([1, 1, 1, 1], [["a0-1", "b0-1", "c0-1", "d0-1"]]),
            ([1, 1, 1, 1, 1], [["a0-1", "b0-1", "c0-1", "d0-1"], ["e0-1"]]),
            ([3, 2], [["a0-3"], ["b0-2"]]),
            ([4, 4], [["a0-4"], ["b0-4"]]),
            ([9], [["a0-4"], ["a4-8"], ["a8-9"]]),
            ([1, 5, 3], [["a0-1"], ["b0-4"], ["b4-5", "c0-3"]]),
            ([8, 1], [["a0-4"], ["a4-8"], ["b0-1"]]),
        ],
    )
    def test_hold_whole_threads_where_they_fit(self, sizes, pages):
        cut = threads._paged(enumerate(sizes))

        assert pages == [[f"{'abcde'[part.root_id]}{part.start}-{part.stop}" for part in page] for page in cut]

    def test_of_one_long_thread_hold_every_comment_once(self, make):
        """Eleven answers to one comment: three pages, in reading order, and each permalink finds its own."""
        post = make.post()
        first = make.comment(post, state=State.APPROVED)
        answers = [make.comment(parent=first, state=State.APPROVED) for _ in range(11)]
        every = [first, *answers]
        pages = laid_out(post)

        assert [4, 4, 4] == [len(page) for page in pages]
        assert [comment.id for comment in every] == [number for page in pages for number, *_ in page]
        assert [1] * 4 + [2] * 4 + [3] * 4 == [page_of(comment) for comment in every]

    def test_say_that_a_thread_goes_on(self, make):
        post = make.post()
        first = make.comment(post, state=State.APPROVED)
        for _ in range(5):
            make.comment(parent=first, state=State.APPROVED)

        assert [None, first.id] == [Threads.of(post, page).goes_on for page in (1, 2)]

    def test_keep_an_empty_place_beside_what_hangs_on_it(self, make):
        """It stands on one page only, with the first reply below it."""
        post = make.post()
        first = make.comment(post, state=State.APPROVED)
        answers = [make.comment(parent=first, state=State.APPROVED) for _ in range(4)]
        below = make.comment(parent=answers[3], state=State.APPROVED)
        decide(answers[3], Verdict.HOLD)
        for _ in range(2):
            make.comment(parent=first, state=State.APPROVED)

        assert [(answers[3].id, 1, False), (below.id, 2, True)] == laid_out(post)[1][:2]
        assert 2 == page_of(below)

    @pytest.mark.parametrize("number", [3, 99])
    def test_beyond_the_last_are_empty(self, make, number):
        post = make.post()
        for _ in range(5):
            make.comment(post, state=State.APPROVED)

        assert ([], 5, 2) == ((page := Threads.of(post, number)).lines, page.count, page.pages)


class TestOrder:
    def test_is_that_of_publication(self, make, clock):
        """Whoever reads on where they stopped finds what was approved since then."""
        clock.freeze(ANY_DAY)
        post = make.post()
        late = make.comment(post)
        early = make.comment(post, state=State.APPROVED)
        clock.advance(hours=1)
        decide(late, Verdict.APPROVE)

        assert [[(early.id, 0, True), (late.id, 0, True)]] == laid_out(post)

    def test_of_answers_is_that_of_publication(self, make, clock):
        clock.freeze(ANY_DAY)
        post = make.post()
        first = make.comment(post, state=State.APPROVED)
        late, early = (make.comment(parent=first) for _ in range(2))
        decide(early, Verdict.APPROVE)
        clock.advance(hours=1)
        decide(late, Verdict.APPROVE)

        assert [[(first.id, 0, True), (early.id, 1, True), (late.id, 1, True)]] == laid_out(post)

    def test_of_a_thread_whose_first_comment_was_taken_off_stays(self, make, clock):
        clock.freeze(ANY_DAY)
        post = make.post()
        first = make.comment(post, state=State.APPROVED)
        answer = make.comment(parent=first, state=State.APPROVED)
        clock.advance(hours=1)
        second = make.comment(post, state=State.APPROVED)
        decide(first, Verdict.HOLD)

        assert [[(first.id, 0, False), (answer.id, 1, True), (second.id, 0, True)]] == laid_out(post)

    def test_dates_each_comment_by_its_publication(self, make, clock):
        clock.freeze(ANY_DAY)
        post = make.post()
        comment = make.comment(post)
        clock.advance(hours=1)
        decide(comment, Verdict.APPROVE)
        (line,) = Threads.of(post, 1).lines

        assert line.comment.published_at == db.session.get_one(Comment, comment.id).decided_at


class TestDamaged:
    """A disk may make comments answer what never was, or themselves: that is no way for a page to go round for ever."""

    @pytest.fixture
    def thread(self, make):
        """A hidden comment and its visible answer."""
        hidden = make.comment(make.post(), state=State.APPROVED)
        answer = make.comment(parent=hidden, post=db.session.get_one(Comment, hidden.id).post, state=State.APPROVED)
        decide(hidden, Verdict.HOLD)
        db.session.rollback()
        return hidden.post, hidden.id, answer.id

    @pytest.mark.parametrize("above", ["nobody", "itself"])
    def test_are_not_followed(self, thread, spoil, above):
        post, hidden_id, _ = thread
        assert [[0, 1]] == [[depth for _, depth, _ in page] for page in laid_out(post)]
        db.session.rollback()
        spoil("comments.parent_id", 4711 if above == "nobody" else hidden_id)

        with pytest.raises(Damaged):
            Threads.of(post, 1)

    def test_cannot_be_answered_for_ever(self, make, thread, spoil):
        """Whoever answers is told that the conversation is too deep."""
        _, hidden_id, answer_id = thread
        make.settings(reply_depth=3)
        db.session.rollback()
        spoil("comments.parent_id", hidden_id)
        answer = db.session.get_one(Comment, answer_id)

        with pytest.raises(CannotAnswer, match="as deep as it can be"):
            sending._answerable(answer.post, answer_id, lock=False)
