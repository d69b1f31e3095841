"""The fault list is whole: no line without a test."""

from __future__ import annotations

from collections import Counter

from tests.faults.lines import LINES, marked_tests


def test_every_line_has_a_test_and_every_marked_test_a_line() -> None:
    assert [one.number for one in LINES] == list(range(1, 47))
    shown = Counter(number for test in marked_tests() for number in test.numbers)
    assert sorted(shown) == [one.number for one in LINES]
