"""CPU time of triage. Run from the root: python -m benchmarks.triage"""

from __future__ import annotations

import time

from blog.triage import Context, KnownText, signature, triage
from tests.triage.floods import FLOODS, ORDINARY

ROUNDS = 5  # the best one counts


def cpu_ms(text: str, context: Context) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        triage(text, "Some Name", context)
        best = min(best, time.process_time() - started)
    return best * 1000


def main() -> None:
    known = signature(ORDINARY)
    context = Context(staff_names=["Ann Lee"], seen=[KnownText(known, spam=1)] if known else [])
    triage(ORDINARY, "", context)  # the first one compiles patterns and loads numbering plans
    print(f"{cpu_ms(ORDINARY, context):8.1f} ms  ordinary comment, {len(ORDINARY)} characters")
    timed = sorted(((cpu_ms(text, context), name) for name, text in FLOODS.items()), reverse=True)
    for milliseconds, name in timed:
        print(f"{milliseconds:8.1f} ms  {name}")


if __name__ == "__main__":
    main()
