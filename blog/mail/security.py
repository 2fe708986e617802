"""Mails to an account about its own safety, whoever changed something: so that a stranger's change is noticed."""

from __future__ import annotations

from flask import render_template, url_for

from blog.accounts.models import Account
from blog.addresses import absolute
from blog.mail.models import Notice
from blog.pages.models import Site


def tell(account: Account, what: str) -> None:
    """Owe `account` a mail that says `what` has happened, in a sentence. Call it within the transaction."""
    words = {"name": account.name, "what": what, "url": absolute(url_for("accounts.account")), "site": Site.current()}
    subject, _, text = render_template("mail/security.txt", **words).partition("\n")
    Notice.send_words(account, subject, text, render_template("mail/security.html", **words, subject=subject))
