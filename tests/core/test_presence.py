"""How long a stop is there, from its calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouche.core.presence import FULL_WEEK, JOURS, day_named, presence, weekly_hours
from retouche.core.weeks import ordinary_week

HOURS = "Tu 09:00-12:30,13:30-15:30; PH off"


@pytest.mark.parametrize(
    ("text", "week"),
    [
        (HOURS, (0, 5.5, 0, 0, 0, 0, 0)),
        ("Mo-Fr 09:00-12:00,14:00-17:00; PH off", (6, 6, 6, 6, 6, 0, 0)),
        ("Mo,We 09:00-12:00; Fr 10:00-12:00", (3, 0, 3, 0, 2, 0, 0)),
        ("Mo-Fr 09:00-12:00; We off", (3, 3, 0, 3, 3, 0, 0)),
        ("Mo-Fr 09:00-12:00, Mo 14:00-16:00", (5, 3, 3, 3, 3, 0, 0)),
        ('Sa-Mo 22:00-02:00 "after the play"', (4, 0, 0, 0, 0, 4, 4)),
        ("24/7", (24,) * 7),
        ("09:00 - 12:00 / 13:30 - 17:00", (6.5,) * 7),
        ("Mo,PH 10:00-12:00", (2, 0, 0, 0, 0, 0, 0)),
        ("PH 10:00-12:00", (0,) * 7),
        ("Mo", (24, 0, 0, 0, 0, 0, 0)),
    ],
)
def test_the_hours_of_an_ordinary_week(text: str, week: tuple[float, ...]) -> None:
    assert ordinary_week(text) == week


@pytest.mark.parametrize(
    "text",
    ["", "le mardi matin", "Apr-Sep Mo 09:00-12:00", "We[1] 09:00-12:00", "Mo 25:00-26:00",
     "Mo 09:75-10:00", "Mo 09:00", "week 1-53/2 Mo 09:00-12:00", "Mo 09:00-12:00;"],
)  # fmt: skip
def test_hours_that_tell_no_ordinary_week(text: str) -> None:
    assert ordinary_week(text) is None


@pytest.mark.parametrize(
    ("stop", "hours"),
    [
        ({"jour": "mardi", "semaine": "toutes", "horaires": HOURS}, 5.5),
        ({"jour": "mardi", "horaires": HOURS}, 5.5),
        ({"jour": "mardi", "semaine": "paire", "horaires": HOURS}, 2.75),
        ({"jour": "mardi", "semaine": "impaire", "horaires": HOURS}, 2.75),
        # A day that its hours do not name, and a day without hours.
        ({"jour": "jeudi", "horaires": HOURS}, 0),
        ({"jour": "jeudi"}, 7),
        ({"jour": "jeudi", "horaires": "Apr-Sep Th 09:00-12:00"}, 7),
        # Two dates over two weeks of validity, and over a year.
        (
            {
                "dates": "2026-09-08;2026-09-15",
                "horaires": HOURS,
                "du": "2026-09-07",
                "au": "2026-09-20",
            },
            5.5,
        ),
        ({"dates": "2026-09-08;2026-09-15", "horaires": HOURS}, 2 * 5.5 * 7 / 365),
        ({"dates": "2026-09-08", "horaires": HOURS, "du": "2026-09-07"}, 5.5 * 7 / 365),
        # A calendar of a day lasts a week: a date does not count for more than itself.
        (
            {"dates": "2026-09-08", "horaires": HOURS, "du": "2026-09-08", "au": "2026-09-08"},
            5.5,
        ),
        # A date outside of the calendar; one on which the stop comes back anyway; one more.
        (
            {"dates": "2026-09-22", "horaires": HOURS, "du": "2026-09-07", "au": "2026-09-20"},
            0,
        ),
        (
            {
                "jour": "mardi",
                "dates": "2026-09-08",
                "horaires": HOURS,
                "du": "2026-09-07",
                "au": "2026-09-13",
            },
            5.5,
        ),
        (
            {
                "jour": "mardi",
                "semaine": "paire",
                "dates": "2026-09-08",
                "horaires": HOURS,
                "du": "2026-09-07",
                "au": "2026-09-13",
            },
            2.75 + 5.5,
        ),
        # Neither a day nor dates: all that its hours name.
        ({"horaires": "Mo-Fr 09:00-16:00"}, 35),
        ({}, 0),
        ({"jour": None, "semaine": None, "dates": None, "horaires": None}, 0),
        ({"jour": "mardy", "dates": "demain"}, 0),
    ],
)
def test_weekly_hours(stop: dict[str, str | None], hours: float) -> None:
    assert weekly_hours(stop) == pytest.approx(hours)
    assert presence(stop) == pytest.approx(hours / FULL_WEEK)


def test_on_a_day_of_the_week() -> None:
    stop = {"jour": "mardi", "semaine": "paire", "horaires": HOURS}

    assert weekly_hours(stop, on=day_named("mardi")) == 2.75
    assert weekly_hours(stop, on=day_named("lundi")) == 0
    assert weekly_hours({"horaires": "Mo-We 09:00-12:00"}, on=2) == 3


def test_on_a_date() -> None:
    stop = {"jour": "mardi", "semaine": "paire", "horaires": HOURS, "du": "2026-09-01"}

    # 15 September 2026 is a Tuesday of week 38, the 8th one of week 37.
    assert weekly_hours(stop, on=day_named("2026-09-15")) == 5.5
    assert weekly_hours(stop, on=day_named("2026-09-08")) == 0
    assert weekly_hours(stop, on=day_named("2026-09-16")) == 0
    assert weekly_hours(stop | {"dates": "2026-09-08"}, on=date(2026, 9, 8)) == 5.5
    assert weekly_hours(stop, on=date(2026, 8, 18)) == 0, "before its calendar"
    assert weekly_hours({"horaires": HOURS}, on=date(2026, 9, 8)) == 5.5


def test_at_a_day_outside_of_the_calendar_it_is_not_there() -> None:
    stop = {"jour": "mardi", "horaires": HOURS, "du": "2026-09-01", "au": "2027-08-31"}

    assert weekly_hours(stop, at=date(2026, 9, 1)) == 5.5
    assert weekly_hours(stop, at=date(2027, 8, 31)) == 5.5
    assert weekly_hours(stop, at=date(2026, 8, 31)) == 0
    assert weekly_hours(stop, at=date(2027, 9, 1)) == 0


@pytest.mark.parametrize("text", ["", "mardy", "2026-13-01", "7"])
def test_a_text_that_names_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        day_named(text)


DATES = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(
    jour=st.sampled_from([*JOURS, None]),
    semaine=st.sampled_from(["toutes", "paire", "impaire", None]),
    dates=st.lists(DATES, max_size=8),
    first=DATES,
    weeks=st.integers(1, 60),
)
def test_the_days_of_a_week_add_up(
    jour: str | None, semaine: str | None, dates: list[date], first: date, weeks: int
) -> None:
    stop = {
        "jour": jour,
        "semaine": semaine,
        "dates": ";".join(map(str, dates)) or None,
        "horaires": "Mo-Fr 09:00-12:00,13:30-17:00; Sa 09:00-12:00",
        "du": str(first),
        "au": str(first + timedelta(weeks=weeks, days=-1)),
    }

    assert sum(weekly_hours(stop, on=day) for day in range(7)) == pytest.approx(weekly_hours(stop))


@given(
    jour=st.sampled_from([*JOURS, None]),
    dates=st.lists(DATES, min_size=1, max_size=8),
    first=DATES,
    weeks=st.integers(1, 60),
)
def test_weekly_hours_are_the_hours_of_all_days_by_the_weeks(
    jour: str | None, dates: list[date], first: date, weeks: int
) -> None:
    """The mean over whole weeks of what the stop does each day, counted one by one."""
    stop = {
        "jour": jour,
        "dates": ";".join(map(str, dates)),
        "horaires": "Mo-Fr 09:00-12:00; Sa,Su 10:00-11:00",
        "du": str(first),
        "au": str(first + timedelta(weeks=weeks, days=-1)),
    }
    days = [first + timedelta(days=number) for number in range(7 * weeks)]

    assert weekly_hours(stop) == pytest.approx(
        sum(weekly_hours(stop, on=day) for day in days) / weeks
    )
