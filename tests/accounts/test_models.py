"""Rules of accounts, one-time links, people and wrong guesses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from blog.accounts.models import (
    GUESS_WINDOW_MINUTES,
    GUESSES_PER_ACCOUNT,
    GUESSES_PER_ADDRESS,
    LINK_LIFETIME_HOURS,
    Account,
    AccountLink,
    LoginFailure,
    Person,
    Purpose,
    Role,
    RoleName,
    TooManyGuesses,
)
from blog.clock import frozen
from blog.database import db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("acc_writing")


def register(email: str = "ann@example.org", *roles: RoleName, hash: str | None = "a hash") -> Account:
    account = Account.register(email, "Ann Other", roles)
    if hash:
        account.set_password(hash)
    db.session.flush()
    return account


def rows(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


class TestRole:
    def test_ensure_all_makes_the_five_roles(self):
        """The software knows exactly these roles."""
        Role.ensure_all()

        assert [
            "author",
            "editor",
            "reviewer",
            "moderator",
            "admin",
        ] == list(db.session.scalars(select(Role.name).order_by(Role.id)))

    def test_ensure_all_twice_makes_nothing_new(self):
        """`flask init` may run at every start."""
        Role.ensure_all()
        db.session.flush()
        Role.ensure_all()
        db.session.flush()

        assert 5 == rows(Role)


class TestAccount:
    def test_stores_one_spelling_of_the_address(self):
        """Capitals and blanks are no part of an address."""
        assert "ann@example.org" == register(" Ann@Example.ORG ").email

    def test_refuses_what_is_not_an_address(self):
        """A slip is caught before the row exists."""
        with pytest.raises(ValueError, match="@"):
            Account.register("ann.example.org", "Ann", [])

    @pytest.mark.parametrize(
        "spelling",
        ["ANN@xn--bcher-kva.example ", "mailto:ann@bücher.example", "<ann@bücher.example>.", "ann＠bücher.example"],
    )
    def test_is_found_by_any_spelling(self, spelling):
        """People type their address as they like."""
        account = register("ann@bücher.example")

        assert account == db.session.scalar(Account.with_email(spelling))

    def test_has_the_role_it_was_given(self):
        """One of the asked roles is enough."""
        account = register("m@example.org", RoleName.MODERATOR)

        assert account.has_any_role(RoleName.EDITOR, RoleName.MODERATOR)

    def test_has_no_other_role(self):
        """Roles do not include each other."""
        account = register("m@example.org", RoleName.MODERATOR)

        assert not account.has_any_role(RoleName.EDITOR, RoleName.ADMIN)

    @pytest.mark.parametrize("name", RoleName)
    def test_admin_has_every_role(self, name):
        """An admin may do everything."""
        assert register("a@example.org", RoleName.ADMIN).has_any_role(name)

    @pytest.mark.parametrize("verb", [Account.deactivate, lambda account: account.set_password("new")])
    def test_sessions_end_when_deactivated_or_given_a_password(self, verb):
        """Sessions name the uniquifier; a new one ends them."""
        account = register()
        before = account.fs_uniquifier
        verb(account)

        assert before != account.fs_uniquifier

    def test_activate_undoes_deactivate(self):
        """Somebody who comes back signs in as before."""
        account = register()
        account.deactivate()
        account.activate()

        assert account.active and "a hash" == account.password

    def test_an_admin_with_a_password_counts(self):
        """Then the site is set up."""
        register("a@example.org", RoleName.ADMIN)

        assert Account.has_admin()

    @pytest.mark.parametrize("lacking", ["password", "role", "activity"])
    def test_who_cannot_administer_does_not_count(self, lacking):
        """An admin is active, has a password and the role; otherwise nobody could run the site."""
        account = register(
            "a@example.org",
            *([] if lacking == "role" else [RoleName.ADMIN]),
            hash=None if lacking == "password" else "a hash",
        )
        if lacking == "activity":
            account.deactivate()

        assert not Account.has_admin()


class TestPerson:
    def test_needs_no_account(self):
        """A guest author has a byline and no log-in."""
        db.session.add(Person(slug="guest", name="Guest Author"))
        db.session.flush()

        assert ["guest"] == [person.slug for person in db.session.scalars(Person.by_name())]

    def test_is_found_by_account(self):
        """The desk offers an author their own bylines, not those of others."""
        ann, ben = register("ann@example.org"), register("ben@example.org")
        db.session.add_all([Person(slug="ann", name="Ann", account=ann), Person(slug="ben", name="Ben", account=ben)])
        db.session.flush()

        assert ["ann"] == [person.slug for person in db.session.scalars(Person.of(ann))]


class TestAccountLink:
    def test_works_with_its_token(self):
        """A fresh link opens."""
        link, token = AccountLink.issue(Purpose.INVITE, register())

        assert link == AccountLink.usable(token)

    def test_does_not_work_with_another_token(self):
        """Tokens cannot be guessed from one another."""
        _, token = AccountLink.issue(Purpose.INVITE, register())

        assert AccountLink.usable(token[:-1]) is None

    def test_does_not_store_its_token(self):
        """Who reads the database cannot use its links."""
        link, token = AccountLink.issue(Purpose.INVITE, register())

        assert token not in map(str, vars(link).values())

    def test_works_only_once(self):
        """A used link is spent."""
        link, token = AccountLink.issue(Purpose.RESET, register())
        link.use()

        assert AccountLink.usable(token) is None

    @pytest.mark.parametrize(("late", "works"), [(timedelta(seconds=-1), True), (timedelta(0), False)])
    def test_works_for_a_day(self, late, works):
        """A link found in an old mailbox is worth nothing."""
        with frozen(NOON):
            _, token = AccountLink.issue(Purpose.RESET, register())
        with frozen(NOON + timedelta(hours=LINK_LIFETIME_HOURS) + late):
            assert works == (AccountLink.usable(token) is not None)

    def test_a_new_link_ends_the_earlier_one(self):
        """Only the last mail's link works."""
        account = register()
        _, token = AccountLink.issue(Purpose.RESET, account)
        AccountLink.issue(Purpose.RESET, account)

        assert AccountLink.usable(token) is None

    def test_a_new_link_leaves_those_of_others_alone(self):
        """Resetting one account is no matter of another."""
        _, token = AccountLink.issue(Purpose.RESET, register("ann@example.org"))
        AccountLink.issue(Purpose.RESET, register("ben@example.org"))

        assert AccountLink.usable(token) is not None

    @pytest.mark.parametrize("verb", [Account.deactivate, lambda account: account.set_password("new")])
    def test_ends_when_the_account_changes(self, verb):
        """A link asked for before must not undo what was done since."""
        account = register()
        _, token = AccountLink.issue(Purpose.RESET, account)
        verb(account)

        assert AccountLink.usable(token) is None

    def test_setup_works_without_admin(self):
        """The first start makes the first admin."""
        register("a@example.org", RoleName.ADMIN, hash=None)
        _, token = AccountLink.issue(Purpose.SETUP)

        assert AccountLink.usable(token) is not None

    def test_setup_ends_with_the_first_admin(self):
        """From then on, admins make admins."""
        _, token = AccountLink.issue(Purpose.SETUP)
        register("a@example.org", RoleName.ADMIN)

        assert AccountLink.usable(token) is None

    def test_setup_survives_a_password_of_another_account(self):
        """Links of the setup and of accounts do not touch each other."""
        _, token = AccountLink.issue(Purpose.SETUP)
        Account.register("ann@example.org", "Ann", []).set_password("a hash")

        assert AccountLink.usable(token) is not None

    def test_refuses_a_setup_of_an_account(self):
        """A setup link makes its account itself."""
        with pytest.raises(ValueError, match="setup"):
            AccountLink.issue(Purpose.SETUP, register())


class TestLoginFailure:
    def test_allows_as_many_guesses_as_the_limit(self):
        """The last allowed guess is tried."""
        for _ in range(GUESSES_PER_ACCOUNT):
            LoginFailure.reserve("ann@example.org", "198.51.100.7")

        assert GUESSES_PER_ACCOUNT == rows(LoginFailure)

    def test_refuses_one_more_for_the_account(self):
        """From whatever address, and in whatever spelling."""
        for number in range(GUESSES_PER_ACCOUNT):
            LoginFailure.reserve("ann@example.org", f"198.51.100.{number}")

        with pytest.raises(TooManyGuesses):
            LoginFailure.reserve("ANN@example.org", "203.0.113.1")

    def test_refuses_one_more_for_the_address(self):
        """Trying one password on many accounts is guessing too."""
        for number in range(GUESSES_PER_ADDRESS):
            LoginFailure.reserve(f"ann{number}@example.org", "198.51.100.7")

        with pytest.raises(TooManyGuesses):
            LoginFailure.reserve("ben@example.org", "198.51.100.7")

    def test_counts_a_whole_ipv6_network_as_one_address(self):
        """One subscriber has 2^64 addresses."""
        for number in range(GUESSES_PER_ADDRESS):
            LoginFailure.reserve(f"ann{number}@example.org", f"2001:db8::{number:x}")

        with pytest.raises(TooManyGuesses):
            LoginFailure.reserve("ben@example.org", "2001:db8::ffff:1")

    def test_other_accounts_at_other_addresses_are_free(self):
        """A limit reached by one is nobody else's."""
        for _ in range(GUESSES_PER_ACCOUNT):
            LoginFailure.reserve("ann@example.org", "198.51.100.7")

        assert LoginFailure.reserve("ben@example.org", "203.0.113.1")

    def test_says_how_long_to_wait(self):
        """Until the oldest guess that counts leaves the window."""
        for minute in range(GUESSES_PER_ACCOUNT):
            with frozen(NOON + timedelta(minutes=minute)):
                LoginFailure.reserve("ann@example.org", "198.51.100.7")

        with frozen(NOON + timedelta(minutes=10)), pytest.raises(TooManyGuesses) as refusal:
            LoginFailure.reserve("ann@example.org", "198.51.100.7")
        assert GUESS_WINDOW_MINUTES - 10 == refusal.value.wait_minutes

    def test_a_refused_guess_does_not_lengthen_the_wait(self):
        """Whoever waits as told gets in."""
        with frozen(NOON):
            for _ in range(GUESSES_PER_ACCOUNT):
                LoginFailure.reserve("ann@example.org", "198.51.100.7")
        with frozen(NOON + timedelta(minutes=14)), pytest.raises(TooManyGuesses):
            LoginFailure.reserve("ann@example.org", "198.51.100.7")

        with frozen(NOON + timedelta(minutes=GUESS_WINDOW_MINUTES)):
            assert LoginFailure.reserve("ann@example.org", "198.51.100.7")

    def test_holds_neither_address_nor_email(self):
        """The table names nobody."""
        failure = LoginFailure.reserve("ann@example.org", "198.51.100.7")

        assert not {"ann@example.org", "198.51.100.7"} & {failure.account_key, failure.address_key}
