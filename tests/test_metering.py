"""What a process counts."""

from __future__ import annotations

import os
import threading

from blog.metering import STEPS, Meter, Numbers, Times


def test_counts_what_many_threads_tell():
    """Nothing is lost when several count at once."""
    meter = Meter()
    threads = [
        threading.Thread(target=lambda: [meter.count("seen", kind="one") for _ in range(2000)]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 16_000 == meter.read().counts["seen", (("kind", "one"),)]


def test_sorts_times_by_their_length():
    """A time counts under the first step that it does not exceed; the longest have a place of their own."""
    meter = Meter()
    for seconds in (0.004, STEPS[1], 11):
        meter.observe("waited", seconds)
    times = meter.read().times["waited", ()]

    assert [1, 1, *[0] * (len(STEPS) - 2), 1] == times.counts
    assert 11.014 == round(times.seconds, 6)


def test_a_forked_process_begins_with_nothing():
    """What its parent has counted is the parent's."""
    meter = Meter()
    meter.count("seen")
    pid = os.fork()
    if pid == 0:
        os._exit(len(meter.read().counts))

    assert 0 == os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_numbers_add_up():
    """Those of several processes, place by place."""
    one = Numbers({("seen", ()): 1}, {("waited", ()): Times(1.0, [1] * 12)}, {("open", ()): 2})
    one.add(Numbers({("seen", ()): 2}, {("waited", ()): Times(0.5, [2] * 12)}, {("open", ()): 3}))

    assert (3, 1.5, [3] * 12, 5) == (
        one.counts["seen", ()],
        one.times["waited", ()].seconds,
        one.times["waited", ()].counts,
        one.levels["open", ()],
    )
