"""What was looked at lately: changes of cells, confirmations of rows, and what is oldest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouche.core.errors import Malformed, NotFound
from retouche.ports import RowTouch
from retouche.services.quality.freshness import changes_of
from retouche.services.quality.moments import beginnings, month_of, months_before
from retouche.services.quality.territories import among, levels_of, listed
from tests.datasets import Browser, Ticking, delete, insert, serve, update, write_desks
from tests.snapshots import snapshot_of
from tests.territory import write_territory


def confirm(browser: Browser, key: str) -> None:
    answer = browser.post(f"/resources/desks/rows/{key}/confirmations", {})
    assert answer.status_code == 201, answer.json


def looked(browser: Browser) -> dict[str, Any]:
    services = browser.services
    revision = services.catalogue.get(browser.dataset).at()
    due, _ = services.freshness.todo(revision, "desks")
    return {one.key[0]: one for one in due}


def move(browser: Browser, **by: float) -> None:
    clock = browser.services.clock
    assert isinstance(clock, Ticking)
    clock.now += timedelta(**by)


def test_a_change_confirms_its_cells_and_a_confirmation_the_whole_row(desks: Browser) -> None:
    services = desks.services
    desks.accept(desks.propose(update("04", agents="6")).json)
    confirm(desks, "02")
    revision = services.catalogue.get("desks").at()
    found = services.freshness.of(revision, "desks")
    since = services.freshness.since(12)
    assert found.since("agents", since) == 2
    assert found.since("name", since) == 1
    assert found.last_change("name") is None
    assert found.last_change("agents") == revision.dataset.at().dataset.forge.revisions(
        revision.commit
    ).__next__().time.replace(microsecond=0)
    move(desks, days=366)
    assert found.since("agents", services.freshness.since(12)) == 0


def test_an_accepted_row_is_new_and_the_import_is_no_confirmation(desks: Browser) -> None:
    services = desks.services
    new = insert(id="09", name="Desk of Bonnieux", city_code="84003", agents="2")
    desks.accept(desks.propose(new).json)
    revision = services.catalogue.get("desks").at()
    found = services.freshness.of(revision, "desks")
    assert [found.since(name, services.freshness.since(12)) for name in ("phone", "name")] == [1, 1]


def test_the_oldest_rows_come_first_and_a_confirmation_sends_a_row_to_the_end(
    desks: Browser,
) -> None:
    assert list(looked(desks)) == ["01", "02", "03", "04"]
    desks.accept(desks.propose(update("01", agents="5")).json)
    move(desks, days=1)
    confirm(desks, "03")
    assert list(looked(desks)) == ["02", "04", "01", "03"]
    assert [one.confirmed for one in looked(desks).values()] == [False, False, False, True]
    assert looked(desks)["02"].looked is None
    move(desks, days=1)
    desks.accept(desks.propose(delete("02"), update("03", agents="4")).json)
    assert list(looked(desks)) == ["04", "01", "03"]
    assert not looked(desks)["03"].confirmed


def test_a_row_with_a_new_key_keeps_what_was_done_to_it(tmp_path: Path) -> None:
    browser = Browser(serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")}))
    browser.accept(browser.propose(update("01", agents="5")).json)
    before = looked(browser)["01"].looked
    move(browser, days=3)
    browser.accept(browser.propose(update("01", id="99")).json)
    found = looked(browser)["99"].looked
    assert found is not None
    assert before is not None
    assert found > before
    revision = browser.services.catalogue.get("desks").at()
    freshness = browser.services.freshness.of(revision, "desks")
    position = revision.snapshot("desks").index.find(("99",))
    assert freshness.changes.cells["agents"][position] == int(before.timestamp())


# -- The law of touches -----------------------------------------------------------------------

KEYS = ("a", "b", "c")
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["update", "insert", "delete", "rename"]),
        st.sampled_from(KEYS),
        st.sampled_from(KEYS),
        st.sampled_from(["f", "g"]),
    ),
    max_size=12,
)


@given(EVENTS)
def test_touches_read_backwards_say_what_replaying_them_says(
    events: list[tuple[str, str, str, str]],
) -> None:
    rows: dict[str, dict[str, int]] = {key: {} for key in KEYS}
    told: list[RowTouch] = []
    for number, (kind, key, other, name) in enumerate(events, 1):
        time = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
        moment, touch = int(time.timestamp()), partial(RowTouch, generation=number, time=time)
        if kind == "update" and key in rows:
            rows[key] |= {"row": moment, name: moment}
            told.append(touch(key=(key,), op="update", fields=(name,)))
        elif kind == "insert" and key not in rows:
            rows[key] = {"row": moment, "inserted": moment}
            told.append(touch(key=(key,), op="insert", fields=()))
        elif kind == "delete" and key in rows:
            del rows[key]
            told.append(touch(key=(key,), op="delete", fields=()))
        elif kind == "rename" and key in rows and other not in rows:
            rows[other] = {**rows.pop(key), "row": moment, "k": moment}
            told += [
                touch(key=(each,), op="update", fields=("k",), old_key=(key,))
                for each in (key, other)
            ]
    fields = [{"name": name} for name in ("k", "f", "g")]
    snapshot = snapshot_of(fields, [[key, "1", "1"] for key in rows], primaryKey="k")
    order = sorted(told, key=lambda one: -one.generation)
    found = changes_of(snapshot, order)
    for position, key in enumerate(rows):
        assert found.rows[position] == rows[key].get("row", 0)
        assert found.inserted[position] == rows[key].get("inserted", 0)
        for name in ("f", "g", "k"):
            known = found.cells.get(name)
            assert (0 if known is None else known[position]) == rows[key].get(name, 0)


# -- Months -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "months", "expected"),
    [
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-30", 1, "2024-02-29"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-05-15", 24, "2024-05-15"),
    ],
)
def test_months_before(now: str, months: int, expected: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert months_before(moment, months).date().isoformat() == expected


def test_months_begin_at_the_first() -> None:
    found = list(beginnings(datetime(2026, 2, 28, 13, tzinfo=UTC), 3))
    assert [month_of(one) for one in found] == ["2026-02", "2026-01", "2025-12"]
    assert all((one.day, one.hour) == (1, 0) for one in found)


def test_confirmations_are_counted_by_month(desks: Browser) -> None:
    services = desks.services
    confirm(desks, "01")
    move(desks, days=40)
    confirm(desks, "01")
    confirm(desks, "02")
    found = services.freshness.confirmations(services.catalogue.get("desks"))
    assert len(found) == 12
    assert {month: count for month, count in found.items() if count} == {"2026-01": 1, "2026-02": 2}
    move(desks, days=400)
    later = services.freshness.confirmations(services.catalogue.get("desks"))
    assert sum(later.values()) == 0


# -- Territories ------------------------------------------------------------------------------


def test_rows_are_chosen_by_the_levels_that_the_package_declares(tmp_path: Path) -> None:
    services = serve(tmp_path / "home", {"land": write_territory(tmp_path / "package")})
    revision = services.catalogue.get("land").at()
    levels = levels_of(revision.package, "structures", "en")
    assert levels
    for level in levels:
        options = listed(revision, "structures", level)
        totals = []
        for code, _ in options:
            chosen = among(revision, "structures", f"{level.name}:{code}")
            assert chosen is not None
            due, total = services.freshness.todo(revision, "structures", among=chosen)
            assert len(due) == min(total, 20)
            totals.append(total)
        filled = services.quality.fields(revision, "structures")
        assert sum(totals) == next(one.filled for one in filled if one.field == level.field)
    for wrong in ("nowhere:1", "no colon", f"{levels[0].name}"):
        with pytest.raises(Malformed):
            among(revision, "structures", wrong)
    assert among(revision, "structures", "") is None
    with pytest.raises(NotFound):
        services.freshness.todo(revision, "nothing")
