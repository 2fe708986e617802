"""The four pages as a new site has them, until the owner writes their own at the desk."""

from __future__ import annotations

from dataclasses import dataclass

from blog.pages.models import PageSlug


@dataclass(frozen=True)
class Text:
    """A page's title, the short line shown beside forms and self-help, and its Markdown."""

    title: str
    short: str
    body: str


PAGES = {
    PageSlug.ABOUT: Text(
        "About this site",
        "",
        """
This site explains muscles, trigger points and gentle self-help in plain words. A trigger point is a sore spot in a
muscle that some therapists link with pain nearby or further away. Researchers do not agree on what trigger points
are, and each article says how sure its statements are.

## How articles are made

Every article names its authors and its sources. Warning signs stand before self-help. When a named clinician has
reviewed an article, the page says who and when; where it says nothing, no clinician has reviewed it.

## How comments work

Every comment is read by a moderator before it appears. The [comment policy](/comment-policy) says what we publish.
""",
    ),
    PageSlug.DISCLAIMER: Text(
        "Disclaimer",
        "This is general information, not medical advice. Stop if anything hurts, and ask a doctor or physiotherapist "
        "when you are unsure.",
        """
The articles on this site are general information for learning. They are not medical advice, and they cannot take the
place of an examination by a doctor, a physiotherapist or another qualified person who can see you.

Do not put off asking for help because of something you read here. If you have one of the warning signs listed on a
page, follow the advice in its box first. If you think it is an emergency, call your local emergency number.

Stretches and exercises are described in general. They do not suit everybody. You try them at your own risk: go
slowly, stay below pain, and stop when something feels wrong.

Maps of trigger points and pain come mainly from what experienced therapists have seen. They differ from person to
person, and having pain in a marked area does not mean that a certain muscle is the reason.
""",
    ),
    PageSlug.COMMENT_POLICY: Text(
        "Comment policy",
        "Comments must be approved before they appear.",
        """
A moderator reads every comment before anybody else can see it. Comments are not for emergencies, and nobody watches
them around the clock.

## What we publish

- Questions and experiences about the article, also critical ones.
- Corrections, best with a source.
- Remarks from people who work in the field.

## What we do not publish

- Requests for a diagnosis or for advice about one person's health.
- Names, phone numbers, addresses and other details about you or somebody else.
- Attacks on people.
- Advertising and links that sell.
- Anything that could harm a reader who follows it.

## Your comment stays yours

After sending you get a private link. It shows what became of your comment, and it lets you withdraw or erase it at
any time, without an account. Keep the link: it is the only key.
""",
    ),
    PageSlug.PRIVACY: Text(
        "Privacy",
        "",
        """
We want to know as little about you as we can. You can read everything here without an account or a cookie, and comment
under any name.

Please do not write anything in a comment that you would not want a stranger to read. If personal details slip in, we
ask you about them before the comment is stored, and a moderator can remove them.
""",
    ),
}
