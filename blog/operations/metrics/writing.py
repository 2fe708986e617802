"""Numbers as Prometheus reads them (text format 0.0.4). Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate

from blog.metering import STEPS, Name, Numbers

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "blog_"

# What each number means. What is not named here is not told: a slip in a name shows at once.
COUNTS = {
    "requests": "Requests answered, by route, method, status and who answered: the application, or memory.",
    "pages_from_memory": "Public pages and files given out from memory.",
    "pages_rendered": "Public pages that had to be made.",
    "replica_asked": "Public pages that the replica was to be read for, by what came of it.",
    "refused": "Clients that the front sent away, by status or reason.",
    "database_refused": "Requests that ended because the database refused something, by cause.",
    "writes_apart": "Shared transactions that failed, so that each request wrote for itself.",
    "jobs": "Runs of jobs, by job and outcome.",
    "mails": "Mails that were tried, by outcome.",
}
TIMES = {
    "request_seconds": "Time that the application took for a request, by route.",
    "lane_wait_seconds": "Time that requests waited for a thread, by lane.",
    "replica_wait_seconds": "Time that pages waited until the replica was seen to be far enough, or not to be.",
    "write_wait_seconds": "Time until a transaction that writes could begin: connection and lock.",
    "job_seconds": "Time that a run of a job took, by job.",
}
LEVELS = {
    "processes": "Processes that take part in these numbers, by kind.",
    "connections": "Clients that are connected.",
    "lane_requests": "Requests that wait or are worked on, by lane.",
    "page_cache_bytes": "Bytes of pages in memory.",
    "page_cache_pages": "Pages in memory.",
    "database_up": "Whether the database answers.",
    "replica_up": "Whether the replica answers and follows the database.",
    "replica_behind_bytes": "Bytes of the log that the replica has not replayed yet.",
    "replica_behind_seconds": "Age of the last change that the replica has replayed, while it lacks another; else 0.",
    "comments_waiting": "Comments that wait for a decision, by state. Counted up to a bound.",
    "flags_waiting": "Comments that wait undecided, by what was found in them. Counted up to a bound.",
    "oldest_comment_seconds": "Age of the comment that has waited longest, likely spam left out; 0 where none waits.",
    "events_untold": "Things that happened of which nobody has been told yet.",
    "mails_waiting": "Notices that wait to be sent.",
    "mails_failed": "Notices that could not be delivered.",
    "mail_server_failing_seconds": "For how long the mail server has taken nothing; 0 while it does.",
    "job_done_timestamp_seconds": "When a job last went well, by job. Noted every ten minutes.",
    "job_failing_seconds": "For how long a job has failed, by job; 0 while it goes well.",
    "purges_waiting": "Keys of changed pages of which the CDN has not been told.",
    "page_changes": "Changes of pages that are still kept for other machines.",
    "backup_timestamp_seconds": "When the newest backup was made.",
    "backup_proved_timestamp_seconds": "When a backup was last restored on trial.",
}


def text(numbers: Numbers) -> str:
    """All numbers, each metric with its meaning."""
    return "".join(f"{line}\n" for line in _lines(numbers))


def _lines(numbers: Numbers) -> Iterator[str]:
    counts, times, levels = _by_metric(numbers.counts), _by_metric(numbers.times), _by_metric(numbers.levels)
    for metric, meaning in COUNTS.items():
        yield from _head(f"{metric}_total", "counter", meaning)
        for name in counts[metric]:
            yield f"{PREFIX}{metric}_total{_labels(name)} {_number(numbers.counts[name])}"
    for metric, meaning in TIMES.items():
        yield from _head(metric, "histogram", meaning)
        for name in times[metric]:
            measured = numbers.times[name]
            for end, below in zip((*map(_number, STEPS), "+Inf"), accumulate(measured.counts), strict=True):
                yield f"{PREFIX}{metric}_bucket{_labels(name, le=end)} {below}"
            yield f"{PREFIX}{metric}_sum{_labels(name)} {measured.seconds:.6f}"
            yield f"{PREFIX}{metric}_count{_labels(name)} {sum(measured.counts)}"
    for metric, meaning in LEVELS.items():
        yield from _head(metric, "gauge", meaning)
        for name in levels[metric]:
            yield f"{PREFIX}{metric}{_labels(name)} {_number(numbers.levels[name])}"


def _by_metric(names: Iterable[Name]) -> dict[str, list[Name]]:
    found = defaultdict(list)
    for name in sorted(names):
        found[name[0]].append(name)
    return found


def _head(metric: str, kind: str, meaning: str) -> Iterator[str]:
    yield f"# HELP {PREFIX}{metric} {meaning}"
    yield f"# TYPE {PREFIX}{metric} {kind}"


def _labels(name: Name, **more: str) -> str:
    told = [*name[1], *more.items()]
    return "{" + ",".join(f'{key}="{_escaped(value)}"' for key, value in told) + "}" if told else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
