"""The names under which accounts write."""

from __future__ import annotations

import pytest

from blog.accounts.models import Account, Person, RoleName
from blog.accounts.people import give_byline
from blog.database import begin_write, db


@pytest.mark.both_databases
class TestGiveByline:
    def named(self, app, role, name="Anna Berg"):
        """The people with an account after somebody with this role has got a name to write under, twice."""
        with app.app_context():
            begin_write()
            account = Account.register("anna@example.org", name, [role])
            give_byline(account)
            give_byline(account)
            db.session.commit()
            return [person.slug for person in db.session.scalars(Person.of(account))]

    @pytest.mark.parametrize("role", [RoleName.AUTHOR, RoleName.ADMIN])
    def test_whoever_may_write_has_one_name(self, app, role):
        assert ["anna-berg"] == self.named(app, role)

    def test_a_moderator_has_none(self, app):
        assert [] == self.named(app, RoleName.MODERATOR)

    def test_nobody_takes_over_a_name(self, app):
        """Articles under it would be theirs to change; an administrator decides that."""
        with app.app_context():
            begin_write()
            db.session.add(Person(slug="anna", name="anna berg"))
            db.session.commit()

        assert [] == self.named(app, RoleName.AUTHOR)
