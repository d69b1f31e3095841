"""Opening hours in OpenStreetMap's syntax."""

from __future__ import annotations

import csv
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouche.core.judging.checks.opening_hours import opening_hours_fault
from tests.realdata import real_data

VALID = """
24/7
24/7 "accueil automatique"
Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00
Mo-Fr 09:00-12:00, Sa 09:00-12:00
Mo,We,Fr 08:30-12:30
Mo-Fr 9:00-12:00
Mo - Fr 08:00 - 12:00
week 1-53/2 Tu 09:00-12:00
week 01-53/2: Tu 09:00-12:00
week 2,4,10-20 Mo
PH off
PH,SH off
PH +1 day off
Mo-Su,PH 09:00-18:00; Dec 25 off
SH Mo-Fr 10:00-12:00
Jan-Mar,Sep: Mo 10:00-12:00
Jan 01-Mar 15,Dec 20+ Mo 10:00-12:00
Dec 24-26 off
Dec 24,31 09:00-12:00
2024 Dec 25-2025 Jan 03 off
2024-2026/2 Mo 10:00-12:00
2024+ Mo 10:00-12:00
easter -2 days off
easter-easter +1 day off
Mo[1] 14:00-16:00
Mo[-1],Tu[1,3] 14:00-16:00
Mo[1-2] +1 day 14:00-16:00
Mar Su[-1]-Oct Su[-1] Mo 10:00-12:00
Jan Su[1] 10:00-12:00
Feb 29 off
Mo-Fr 10:00-12:00 || "sur rendez-vous"
"sur rendez-vous"
"été": Mo 10:00-12:00
Mo-Fr sunrise-sunset
Mo (sunrise+01:00)-(sunset-00:30)
Mo 22:00-02:00
Mo 00:00-24:00
10:00+
Mo 10:00-16:00+
Mo 10:00-16:00/90
Mo 10:00-16:00/01:30
off
Mo-Fr off "congés"
Mo unknown "selon les semaines"
"""
INVALID = [
    ("Mo-Fr 08:00-25:00", "time", "25:00"),
    ("Mo 25:00-26:00", "time", "25:00"),
    ("Mo 08:60-12:00", "time", "08:60"),
    ("Mo 24:00-02:00", "time", "24:00"),
    ("Mo 22:00-24:30", "time", "24:30"),
    ("lundi 09:00-12:00", "word", "lundi"),
    ("Du lundi au vendredi", "word", "Du"),
    ("mo 09:00-12:00", "word", "mo"),
    ("Mo-Xx 10:00-12:00", "word", "Xx"),
    ("Mo 10:00-12:00 demain", "word", "demain"),
    ("Mo 9h-12h", "unexpected", "9h-12h"),
    ("Mo-Fr 09:00–12:00", "unexpected", "–12:00"),
    ("Mo-Fr: 09:00-12:00", "unexpected", ":"),
    ("Mo 10:00-12:00 14:00-15:00", "unexpected", "14:00"),
    ("Mo[1 10:00-12:00", "unexpected", "10:00"),
    ("Mo ١٠:00-12:00", "unexpected", "١٠:00-12:00"),
    ("Mo-", "incomplete", "-"),
    ("Mo 10:00-", "incomplete", "-"),
    ("week", "incomplete", "week"),
    ("Mo-Fr 09:00", "no_end", "09:00"),
    ("Mo-Fr 09:00-12:00;", "empty_rule", ""),
    (";Mo", "empty_rule", ""),
    ("Mo;;Tu", "empty_rule", ""),
    (" ", "empty_rule", ""),
    ("week 54 Mo 10:00-12:00", "week", "54"),
    ("week 0 Mo 10:00-12:00", "week", "0"),
    ("week 20-10 Mo", "week", "20-10"),
    ("Feb 30 off", "day_of_month", "Feb 30"),
    ("Dec 24-32 off", "day_of_month", "Dec 32"),
    ("Mo[6] 10:00-12:00", "nth", "6"),
    ("2026-2024 Mo 10:00-12:00", "years", "2026-2024"),
    ('Mo "fermé', "comment", '"fermé'),
    ('""', None, None),
]


@pytest.mark.parametrize("text", VALID.strip().splitlines())
def test_the_grammar_is_read(text: str) -> None:
    assert opening_hours_fault(text) is None


@pytest.mark.parametrize(("text", "reason", "at"), INVALID)
def test_a_slip_is_told_with_the_words_at_fault(text: str, reason: str, at: str) -> None:
    finding = opening_hours_fault(text)
    if reason is None:
        assert finding is None
    else:
        assert finding is not None
        assert (finding.reason, finding.values["text"]) == (reason, at)


WORDS = [
    *("Mo", "Tu", "PH", "week", "Dec", "25", "2024", "09:00", "12:00", "-", ",", ";", "||", ":"),
    *("+", "/", "[", "]", "(", ")", "off", "easter", "day"),
]


@given(st.lists(st.sampled_from(WORDS)).map(" ".join))
def test_any_jumble_gets_an_answer(text: str) -> None:
    opening_hours_fault(text)


def test_a_long_text_is_answered_at_once() -> None:
    started = time.perf_counter()
    for text in ("Mo 10:00-12:00;" * 4_000, "x" * 60_000, "[" * 60_000, '"' * 60_001, "1" * 60_000):
        opening_hours_fault(text)
    assert time.perf_counter() - started < 2


@pytest.mark.real_data
def test_published_examples_are_read() -> None:
    path = real_data("standard-mediation-num/exemple-valide.csv")
    with path.open(encoding="utf-8", newline="") as file:
        hours = [row["horaires"] for row in csv.DictReader(file)]
    assert [one for one in hours if one and opening_hours_fault(one)] == []
