"""Whole numbers from outside: what is one, and what is refused."""

from __future__ import annotations

import pytest

from blog.accounts.models import RoleName
from blog.numbers import BIGGEST_ID, whole_number

TOO_BIG = str(BIGGEST_ID + 1)
ODD = ["", "-1", "+1", " 1", "1_0", "1.0", "0x1", "٢", "²", "１", TOO_BIG, "9" * 5000, "NaN", "1\x00"]


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("0012", 12), (str(BIGGEST_ID), BIGGEST_ID)])
def test_digits_are_a_number(text, number):
    assert number == whole_number(text)


@pytest.mark.parametrize("text", ODD)
def test_everything_else_is_refused(text):
    with pytest.raises(ValueError, match="no whole number"):
        whole_number(text)


def test_more_than_the_most_is_refused():
    assert 5 == whole_number("5", most=5)
    with pytest.raises(ValueError, match="from 0 to 5"):
        whole_number("6", most=5)


@pytest.mark.parametrize("number", ["٢٠٢٦", "02026", TOO_BIG, "9" * 400, "-1", "2026.0"])
def test_an_address_has_one_spelling(client, make, number):
    make.post()

    assert 404 == client.get(f"/archive/{number}").status_code


@pytest.mark.parametrize("number", [TOO_BIG, "9" * 400, "٢"])
def test_no_number_in_an_address_breaks_the_desk(app, staff, number):
    """Every rule of the desk that holds a number refuses one that no row can have, as unknown or as no such verb."""
    app.config["WTF_CSRF_ENABLED"] = False
    admin = staff(RoleName.ADMIN)
    answers = {}
    for rule in app.url_map.iter_rules():
        numbers = [name for name, converter in rule._converters.items() if type(converter).__name__ == "WholeNumber"]
        if rule.rule.startswith("/desk") and numbers:
            path = rule.rule
            for name in rule.arguments:
                for spelling in (f"<int:{name}>", f"<{name}>"):
                    path = path.replace(spelling, number if name in numbers else "about")
            for method in rule.methods & {"GET", "POST"}:
                answers[method, path] = admin.open(path, method=method).status_code

    assert len(answers) > 8
    assert set(answers.values()) <= {404, 405}
