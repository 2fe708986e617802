"""What tests of mails begin with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from blog.accounts.models import Account, RoleName
from blog.comments.models import Comment
from blog.mail import delivery
from blog.mail.delivery import Never, NotNow, TryLater, carrier
from blog.mail.letters import Letter
from blog.mail.preferences import Cadence
from tests.mailing import ADA, Mailing
from tests.make import Make


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits twenty seconds for a mail server in a test."""
    monkeypatch.setattr(delivery, "TIMEOUT_SECONDS", 0.3)


@pytest.fixture
def moderator(make: Make) -> Account:
    return make.account(RoleName.MODERATOR, email="mo@example.org")


@pytest.fixture
def instant(mail: Mailing, moderator: Account) -> Account:
    """A moderator who wants each comment at once."""
    mail.prefer(moderator, queue=Cadence.INSTANT)
    return moderator


@pytest.fixture
def at_once(make: Make) -> None:
    """Nobody waits until a decision can no longer be undone."""
    make.settings(mail_delay_minutes=0)


@pytest.fixture
def publish(make: Make, mail: Mailing, at_once: None) -> Callable[..., Comment]:
    """Publishes a comment of which the owner of an address is to hear."""

    def publishing(email: str = ADA, **values: object) -> Comment:
        comment = make.comment(body=f"Words {next(make.numbers)}.", **values)
        mail.wish(comment, email)
        mail.decide(comment)
        return comment

    return publishing


@pytest.fixture
def send(app: Flask) -> Callable[..., Any]:
    """Hands letters over, one after another, on one connection; what went wrong with each, or None."""

    def sending(*letters: Letter) -> Any:
        outcomes: list[Exception | None] = []
        with app.test_request_context(), carrier() as wire:
            for each in letters:
                try:
                    wire.send(each)
                    outcomes.append(None)
                except (NotNow, TryLater, Never) as problem:
                    outcomes.append(problem)
        return outcomes if len(letters) > 1 else outcomes[0]

    return sending


@pytest.fixture
def use(app: Flask) -> Callable[[str], None]:
    """From now on the site sends its mails to another server."""

    def using(url: str) -> None:
        app.config["BLOG_MAIL_URL"] = url
        app.extensions["mail"].suppress = False

    return using
