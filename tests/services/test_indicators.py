"""Each type of indicator on tables small enough to compute by hand, and what is kept of them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retouche.cli.folders import Folder
from retouche.core.errors import BadDataset, NotFound
from retouche.services.datasets import DatasetRevision
from retouche.services.indicators.indicators import Indicators
from retouche.services.indicators.values import Values, written
from tests.indicators import held, package_of
from tests.territory import INDICATORS, SCHEMAS, field, tables, write_territory

DEGREE = 6371.0088 * math.pi / 180
"""Kilometres of a degree along a meridian, or along the equator."""
PLACE = [field("latitude", "number"), field("longitude", "number")]
SHOPS = {
    "fields": [field("id"), field("kind"), field("size", "number"), *PLACE],
    "primaryKey": "id",
}
TOWNS = {
    "fields": [field("code"), field("group"), field("people", "number"), *PLACE],
    "primaryKey": "code",
}
STOPS = {
    "fields": [field("id"), *PLACE, field("jour"), field("dates"), field("horaires")],
    "primaryKey": "id",
}
GROUPS = {"fields": [field("code"), field("name")], "primaryKey": "code"}
Rows = Sequence[tuple[str, ...]]
TOWN: Rows = [("t", "g", "100", "0", "0")]
"""One town of a hundred people where the equator meets the first meridian."""


def values(declared: Mapping[str, Any], **rows: Rows) -> Values:
    """The values of an indicator over shops, towns, stops and groups."""
    schemas = {"shops": SHOPS, "towns": TOWNS, "stops": STOPS, "groups": GROUPS}
    package = package_of(schemas, {"figure": {"resource": "towns", **declared}})
    return Indicators().values(held(package, rows), "figure")


def cells(found: Values) -> list[str | None]:
    return [found.cell(at) for at in range(len(found))]


COUNT: dict[str, Any] = {"type": "count_within", "of": "shops", "radius": round(DEGREE, 6)}
SUM = {**COUNT, "type": "sum_within", "field": "size"}


class TestCircles:
    def test_the_edge_is_inside(self) -> None:
        shops = [("a", "", "", "0", "1"), ("b", "", "", "0", "1.00001"), ("c", "", "", "0.5", "0")]
        assert cells(values(COUNT, towns=TOWN, shops=shops)) == ["2"]

    def test_nothing_around_counts_zero_and_no_place_is_unknown(self) -> None:
        towns = [*TOWN, ("u", "g", "50", "", ""), ("v", "g", "", "99", "0")]
        found = values(COUNT, towns=towns, shops=[("a", "", "", "", "0")])
        assert cells(found) == ["0", None, None]
        assert found.overall == 0

    def test_sums_are_of_what_is_known(self) -> None:
        shops = [("a", "", "0.1", "0", "0"), ("b", "", "0.2", "0", "0"), ("c", "", "", "0", "0")]
        found = values(SUM, towns=TOWN, shops=shops)
        assert cells(found) == ["0.3"]
        assert found.numbers[0] == 0.3

    def test_a_sum_of_nothing_but_unknown_is_unknown_and_one_of_nothing_is_zero(self) -> None:
        towns = [*TOWN, ("u", "g", "50", "5", "5")]
        assert cells(values(SUM, towns=towns, shops=[("c", "", "", "0", "0")])) == [None, "0"]

    def test_amounts_too_large_for_six_decimals_are_still_added_up(self) -> None:
        shops = [("a", "", "3e15", "0", "0"), ("b", "", "4e15", "0", "0")]
        assert values(SUM, towns=TOWN, shops=shops).numbers[0] == 7e15

    def test_a_row_does_not_count_for_itself_unless_it_says_so(self) -> None:
        shops = [("a", "", "5", "0", "0"), ("b", "", "7", "0", "0.5"), ("c", "", "9", "", "")]
        declared = {**COUNT, "resource": "shops"}
        assert cells(values(declared, shops=shops)) == ["1", "1", None]
        assert cells(values({**declared, "itself": True}, shops=shops)) == ["2", "2", None]
        declared = {**SUM, "resource": "shops"}
        assert cells(values(declared, shops=shops)) == ["7", "5", None]

    def test_sources_have_conditions_and_weights(self) -> None:
        shops = [
            ("a", "open", "2", "0", "0"),
            ("b", "shut", "4", "0", "0"),
            ("c", "open", "0.5", "0", "0"),
            ("d", "", "8", "0", "0"),
        ]

        def counted(*where: Mapping[str, Any], weight: str | None = None) -> list[str | None]:
            source: dict[str, Any] = {"resource": "shops", "where": list(where)}
            source |= {} if weight is None else {"weight": weight}
            return cells(values({**COUNT, "of": [source]}, towns=TOWN, shops=shops))

        assert counted({"field": "kind", "in": ["open"]}) == ["2"]
        assert counted({"field": "kind", "not_in": ["open"]}) == ["2"]
        assert counted({"field": "kind", "in": ["open"]}, weight="size") == ["2.5"]
        assert counted({"field": "size", "at_least": 2, "at_most": 4}) == ["2"]
        assert counted({"field": "size", "at_least": 2}, {"field": "kind", "in": ["open"]}) == ["1"]

    def test_stops_count_by_their_calendar(self) -> None:
        stops = [
            ("a", "0", "0", "lundi", "", "Mo 09:00-12:30"),
            ("b", "0", "0", "mardi", "", "Tu 10:00-17:00"),
            ("c", "0", "0", "", "2026-09-15", "09:00-12:00"),
        ]

        def counted(**source: str) -> float:
            declared = {**COUNT, "of": [{"resource": "stops", **source}]}
            return float(values(declared, towns=TOWN, stops=stops).numbers[0])

        assert counted() == 3
        # 3.5 and 7 hours of 35, and 3 hours a year.
        assert counted(weight="calendar") == pytest.approx(0.3 + 3 / (365 / 7) / 35, abs=1e-6)
        assert counted(on="lundi") == 1
        assert counted(weight="calendar", on="lundi") == 0.5
        # The 15th of September 2026 is a Tuesday.
        assert counted(on="2026-09-15") == 2

    def test_the_mean_is_by_people(self) -> None:
        towns = [("t", "g", "300", "0", "0"), ("u", "g", "100", "9", "9"), ("v", "g", "", "0", "0")]
        shops = [("a", "", "", "0", "0")]
        assert values(COUNT, towns=towns, shops=shops).overall == pytest.approx(2 / 3)
        found = values({**COUNT, "weight": "people"}, towns=towns, shops=shops)
        assert found.overall == 0.75
        assert [found.weight(at) for at in range(3)] == [300, 100, None]

    def test_the_nearest_is_known_with_how_far_it_is(self) -> None:
        declared = {
            "type": "nearest_distance",
            "of": [{"resource": "stops"}, {"resource": "shops"}],
        }
        shops = [("a", "", "", "", ""), ("b", "", "", "1", "0")]
        stops = [("p", "0", "2", "", "", "")]
        towns = [*TOWN, ("u", "g", "1", "0", "1.9"), ("v", "g", "1", "", "")]
        found = values(declared, towns=towns, shops=shops, stops=stops)
        assert found.numbers[:2] == pytest.approx([DEGREE, DEGREE / 10], abs=1e-6)
        near = [found.nearest(at) for at in range(3)]
        assert near[0] is not None
        assert near[1] is not None
        assert (near[0].resource, near[0].position) == ("shops", 1)
        assert (near[1].resource, near[1].position) == ("stops", 0)
        assert near[2] is None
        assert found.value(2) is None
        assert found.indicator.unit("en") == "km"
        limited = values({**declared, "radius": 50}, towns=towns, shops=shops, stops=stops)
        assert limited.value(0) is None
        assert limited.nearest(0) is None

    def test_without_a_source_nobody_is_near(self) -> None:
        found = values({"type": "nearest_distance", "of": "shops"}, towns=TOWN)
        assert found.value(0) is found.overall is None
        alone = values(
            {"type": "nearest_distance", "of": "shops", "resource": "shops"},
            shops=[("a", "", "", "0", "0")],
        )
        assert alone.value(0) is None


TOWN_ROWS: Rows = [
    ("t", "g", "100", "", ""),
    ("u", "g", "50", "", ""),
    ("v", "h", "", "", ""),
    ("w", "", "7", "", ""),
    ("x", "?", "3", "", ""),
]
JOIN = {"type": "join", "by": "group", "of": "groups", "field": "name"}
MANY = {"type": "join", "resource": "groups", "by": "code", "of": "towns", "on": "group"}


class TestTables:
    def test_a_join_takes_what_the_row_there_holds(self) -> None:
        found = values(JOIN, towns=TOWN_ROWS, groups=[("g", "Gé"), ("h", "")])
        assert cells(found) == ["Gé", "Gé", None, None, None]
        assert np.isnan(found.numbers).all()
        assert found.overall is None

    def test_a_join_on_several_rows_is_unknown_without_an_operation(self) -> None:
        found = values({**MANY, "field": "people"}, towns=TOWN_ROWS, groups=[("g", ""), ("?", "")])
        assert cells(found) == [None, "3"]

    @pytest.mark.parametrize(
        ("operation", "expected", "overall"),
        [
            ("sum", ["150", None, "0"], 150),
            ("count", ["2", "0", "0"], 2),
            ("mean", ["75", None, None], 75),
            ("min", ["50", None, None], 50),
            ("max", ["100", None, None], 100),
        ],
    )
    def test_many_rows_are_put_together(
        self, operation: str, expected: list[str | None], overall: float
    ) -> None:
        declared = {**MANY, "field": "people", "operation": operation}
        found = values(declared, towns=TOWN_ROWS, groups=[("g", ""), ("h", ""), ("i", "")])
        assert (cells(found), found.overall) == (expected, overall)

    def test_a_ratio_is_unknown_over_nothing(self) -> None:
        shops = [
            ("a", "", "2", "4", ""),
            ("b", "", "2", "0", ""),
            ("c", "", "", "4", ""),
            ("d", "", "1", "8", ""),
        ]
        declared = {
            "type": "ratio",
            "resource": "shops",
            "numerator": "size",
            "denominator": "latitude",
            "per": 100,
            "digits": 1,
        }
        found = values(declared, shops=shops)
        assert cells(found) == ["50.0", None, None, "12.5"]
        assert found.overall == pytest.approx(100 * (2 + 2 + 1) / 12)

    def test_availability_is_the_share_of_fields_that_are_filled(self) -> None:
        declared = {"type": "availability", "fields": ["group", "people", "latitude"], "digits": 2}
        found = values(declared, towns=TOWN_ROWS)
        assert cells(found) == ["0.67", "0.67", "0.33", "0.33", "0.67"]

    def test_a_share_of_groups_is_by_people_and_leaves_out_what_is_unknown(self) -> None:
        towns = [
            ("t", "g", "100", "10", ""),
            ("u", "g", "300", "20", ""),
            ("v", "g", "999", "", ""),
            ("w", "g", "", "20", ""),
            ("x", "h", "5", "", ""),
        ]
        declared = {
            "type": "group_share",
            "resource": "groups",
            "of": "towns",
            "by": "group",
            "where": {"field": "latitude", "at_least": 15},
        }
        groups = [("g", ""), ("h", ""), ("i", "")]
        by_people = values({**declared, "weight": "people"}, towns=towns, groups=groups)
        assert cells(by_people) == ["0.75", None, None]
        assert [by_people.weight(at) for at in range(3)] == [400, None, None]
        assert by_people.overall == 0.75
        by_rows = values(declared, towns=towns, groups=groups)
        assert cells(by_rows) == ["0.666667", None, None]


class TestKept:
    @pytest.fixture
    def revision(self) -> DatasetRevision:
        made = {name: rows[1:] for name, rows in tables().items()}
        made["structures"] = [(*row, "") for row in made["structures"]]
        return held(package_of(SCHEMAS, INDICATORS), made)

    def changed(
        self, revision: DatasetRevision, resource: str, *rows: tuple[str, ...]
    ) -> DatasetRevision:
        snapshot = revision.snapshot(resource)
        names = snapshot.resource.schema.names
        kept = [
            tuple(cells[name] or "" for name in names)
            for cells in (snapshot.cells(at, personal=True) for at in range(len(snapshot)))
        ]
        return held(revision.package, {resource: [*kept, *rows]}, like=revision)

    def test_what_is_not_concerned_by_a_change_is_not_computed_again(
        self, revision: DatasetRevision
    ) -> None:
        indicators = Indicators()
        renamed = self.changed(revision, "epci", ("200000004", "CC du Sud"))
        for name in INDICATORS:
            assert indicators.values(renamed, name) is indicators.values(revision, name)
        opened = self.changed(
            revision,
            "structures",
            ("13", "F", "labellisée", "05002", *[""] * 4, "44.5", "6.15", "", ""),
        )
        assert indicators.values(opened, "habitants_30km") is not indicators.values(
            revision, "habitants_30km"
        )
        assert indicators.values(opened, "population_departement") is indicators.values(
            revision, "population_departement"
        )

    def test_an_opening_renews_the_rows_that_it_reaches(self, revision: DatasetRevision) -> None:
        indicators = Indicators()
        opened = self.changed(
            revision,
            "structures",
            ("13", "F", "labellisée", "05002", *[""] * 4, "44.5", "6.15", "", ""),
        )
        found = indicators.between(revision, opened, "distance_fs")
        assert found.before.work.whole
        assert (found.after.work.rows, found.after.work.sources) == (2, 1)
        there, near = found.changed
        assert (there.key, there.after, there.weight) == (("05002",), 0, 800)
        assert (near.key, near.position_before, near.position_after) == (("05007",), 6, 6)
        supply = indicators.between(revision, opened, "offre_30km")
        assert supply.after.work.rows == len(supply.changed) < 10
        shares = indicators.between(revision, opened, "acces_10km")
        assert [one.key for one in shares.changed] == [("05",)]

    def test_sources_that_change_their_order_are_looked_at_anew(self) -> None:
        declared = {"figure": {"type": "nearest_distance", "resource": "towns", "of": "shops"}}
        package = package_of({"shops": SHOPS, "towns": TOWNS}, declared)
        east, west = ("a", "", "", "0", "1"), ("b", "", "", "0", "-1")
        before = held(package, {"towns": TOWN, "shops": [east, west]})
        after = held(package, {"shops": [west, east]}, like=before)
        found = Indicators().between(before, after, "figure")
        near = found.after.nearest(0)
        assert near is not None
        assert near.position == 0
        assert found.after.work.whole
        assert found.changed == ()

    def test_a_title_that_changes_is_that_of_the_package_that_is_asked(
        self, revision: DatasetRevision
    ) -> None:
        indicators = Indicators()
        first = indicators.values(revision, "fs_30km")
        other: Any = held(
            package_of(SCHEMAS, {**INDICATORS, "fs_30km": {**INDICATORS["fs_30km"], "digits": 1}}),
            {},
            like=revision,
        )
        found = indicators.values(other, "fs_30km")
        assert found.numbers is first.numbers
        assert (first.cell(0), found.cell(0)) == ("2", "2.0")

    def test_threads_get_the_same_values(self, revision: DatasetRevision) -> None:
        indicators = Indicators()
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: indicators.values(revision, "acces_10km"), range(24)))
        assert all(one is found[0] for one in found)

    def test_no_more_is_kept_than_there_is_room_for(self, revision: DatasetRevision) -> None:
        indicators = Indicators(capacity=1)
        first = indicators.values(revision, "fiche_remplie")
        assert indicators.values(revision, "fiche_remplie") is first
        indicators.values(revision, "fs_30km")
        again = indicators.values(revision, "fiche_remplie")
        assert again is not first
        assert again.numbers.tobytes() == first.numbers.tobytes()

    def test_nobody_writes_to_values(self, revision: DatasetRevision) -> None:
        with pytest.raises(ValueError, match="read-only"):
            Indicators().values(revision, "fs_30km").numbers[0] = 1

    def test_what_is_not_declared_or_unusable_is_refused(self, revision: DatasetRevision) -> None:
        with pytest.raises(NotFound):
            Indicators().values(revision, "nothing")
        broken = held(
            package_of(SCHEMAS, {"fs": {"type": "ratio", "resource": "epci"}}), {}, like=revision
        )
        assert list(Indicators().declared(broken.package)) == []
        assert list(Indicators().unusable(broken.package)) == ["fs"]
        with pytest.raises(BadDataset):
            Indicators().values(broken, "fs")


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (3.0, None, "3"),
        (0.1 + 0.2, None, "0.3"),
        (1e15, None, "1000000000000000"),
        (100.0, None, "100"),
        (2.5, 0, "2"),
        (-0.04, 1, "0.0"),
        (-1.26, 1, "-1.3"),
        (0.0, None, "0"),
        (-0.0, None, "0"),
        (math.nan, 2, None),
    ],
)
def test_numbers_are_written_as_cells(number: float, digits: int | None, text: str | None) -> None:
    assert written(number, digits) == text


def test_a_folder_with_a_fault_in_a_declaration_is_refused(tmp_path: Path) -> None:
    folder = write_territory(tmp_path)
    assert Folder(folder).package()
    path = folder / "datapackage.json"
    described = json.loads(path.read_text())
    described["retouche"]["indicators"]["fs_30km"]["of"] = "epci"
    path.write_text(json.dumps(described))
    with pytest.raises(BadDataset) as caught:
        Folder(folder).package()
    assert caught.value.reason == "indicator_no_position"
