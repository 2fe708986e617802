"""How long and how much a client may send and take."""

from __future__ import annotations

import resource
from dataclasses import dataclass

from blog.sessions import MOST_UPLOADED

SPARE_FILES = 256  # for databases, logs and the rest of a process
MOST_CONNECTIONS = 8192  # of a web process; an idle one takes about 10 kB


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds."""

    header_bytes: int = 64 * 1024
    header_seconds: float = 15  # from the first byte of a header to its last; and without any byte of one
    body_bytes: int = 256 * 1024
    body_seconds: float = 30  # for a whole body
    upload_bytes: int = MOST_UPLOADED  # a body with files, from somebody who is signed in
    upload_seconds: float = 600
    uploads_bytes: int = 3 * MOST_UPLOADED  # all of them at one time, in this process
    stall_seconds: float = 10  # without any byte of a body, or without the client taking any of an answer
    answer_seconds: float = 120  # for a client to take a whole answer
    linger_seconds: float = 2  # for a client to read why it was refused, while it may still be sending
    finish_seconds: float = 1  # for clients to send or take the rest when the site stops
    leave_seconds: float = 0  # in which a site that stops still takes requests
    connections: int = MOST_CONNECTIONS


def places_for_connections() -> int:
    """How many connections a process can hold; lets it open as many files as the system allows for that."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else max(64, min(MOST_CONNECTIONS, soft - SPARE_FILES))
