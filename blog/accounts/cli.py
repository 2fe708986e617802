"""`flask users …`: accounts from the machine's own shell, and the link that makes the first admin."""

from __future__ import annotations

import sys

import click
import sqlalchemy
from flask import Flask, current_app
from flask.cli import AppGroup

from blog.accounts import passwords
from blog.accounts.events import EventKind, SecurityEvent
from blog.accounts.factors import forget_factors
from blog.accounts.models import (
    LINK_LIFETIME_HOURS,
    NAME_MAX_CHARS,
    Account,
    AccountLink,
    Purpose,
    RoleName,
    normalised_email,
)
from blog.accounts.people import give_byline
from blog.database import begin_write, db

security_log = AppGroup("log", help="The log of security: who signed in, who failed, what was changed about accounts.")
users = AppGroup("users", help="Accounts of those who work on the site.")

password_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input, one line.")


def register(app: Flask) -> None:
    app.cli.add_command(users)
    app.cli.add_command(security_log)


def setup_link() -> str | None:
    """A new link that makes the first admin, for the server to print at its start; earlier ones stop working.

    None when there is an admin already.
    """
    begin_write(lock="account links")
    if Account.has_admin():
        db.session.rollback()
        return None
    _, token = AccountLink.issue(Purpose.SETUP)
    db.session.commit()
    return _address(token)


@users.command()
@click.argument("email")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([name.value for name in RoleName]),
    help="What the account may do; may be given more than once.",
)
@click.option("--name", help="What colleagues see; without it, the first part of the address.")
@password_stdin
def add(email: str, roles: tuple[str, ...], name: str | None, password_stdin: bool) -> None:
    """Add an account and print a one-time link by which its owner chooses a password."""
    _require_tables()
    email = _checked(email)
    name = (name or "").strip() or email.partition("@")[0]
    if len(name) > NAME_MAX_CHARS:
        raise click.ClickException(f"The name can have at most {NAME_MAX_CHARS} characters.")
    password = _password_from_stdin(email) if password_stdin else None

    begin_write(lock="account links")
    if db.session.scalar(Account.with_email(email)):
        raise click.ClickException(f"There is an account {email} already. See: flask users reset {email}")
    account = Account.register(email, name, [RoleName(role) for role in roles])
    db.session.flush()
    SecurityEvent.note(EventKind.ACCOUNT_ADDED, account.id, ", ".join(dict.fromkeys(roles)))
    if password:
        give_byline(account)
        account.set_password(password)
        db.session.commit()
        click.echo(f"Added {email}.")
    else:
        _, token = AccountLink.issue(Purpose.INVITE, account)
        db.session.commit()
        click.echo(f"Added {email}. {_invitation(token)}")


@users.command()
@click.argument("email")
@password_stdin
def reset(email: str, password_stdin: bool) -> None:
    """Print a one-time link by which the owner of an account chooses a new password."""
    _require_tables()
    account = _found(email)
    password = _password_from_stdin(account.email) if password_stdin else None

    begin_write(lock="account links")
    account = _found(email)
    if not account.active:
        raise click.ClickException(f"{account.email} is deactivated. First: flask users activate {account.email}")
    if password:
        account.set_password(password)
        db.session.commit()
        click.echo(f"Changed the password of {account.email}; all its sessions have ended.")
    else:
        _, token = AccountLink.issue(Purpose.RESET, account)
        db.session.commit()
        click.echo(_invitation(token))


@users.command("reset-factor")
@click.argument("email")
def reset_factor(email: str) -> None:
    """Forget the second factors of an account whose owner has lost them, and end its sessions; its owner is told."""
    _require_tables()
    begin_write(lock="second factors")
    account = _found(email)
    forget_factors(account)
    account.end_sessions()
    SecurityEvent.note(EventKind.FACTOR_RESET, account.id)
    _tell_of_reset(account)
    db.session.commit()
    click.echo(f"{account.email} signs in with the password alone until a new second factor is set up.")


@users.command("list")
def list_() -> None:
    """List all accounts: address, roles, state, name."""
    _require_tables()
    for account in db.session.scalars(Account.by_email()):
        state = "deactivated" if not account.active else "active" if account.password else "no password yet"
        click.echo(f"{account.email}\t{','.join(account.role_names)}\t{state}\t{account.name}")


@users.command()
@click.argument("email")
def deactivate(email: str) -> None:
    """Let an account sign in no more, and end its sessions at once."""
    _require_tables()
    begin_write(lock="account links")
    account = _found(email)
    account.deactivate()
    db.session.commit()
    click.echo(f"Deactivated {account.email}; all its sessions have ended.")
    if not Account.has_admin():
        click.echo("No administrator is left: the next start of the server prints a link that makes one.", err=True)


@users.command()
@click.argument("email")
def activate(email: str) -> None:
    """Let a deactivated account sign in again."""
    _require_tables()
    begin_write(lock="account links")
    account = _found(email)
    account.activate()
    db.session.commit()
    click.echo(f"Activated {account.email}.")


@security_log.command()
def verify() -> None:
    """Look whether a line of the log of security was changed, added or taken out. Exit code 1 if so."""
    _require_tables()
    count, bad = SecurityEvent.broken()
    if bad:
        raise click.ClickException(f"Of {count} lines these do not follow: {', '.join(map(str, bad[:20]))}.")
    newest = db.session.scalar(SecurityEvent.newest().limit(1))
    click.echo(
        f"{count} lines follow each other." + (f" The newest is {newest.id}, {newest.digest}." if newest else "")
    )


def _tell_of_reset(account: Account) -> None:
    """By mail; who sends mails stands above accounts."""
    with current_app.test_request_context(base_url=current_app.config["BLOG_SITE_URL"]):  # for the addresses in it
        current_app.extensions["account_notice"](
            account, "The second factors of your account were reset by an administrator."
        )


def _require_tables() -> None:
    if not sqlalchemy.inspect(db.engine).has_table(Account.__tablename__):
        raise click.ClickException("The database is not set up yet. First: flask init")


def _checked(email: str) -> str:
    try:
        return normalised_email(email)
    except ValueError as error:
        raise click.ClickException(f"{email} is not an e-mail address: {error}") from error


def _found(email: str) -> Account:
    account: Account | None = db.session.scalar(Account.with_email(email))
    if account is None:
        raise click.ClickException(f"There is no account {email}.")
    return account


def _password_from_stdin(email: str) -> str:
    """The hash of the line on standard input."""
    password = sys.stdin.readline().rstrip("\r\n")
    problem = passwords.complaint(password, email)
    if problem:
        raise click.ClickException(problem)
    try:
        return passwords.hash_password(password)
    except passwords.Busy as error:
        raise click.ClickException("Many passwords are being hashed just now; try again in a moment.") from error


def _invitation(token: str) -> str:
    return f"To choose a password, once, within {LINK_LIFETIME_HOURS} hours: {_address(token)}"


def _address(token: str) -> str:
    path = current_app.url_map.bind("").build("account_links.show", {"token": token})
    return f"{current_app.config['BLOG_SITE_URL']}{path}"
