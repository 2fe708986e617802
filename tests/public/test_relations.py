"""Why an article is related: in words, with the names of today, below its title."""

from __future__ import annotations

import re

import pytest


@pytest.mark.parametrize(
    ("shared", "says"),
    [
        ({"muscles": ["psoas"]}, "Also about psoas"),
        ({"conditions": ["sciatica"]}, "Also mentions sciatica"),
        ({"pain_areas": ["low-back"]}, "Also about pain here: low back"),
        ({"tags": ["desk-work"]}, "Also on desk work"),
    ],
)
def test_the_page_says_what_both_share(make, client, shared, says):
    make.post("one", **shared)
    make.post("two", **shared)
    page = client.get("/posts/one").get_data(as_text=True)

    assert [says] == re.findall(r'<p class="post-card__why">([^<]*)</p>', page)
