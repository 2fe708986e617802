"""Backups: one file that holds the whole site, made while it is written to, proved by being read again.

Whatever database the site has, the file holds a SQLite database with the same rows, so a site may be restored on the
other one, too.
"""
