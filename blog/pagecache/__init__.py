"""Public pages, kept in memory and answered in front of Flask."""
