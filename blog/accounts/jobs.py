"""What accounts need done by themselves: links for those who forgot their password."""

from __future__ import annotations

import structlog
from flask import current_app, render_template, url_for

from blog.accounts.models import Account, AccountLink, LinkRequest, Purpose
from blog.addresses import absolute
from blog.checksums import Damaged
from blog.database import begin_write, db
from blog.jobs import jobs
from blog.mail.models import Notice
from blog.pages.models import Site

log = structlog.get_logger("blog.accounts")


@jobs.every(minutes=1)
@jobs.when(lambda: LinkRequest.oldest().with_only_columns(LinkRequest.id))
def send_asked_links() -> None:
    """Mail a link to whoever asked for one and has an account. Woken by the asking; the tick finds what was left."""
    with current_app.test_request_context(base_url=current_app.config["BLOG_SITE_URL"]):  # for the addresses in it
        while True:
            begin_write(lock="account links")
            try:
                asked = db.session.scalar(LinkRequest.oldest().limit(1))
            except Damaged:  # nobody knows any more who asked; the others are not to wait for it
                log.exception("a request for a link could not be read")
                LinkRequest.drop_oldest()
                db.session.commit()
                continue
            if asked is None:
                db.session.rollback()
                break
            account = db.session.scalar(Account.with_email(asked.email))
            if account is not None and account.active and not Notice.brought_words_lately(account):
                _send(account)
            db.session.delete(asked)
            db.session.commit()
    jobs.wake("send_mail")


def _send(account: Account) -> None:
    url = absolute(url_for("account_links.show", token=AccountLink.issue(Purpose.RESET, account)[1]))
    words = {"name": account.name, "url": url, "site": Site.current()}
    subject, _, text = render_template("mail/password.txt", **words).partition("\n")
    Notice.send_words(account, subject, text, render_template("mail/password.html", **words, subject=subject))
