"""Who works at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from blog.accounts.models import RoleName
from tests.visitors import StaffClient


@pytest.fixture
def mo(staff: Callable[..., StaffClient]) -> StaffClient:
    """A moderator at the desk."""
    return staff(RoleName.MODERATOR)
