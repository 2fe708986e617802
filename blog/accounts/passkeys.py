"""What is said to browsers about passkeys, and what they answer, checked. Platform and roaming authenticators alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import current_app, session
from flask_security import WebauthnUtil

from blog.accounts.factors import PASSKEY_NAME_MAX_CHARS, Passkey
from blog.accounts.models import Account
from blog.clock import now
from blog.database import db
from blog.keys import keyed_hash
from blog.libraries import later

if TYPE_CHECKING:
    import webauthn
    from webauthn import helpers
    from webauthn.helpers import exceptions, structs
else:
    webauthn, helpers = later("webauthn"), later("webauthn.helpers")
    exceptions, structs = later("webauthn.helpers.exceptions"), later("webauthn.helpers.structs")

MINUTES = 10  # for which a question to an authenticator may be answered
CREDENTIAL_MAX_CHARS = 20_000
CHALLENGE = "passkey"  # in the cookie: what was asked, what for, when


class NotTaken(Exception):
    """The answer is none to what was asked, or not by a passkey that is known here."""


class Passkeys(WebauthnUtil):
    """Flask-Security's class, without its wish that the key must be one that is carried about.

    With that wish, the fingerprint reader of a telephone or a laptop never answers. The domain comes from the
    settings, never from what a client sent.
    """

    def origin(self) -> str:
        return str(current_app.config["BLOG_SITE_URL"])

    def authenticator_selection(self, user: Account, usage: str) -> structs.AuthenticatorSelectionCriteria:
        return structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED,  # a plain security key serves as a second step
            user_verification=self.user_verification(user, [usage]),
        )

    def user_verification(self, user: Account | None, usage: list[str]) -> structs.UserVerificationRequirement:
        """A passkey that stands alone must ask its owner for a finger or a PIN: only then it is two factors."""
        wish = structs.UserVerificationRequirement
        return wish.REQUIRED if "first" in usage else wish.PREFERRED


def domain() -> str:
    """The domain for which passkeys are made and asked."""
    return urlsplit(current_app.config["BLOG_SITE_URL"]).hostname or ""


def registration_options(account: Account, site_name: str) -> str:
    """What the browser needs to make a passkey, as JSON; the question is kept in the session."""
    known = db.session.scalars(Passkey.of(account)).all()
    wishes = _util().registration_options(account, "secondary", {})
    options = webauthn.generate_registration_options(
        rp_id=domain(),
        rp_name=site_name,
        user_id=_handle(account),
        user_name=account.email,
        user_display_name=account.name,
        challenge=_ask("register"),
        exclude_credentials=[_descriptor(passkey) for passkey in known],
        **wishes,
    )
    return helpers.options_to_json(options)


def register(account: Account, answer: str, name: str) -> Passkey:
    """A passkey from what the browser answered. Raises NotTaken."""
    challenge = _asked("register")
    credential = _parsed(answer)
    try:
        found = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=domain(),
            expected_origin=_util().origin(),
        )
    except (exceptions.WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise NotTaken from error
    credential_id = helpers.bytes_to_base64url(found.credential_id)
    if db.session.scalar(Passkey.with_credential(credential_id)):
        raise NotTaken
    transports = credential["response"].get("transports") or []
    passkey = Passkey(
        account_id=account.id,
        name=name.strip()[:PASSKEY_NAME_MAX_CHARS] or "Passkey",
        domain=domain(),
        credential_id=credential_id,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        transports=[name for name in transports if name in set(structs.AuthenticatorTransport)][:10],
        created_at=now(),
    )
    db.session.add(passkey)
    return passkey


def sign_in_options(account: Account | None) -> str:
    """What the browser needs to show a passkey: of this account, or (None) of whomever the browser knows."""
    known = db.session.scalars(Passkey.of(account)).all() if account else []
    usage = ["secondary"] if account else ["first"]
    options = webauthn.generate_authentication_options(
        rp_id=domain(),
        challenge=_ask(usage[0]),
        allow_credentials=[_descriptor(passkey) for passkey in known if passkey.domain == domain()],
        **_util().authentication_options(account, usage, {}),
    )
    return helpers.options_to_json(options)


def shown(answer: str, account: Account | None) -> Passkey:
    """The passkey with which the browser answered, marked as used. Raises NotTaken. Needs the write lock.

    Where `account` is None, it must have checked its owner by a finger, a face or a PIN.
    """
    challenge = _asked("secondary" if account else "first")
    credential = _parsed(answer)
    passkey = db.session.scalar(Passkey.with_credential(str(credential.get("id", ""))))
    if passkey is None or passkey.domain != domain() or (account is not None and passkey.account_id != account.id):
        raise NotTaken
    try:
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=domain(),
            expected_origin=_util().origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=account is None,
        )
    except (exceptions.WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise NotTaken from error
    passkey.sign_count, passkey.used_at = found.new_sign_count, now()
    return passkey


def _util() -> Passkeys:
    util: Passkeys = current_app.extensions["passkeys"]
    return util


def _ask(purpose: str) -> bytes:
    challenge: str = _util().generate_challenge()
    session[CHALLENGE] = [challenge, purpose, int(now().timestamp())]
    return challenge.encode()


def _asked(purpose: str) -> bytes:
    """The question that is to be answered, once. Raises NotTaken."""
    challenge, asked_for, at = session.pop(CHALLENGE, ("", "", 0))
    if asked_for != purpose or now().timestamp() - at > MINUTES * 60:
        raise NotTaken
    return bytes(str(challenge), "ascii")


def _parsed(answer: str) -> dict[str, Any]:
    try:
        credential = json.loads(answer[:CREDENTIAL_MAX_CHARS])
    except ValueError as error:
        raise NotTaken from error
    if not isinstance(credential, dict) or not isinstance(credential.get("response"), dict):
        raise NotTaken
    return credential


def _handle(account: Account) -> bytes:
    """What authenticators know the account by: no address, no number."""
    return keyed_hash("passkey owner", account.id).encode()


def _descriptor(passkey: Passkey) -> structs.PublicKeyCredentialDescriptor:
    return structs.PublicKeyCredentialDescriptor(
        id=helpers.base64url_to_bytes(passkey.credential_id),
        transports=[structs.AuthenticatorTransport(name) for name in passkey.transports],
    )
