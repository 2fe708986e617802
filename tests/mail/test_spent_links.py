"""Links that work once."""

from __future__ import annotations

import pytest

from blog.clock import now
from blog.database import begin_write
from blog.errors import Refused
from blog.mail.links import SpentLink

both = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]


class TestSpentLinks:
    pytestmark = both

    def test_are_spent_once(self):
        """The second time is refused."""
        begin_write()
        SpentLink.spend("x" * 43, now())

        assert SpentLink.is_spent("x" * 43)
        with pytest.raises(Refused):
            SpentLink.spend("x" * 43, now())
