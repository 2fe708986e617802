"""Proof of work: a browser that computed for a second. It costs a person nothing, and whoever floods the site its time.

It is asked for on suspicion only, weighs a little in triage, and nobody needs one: without JavaScript a comment is
taken as it is. A question is signed, for one article, for some hours, and its answer counts once; nothing is stored
when it is asked. The questions and answers are those of ALTCHA's library; the browser's part is static/js/proof.js.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from altcha import Payload, create_challenge, verify_solution
from sqlalchemy import Select, String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from blog.clock import now
from blog.database import Base, db
from blog.errors import Refused
from blog.keys import keyed_hash, look_up_hash

HOURS = 3  # in which an answer counts: longer than most people write
ALGORITHM = "PBKDF2/SHA-256"  # as browsers bring it along
COST = 5_000  # rounds of one try: 2 ms here, and to check an answer takes one
COST_WHERE_WANTED = 20_000  # in a flood, and of senders of spam
PREFIX = "00"  # with which what one try in 256 finds begins
ANSWER_MAX_CHARS = 2_000


class SpentProof(Base):
    """An answer that has counted, until it would not count any more anyway."""

    __tablename__ = "spent_proofs"

    hash: Mapped[str] = mapped_column(String(43), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def before(cls, moment: datetime) -> Select[Self]:
        """Those that do not count any more."""
        return select(cls).where(cls.expires_at < moment)


@dataclass(frozen=True)
class Proof:
    """An answer that is right, in time, for this article, and has not counted yet."""

    hash: str
    expires_at: datetime

    @classmethod
    def read(cls, text: str, post_id: int) -> Self | None:
        """The proof in what a browser sent, or None when it proves nothing. `text` may hold anything."""
        try:
            payload = Payload.from_base64(text[:ANSWER_MAX_CHARS])
            said = payload.challenge.parameters.data or {}
            expires_at = datetime.fromtimestamp(int(said["until"]), UTC)
            is_for_post = said["post"] == post_id
            proof = cls(look_up_hash(f"{payload.challenge.signature}"), expires_at)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError, RecursionError):
            return None
        if not is_for_post or expires_at <= now() or db.session.get(SpentProof, proof.hash) is not None:
            return None
        return proof if verify_solution(payload, _key()).verified else None  # last: only this takes a while

    def spend(self) -> None:
        """Let it count, this once. Raises Refused when it has counted meanwhile."""
        try:
            with db.session.begin_nested():
                db.session.add(SpentProof(hash=self.hash, expires_at=self.expires_at))
        except IntegrityError:
            raise Refused("Another comment was sent with this one. Please send it again.") from None


def question(post_id: int, is_wanted: bool) -> dict[str, Any]:
    """A new question for somebody who writes a comment on this article, as JSON."""
    until = int((now() + timedelta(hours=HOURS)).timestamp())
    cost = COST_WHERE_WANTED if is_wanted else COST
    asked = create_challenge(
        ALGORITHM, cost, key_prefix=PREFIX, data={"post": post_id, "until": until}, hmac_secret=_key()
    )
    return dict(asked.to_dict())


def _key() -> str:
    return keyed_hash("proof of work")
