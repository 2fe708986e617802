"""Every night, triage learns anew from this site's own decisions."""

from __future__ import annotations

import structlog

from blog.comments.knowledge import Learned
from blog.database import begin_write, db
from blog.jobs import jobs

log = structlog.get_logger("blog.comments")


@jobs.every(minutes=1440)
def learn_from_decisions() -> None:
    """Count the words of approved comments and of spam. What was erased meanwhile is forgotten by that."""
    classifier = Learned.train()
    begin_write(lock="learning")
    Learned.keep(classifier)
    db.session.commit()
    log.info("learned", spam=classifier.spam_texts, good=classifier.good_texts, in_use=classifier.is_ready)
