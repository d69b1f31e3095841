"""What a change does to who lives near: held against a computation that knows no shortcut."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from retouche.core.errors import RetoucheError
from retouche.core.messages.impact import said
from retouche.ports import Filters
from retouche.services.impact.report import Access, ImpactReport
from retouche.services.impact.wording import sentences
from tests.datasets import Browser, serve
from tests.territory import write_territory

BANDS = (10.0, 20.0, 30.0)
EARTH = 6371.0088
Row = Mapping[str, str | None]


class Territory(Browser):
    """A client of the made-up territory that asks for the impact of proposals."""

    @property
    def found(self) -> Any:
        return self.services.catalogue.get(self.dataset)

    def sent(self, *operations: dict[str, Any], **others: Any) -> Any:
        answer = self.propose(*operations, **others)
        assert answer.status_code == 201, answer.json
        return self.services.proposals.get(self.found, answer.json["id"])

    def report(self, *operations: dict[str, Any]) -> ImpactReport:
        return self.services.impact.of_proposal(self.found, self.sent(*operations))

    def rows(self, resource: str, revision: str | None = None) -> list[dict[str, str | None]]:
        snapshot = self.found.at(revision).snapshot(resource)
        return [snapshot.cells(position) for position in range(len(snapshot))]


@pytest.fixture
def territory(tmp_path: Path) -> Iterator[Territory]:
    folder = write_territory(tmp_path / "package")
    services = serve(tmp_path / "home", {"territoire": folder})
    yield Territory(services, "territoire")
    services.close()


def opened(key: str, latitude: float, longitude: float, **others: str) -> dict[str, Any]:
    row = {
        "id_fs": key,
        "lib_fs": f"Accueil {key}",
        "statut": "labellisée",
        "latitude": f"{latitude:.4f}",
        "longitude": f"{longitude:.4f}",
        **others,
    }
    return {"op": "insert", "resource": "structures", "row": row}


def closed(key: str) -> dict[str, Any]:
    return {"op": "delete", "resource": "structures", "key": {"id_fs": key}}


def changed(key: str, resource: str = "structures", **new: str | None) -> dict[str, Any]:
    name = "code" if resource == "communes" else "id_fs"
    return {"op": "update", "resource": resource, "key": {name: key}, "new": new}


# -- Brute force ---------------------------------------------------------------------------------


def place(row: Row) -> tuple[float, float] | None:
    if not row["latitude"] or not row["longitude"]:
        return None
    return float(row["latitude"]), float(row["longitude"])


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The haversine formula, written out."""
    (south, west), (north, east) = (tuple(map(math.radians, each)) for each in (one, other))
    half = (
        math.sin((north - south) / 2) ** 2
        + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    )
    return 2 * EARTH * math.asin(math.sqrt(half))


def distances(communes: list[Any], counters: list[Any]) -> dict[str, float]:
    """The distance of each commune to the nearest counter that has its label."""
    there = [place(one) for one in counters if one["statut"] == "labellisée"]
    found = {}
    for commune in communes:
        here = place(commune)
        near = [kilometres(here, one) for one in there if one is not None] if here else []
        found[str(commune["code"])] = min(near, default=math.inf)
    return found


def moves(
    communes: list[Any], before: dict[str, float], after: dict[str, float], group: str | None
) -> dict[tuple[str, float], tuple[int, int]]:
    """By group and band: how many people come within it, and how many leave it."""
    gained: Counter[tuple[str, float]] = Counter()
    lost: Counter[tuple[str, float]] = Counter()
    for commune in communes:
        code, people = str(commune["code"]), int(commune["population"] or 0)
        for band in BANDS:
            where = (str(commune[group]) if group else "", band)
            if before[code] > band >= after[code]:
                gained[where] += people
            if before[code] <= band < after[code]:
                lost[where] += people
    return {one: (gained[one], lost[one]) for one in {*gained, *lost} if gained[one] or lost[one]}


def told(access: Access | None, level: str | None) -> dict[tuple[str, float], tuple[int, int]]:
    """The same as the report says it."""
    if access is None:
        return {}
    groups = [("", access.bands)]
    if level is not None:
        groups = [(one.code, one.bands) for one in access.territories if one.level == level]
    return {
        (code, band.kilometres): (band.gained, band.lost)
        for code, bands in groups
        for band in bands
        if band.moved
    }


def of_distance(report: ImpactReport) -> Access | None:
    return next((one for one in report.access if one.indicator.name == "distance_fs"), None)


def test_openings_and_closings_tell_what_brute_force_tells(territory: Territory) -> None:
    chance = random.Random(7)
    communes = territory.rows("communes")
    before = territory.rows("structures")
    first = distances(communes, before)
    telling = 0
    for number in range(20):
        operations = [closed(key) for key in chance.sample(["1", "2", "3", "4", "6", "7", "8"], 2)]
        at = place(chance.choice([one for one in communes if place(one)]))
        assert at is not None
        north, east = at[0] + chance.uniform(-0.2, 0.2), at[1] + chance.uniform(-0.2, 0.2)
        operations = operations[: number % 3] + [opened(f"n{number}", north, east)] * (number % 2)
        operations = operations or [closed("1")]
        sent = territory.sent(*operations)
        report = territory.services.impact.of_proposal(territory.found, sent)
        after = distances(communes, territory.rows("structures", f"proposal:{sent.id}"))
        access = of_distance(report)
        for group, level in ((None, None), ("departement", "departement"), ("epci", "epci"),
                             ("code", "commune")):  # fmt: skip
            assert told(access, level) == moves(communes, first, after, group), operations
        telling += access is not None
        if access is not None:
            for band in access.bands:
                within = [int(c["population"] or 0) for c in communes
                          if after[str(c["code"])] <= band.kilometres]  # fmt: skip
                assert band.after == sum(within)
                assert band.after - band.before == band.gained - band.lost
    assert telling >= 10


# -- What a report says --------------------------------------------------------------------------


def test_who_gains_and_who_loses_are_not_set_off(territory: Territory) -> None:
    here = next(one for one in territory.rows("communes") if one["code"] == "36008")
    latitude, longitude = place(here) or (0.0, 0.0)
    report = territory.report(closed("3"), opened("90", latitude, longitude))
    access = of_distance(report)
    assert access is not None
    first = access.bands[0]
    assert (first.gained, first.lost) == (3350, 2000)
    assert first.after - first.before == 1350
    distance = next(one for one in report.indicators if one.indicator.name == "distance_fs")
    assert (distance.gained.rows, distance.lost.rows) == (2, 1)
    assert {one.key for one in distance.rows if one.gains is False} == {("05005",)}
    assert distance.rows[0].label == "Pierrelune-36"
    assert (distance.rows[0].latitude, distance.rows[0].longitude) == (latitude, longitude)
    sizes = [abs((one.after or 0) - (one.before or 0)) * (one.people or 0)  # type: ignore[operator]
             for one in distance.rows]  # fmt: skip
    assert sizes == sorted(sizes, reverse=True)


def test_what_is_not_shown_in_impact_is_not_in_it(territory: Territory) -> None:
    report = territory.report(changed("1", telephone="0465719999", demandes=None))
    assert report.changes is False
    assert sentences(report, "fr") == ("Rien ne change dans les indicateurs.",)
    assert sentences(report, "en") == ("Nothing changes in the indicators.",)


def test_sentences_are_in_the_readers_language_and_the_most_telling_first(
    territory: Territory,
) -> None:
    here = next(one for one in territory.rows("communes") if one["code"] == "36008")
    latitude, longitude = place(here) or (0.0, 0.0)
    report = territory.report(closed("3"), opened("90", latitude, longitude))
    french, english = sentences(report, "fr"), sentences(report, "en")
    assert french[0] == (
        "3\u202f350 habitants passent à moins de 10 km («\u00a0Distance à la France services la"
        " plus proche\u00a0»)\u202f; 2\u202f000 n’y sont plus."
    )
    assert english[0] == (
        "3,350 inhabitants come within 10 km (“Distance to a counter”); 2,000 are no longer."
    )
    assert "Plaine-Basse (+3\u202f350), Hauts-Cols (−2\u202f000)" in french[1]
    assert len(french) == len(english) <= 12
    assert any("passe de 10,5 à 10,0 km" in one for one in french)


def test_a_distance_says_to_what_where_that_is_declared(tmp_path: Path) -> None:
    descriptor = write_territory(tmp_path / "package") / "datapackage.json"
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    distance = package["retouche"]["indicators"]["distance_fs"]
    distance["to"] = {"fr": "d’une France services", "en": "of a counter"}
    descriptor.write_text(json.dumps(package), encoding="utf-8")
    services = serve(tmp_path / "home", {"territoire": tmp_path / "package"})
    report = Territory(services, "territoire").report(closed("3"))
    assert sentences(report, "fr")[0] == (
        "2\u202f000 habitants ne sont plus à moins de 10 km d’une France services."
    )
    assert sentences(report, "en")[0] == (
        "2,000 inhabitants are no longer within 10 km of a counter."
    )
    services.close()


def test_people_who_move_with_nobody_are_counted_by_what_each_version_says(
    tmp_path: Path,
) -> None:
    descriptor = write_territory(tmp_path / "package") / "datapackage.json"
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    for one in package["resources"]:
        one["retouche"]["editable"] = True
    descriptor.write_text(json.dumps(package), encoding="utf-8")
    services = serve(tmp_path / "home", {"territoire": tmp_path / "package"})
    there = Territory(services, "territoire")
    # A commune that moves away and is counted anew: those who lived there then have left.
    sent = there.propose(
        changed("05005", "communes", latitude="44.9", population="2600"),
    )
    assert sent.status_code == 201, sent.json
    proposal = services.proposals.get(there.found, sent.json["id"])
    access = of_distance(services.impact.of_proposal(there.found, proposal))
    assert access is not None
    assert (access.bands[0].gained, access.bands[0].lost) == (0, 2000)
    gone = there.report({"op": "delete", "resource": "communes", "key": {"code": "05005"}})
    lost = of_distance(gone)
    assert lost is not None
    assert (lost.bands[0].gained, lost.bands[0].lost) == (0, 2000)
    assert {one.label for one in lost.territories} == {
        "Hauts-Cols", "CC des Hauts Cols", "Belombre-05"
    }  # fmt: skip
    services.close()


def test_one_indicator_that_fails_does_not_keep_the_others(
    territory: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    indicators = territory.services.indicators
    plain = type(indicators).between

    def between(self: Any, before: Any, after: Any, name: str) -> Any:
        if name == "offre_30km":
            raise ZeroDivisionError
        return plain(self, before, after, name)

    monkeypatch.setattr(type(indicators), "between", between)
    with capture_logs() as logged:
        report = territory.report(closed("3"))
    assert [one["event"] for one in logged if one["log_level"] == "error"] == ["indicator_failed"]
    assert isinstance(report.faults["offre_30km"], RetoucheError)
    assert of_distance(report) is not None
    assert "offre_30km" not in {one.indicator.name for one in report.indicators}
    last = sentences(report, "fr")[-1]
    assert "Offre à moins de 30 km" in last
    assert "n’a pas pu être calculé" in last


def test_an_indicator_that_is_declared_wrongly_is_told(tmp_path: Path) -> None:
    descriptor = write_territory(tmp_path / "package") / "datapackage.json"
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    wrong = {"type": "join", "resource": "structures", "by": "nowhere", "of": "communes",
             "field": "population"}  # fmt: skip
    package["retouche"]["indicators"]["faux"] = wrong
    broken = tmp_path / "package" / "datapackage.json"
    broken.write_text(json.dumps(package), encoding="utf-8")
    services = serve(tmp_path / "home", {"territoire": tmp_path / "package"})
    report = Territory(services, "territoire").report(closed("3"))
    assert set(report.faults) == {"faux"}
    assert of_distance(report) is not None
    services.close()


def test_a_report_is_kept_by_what_it_compares(
    territory: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = territory.sent(closed("3"))
    impact = territory.services.impact
    first = impact.of_proposal(territory.found, sent)
    asked: list[str] = []
    monkeypatch.setattr(
        type(territory.services.indicators), "between", lambda *_: asked.append("again")
    )
    assert impact.of_proposal(territory.found, sent) is first
    assert asked == []


def test_a_dataset_without_indicators_has_no_impact(desks: Browser) -> None:
    answer = desks.propose({"op": "delete", "resource": "desks", "key": {"id": "03"}})
    found = desks.services.catalogue.get("desks")
    sent = desks.services.proposals.get(found, answer.json["id"])
    report = desks.services.impact.of_proposal(found, sent)
    assert not report.changes
    assert sentences(report, "en") == (said("nothing", "en"),)


# -- Territories of a proposal -------------------------------------------------------------------


def territories(territory: Territory) -> set[str]:
    """The codes by which the proposals of the journal are found."""
    journal = territory.services.proposals._journal
    return {
        code
        for code in ("05", "36", "59")
        if journal.page("territoire", Filters(territory=code))[1]
    }


@pytest.mark.parametrize(
    ("operations", "codes"),
    [
        ([closed("3")], {"05"}),
        ([changed("6", telephone="0465719999")], {"36"}),
        ([changed("6", departement="59")], {"36", "59"}),
        ([opened("90", 44.5, 6.0)], set()),
        ([opened("90", 44.5, 6.0, departement="05")], {"05"}),
        ([opened("90", 44.5, 6.0, insee_com="59003")], {"59"}),
        ([closed("3"), closed("10")], {"05", "59"}),
        ([{"op": "delete", "resource": "permanences", "key": {"id_permanence": "P3"}}], {"36"}),
    ],
)
def test_a_proposal_is_found_by_the_territories_it_touches(
    territory: Territory, operations: list[dict[str, Any]], codes: set[str]
) -> None:
    territory.sent(*operations)
    assert territories(territory) == codes


def test_a_row_that_only_comes_or_goes_is_no_effect(territory: Territory) -> None:
    report = territory.report(opened("90", 60.0, 60.0))
    assert [(one.total_rows, one.staying) for one in report.indicators] == [(1, 0)]
    assert not [one for one in sentences(report, "en") if "changes in" in one]
    for one in territory.report(closed("1")).indicators:
        assert one.staying or one.before != one.after
        assert one.staying <= one.total_rows


def test_the_people_of_a_group_are_not_all_told_to_gain_or_lose(territory: Territory) -> None:
    report = territory.report(closed("1"))
    shares = [one for one in report.indicators if one.indicator.type == "group_share"]
    assert shares
    assert all(one.gained.people is None and one.lost.people is None for one in shares)
    titles = {one.indicator.title("en") for one in shares}
    for sentence in sentences(report, "en"):
        assert not ("worse" in sentence and "inhabitants" in sentence.split("”", 1)[-1]) or not any(
            title in sentence for title in titles
        )


def test_a_figure_that_looks_the_same_is_not_said_to_change(tmp_path: Path) -> None:
    folder = write_territory(tmp_path / "package")
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    described["retouche"]["indicators"] = {
        "offer": {
            "type": "ratio",
            "resource": "structures",
            "numerator": "demandes",
            "denominator": "latitude",
            "per": 0.000001,
            "title": "Offer",
        }
    }
    (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    services = serve(tmp_path / "home", {"territoire": folder})
    report = Territory(services, "territoire").report(changed("1", demandes="9900"))
    services.close()
    assert report.indicators[0].before != report.indicators[0].after
    assert sentences(report, "en") == ("“Offer” changes in 1 row.",)
