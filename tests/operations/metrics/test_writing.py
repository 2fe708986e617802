"""Numbers as Prometheus reads them."""

from __future__ import annotations

import ast
import re

from blog.config import ROOT
from blog.metering import STEPS, Numbers, Times
from blog.operations.metrics import writing


def test_a_count_has_its_meaning_its_kind_and_its_labels():
    """In the order that the format asks for; what could end a label is escaped."""
    said = writing.text(Numbers({("jobs", (("job", 'a"b\\c\nd'), ("outcome", "done"))): 2})).splitlines()
    at = said.index("# TYPE blog_jobs_total counter")

    assert said[at - 1].startswith("# HELP blog_jobs_total ")
    assert r'blog_jobs_total{job="a\"b\\c\nd",outcome="done"} 2' == said[at + 1]


def test_times_add_up_from_step_to_step():
    """Each step holds all below it, the last one all there are."""
    counts = [1, 2, *[0] * (len(STEPS) - 2), 3]
    said = writing.text(Numbers(times={("job_seconds", (("job", "a"),)): Times(1.5, counts)}))

    assert 'blog_job_seconds_bucket{job="a",le="0.005"} 1\n' in said
    assert 'blog_job_seconds_bucket{job="a",le="10"} 3\n' in said
    assert 'blog_job_seconds_bucket{job="a",le="+Inf"} 6\n' in said
    assert 'blog_job_seconds_sum{job="a"} 1.500000\nblog_job_seconds_count{job="a"} 6\n' in said


def test_whatever_is_counted_has_a_meaning():
    """Each name that the code counts, times or watches is one that is told, and the other way round."""
    used = set()
    for path in (ROOT / "blog").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                first = node.args[0]
                is_ours = getattr(node.func.value, "id", "") == "meter" and node.func.attr != "watch"
                if is_ours and isinstance(first, ast.Constant):
                    used.add(first.value)

    assert {*writing.COUNTS, *writing.TIMES} == used


def test_the_board_asks_for_what_is_told():
    """Each metric in deploy/grafana.json is one of ours."""
    board = (ROOT / "deploy" / "grafana.json").read_text()
    told = {f"blog_{name}{end}" for name in writing.COUNTS for end in ("_total",)}
    told |= {f"blog_{name}_{end}" for name in writing.TIMES for end in ("bucket", "sum", "count")}
    told |= {f"blog_{name}" for name in writing.LEVELS}
    asked = set(re.findall(r"\bblog_\w+", board))

    assert asked
    assert set() == asked - told
