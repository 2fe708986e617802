"""The names of what pages show. A verb that changes one of these drops every page that showed it."""

from __future__ import annotations

SITE = "site"  # every page shows it
