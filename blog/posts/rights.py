"""Who may do what with an article: authors write their own, editors all, reviewers read all and say what they think."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, or_, select, true

from blog.accounts.models import Account, Person, RoleName
from blog.database import db
from blog.posts.models import Post, PostPerson

WRITERS = (RoleName.AUTHOR, RoleName.EDITOR)
READERS = (*WRITERS, RoleName.REVIEWER)
SEE_ALL = (RoleName.EDITOR, RoleName.REVIEWER)


def own(account: Account) -> ColumnElement[bool]:
    """Articles that `account` began, or that stand under a name of theirs."""
    named = (
        select(PostPerson.post_id)
        .join(Person, Person.id == PostPerson.person_id)
        .where(PostPerson.post_id == Post.id, Person.account_id == account.id)
        .exists()
    )
    return or_(Post.account_id == account.id, named)


def has_any(account: Account) -> bool:
    """Whether there is an article of `account`'s own. Looks at no article of others."""
    named = PostPerson.person_id.in_(select(Person.id).where(Person.account_id == account.id))
    begun = select(Post.id).where(Post.account_id == account.id)
    return bool(db.session.scalar(select(or_(begun.exists(), select(PostPerson.post_id).where(named).exists()))))


def within_reach(account: Account) -> ColumnElement[bool]:
    """Articles that `account` may open: all of them, or an author's own."""
    return true() if account.has_any_role(*SEE_ALL) else own(account)


def opened(account: Account, post_id: int) -> Select[Post]:
    """The article with this number, if `account` may open it."""
    return select(Post).where(Post.id == post_id, within_reach(account))


def may_write(account: Account, post: Post) -> bool:
    """Whether `account` may save versions of it: an editor of any, an author of their own."""
    if account.has_any_role(RoleName.EDITOR):
        return True
    mine = select(Post.id).where(Post.id == post.id, own(account))
    return account.has_any_role(RoleName.AUTHOR) and db.session.scalar(mine) is not None
