"""The law of renewal: values renewed from any neighbour are those computed from scratch, bit for
bit, and those of a plain computation row by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.services.indicators.indicators import Indicators
from tests.indicators import held, kilometres, package_of
from tests.territory import field

SCHEMAS: dict[str, Mapping[str, Any]] = {
    "groups": {"fields": [field("code"), field("name")], "primaryKey": "code"},
    "towns": {
        "fields": [
            field("code"),
            field("group"),
            field("people", "number"),
            field("latitude", "number"),
            field("longitude", "number"),
        ],
        "primaryKey": ["code"],
    },
    "desks": {
        "fields": [
            field("id"),
            field("state"),
            field("worth", "number"),
            field("latitude", "number"),
            field("longitude", "number"),
        ],
        "primaryKey": "id",
    },
}
OPEN = {"field": "state", "in": ["open"]}
INDICATORS: dict[str, Any] = {
    "desks_near": {"type": "count_within", "resource": "towns", "of": "desks", "radius": 60},
    "worth_near": {
        "type": "sum_within",
        "resource": "towns",
        "of": [{"resource": "desks", "where": [OPEN]}],
        "field": "worth",
        "radius": 90,
        "weight": "people",
    },
    "others_near": {
        "type": "count_within",
        "resource": "desks",
        "of": [{"resource": "desks", "weight": "worth"}, {"resource": "towns"}],
        "radius": 75,
    },
    "distance": {
        "type": "nearest_distance",
        "resource": "towns",
        "of": [{"resource": "desks", "where": [OPEN]}],
        "weight": "people",
    },
    "distance_other": {"type": "nearest_distance", "resource": "desks", "of": "desks"},
    "share": {
        "type": "group_share",
        "resource": "groups",
        "of": "towns",
        "by": "group",
        "where": {"field": "distance", "at_most": 60},
        "weight": "people",
    },
    "people": {
        "type": "join",
        "resource": "groups",
        "by": "code",
        "of": "towns",
        "on": "group",
        "field": "people",
        "operation": "sum",
    },
    "supply": {
        "type": "join",
        "resource": "groups",
        "by": "code",
        "of": "towns",
        "on": "group",
        "field": "desks_near",
        "operation": "mean",
    },
    "rate": {
        "type": "ratio",
        "resource": "groups",
        "numerator": "supply",
        "denominator": "people",
        "per": 1000,
    },
}
PACKAGE = package_of(SCHEMAS, INDICATORS)
GROUPS = [("a", "A"), ("b", "B"), ("c", "C")]

latitudes = st.sampled_from(["", "44", "44.3", "44.5", "44.5000001", "45", "45.2", "46", "91"])
longitudes = st.sampled_from(["", "1", "1.2", "1.7", "2", "2.000001", "2.6", "3", "x"])
numbers = st.sampled_from(["", "0", "1", "2.5", "0.1", "0.2", "1200", "-3"])
towns = st.tuples(st.sampled_from(["a", "b", "d", ""]), numbers, latitudes, longitudes)
desks = st.tuples(st.sampled_from(["open", "shut", ""]), numbers, latitudes, longitudes)


def keyed(rows: st.SearchStrategy[tuple[str, ...]]) -> st.SearchStrategy[list[tuple[str, ...]]]:
    keys = st.integers(0, 30).map(str)
    listed = st.lists(st.tuples(keys, rows), max_size=14, unique_by=lambda one: one[0])
    return listed.map(lambda found: [(key, *row) for key, row in found])


tables = st.fixed_dictionaries({"towns": keyed(towns), "desks": keyed(desks)})
Tables = Mapping[str, list[tuple[str, ...]]]


@st.composite
def versions(draw: st.DrawFn) -> tuple[Tables, Tables]:
    """Two versions: the second is the first with a few rows changed, gone and come."""
    before = draw(tables)
    after: dict[str, list[tuple[str, ...]]] = {}
    for name, rows in {"towns": towns, "desks": desks}.items():
        found = list(before[name])
        for _ in range(draw(st.integers(0, 3))):
            act = draw(st.sampled_from(["insert", "delete", "change", "move"]))
            if act == "insert" or not found:
                key = str(draw(st.integers(31, 40)))
                if all(one[0] != key for one in found):
                    found.insert(draw(st.integers(0, len(found))), (key, *draw(rows)))
                continue
            at = draw(st.integers(0, len(found) - 1))
            if act == "delete":
                del found[at]
            elif act == "change":
                found[at] = (found[at][0], *draw(rows))
            else:
                found.insert(draw(st.integers(0, len(found) - 1)), found.pop(at))
        after[name] = found
    return before, after


@given(versions())
@settings(max_examples=60, deadline=None)
def test_renewed_values_are_those_computed_from_scratch(two: tuple[Tables, Tables]) -> None:
    before, after = (held(PACKAGE, {"groups": GROUPS, **one}) for one in two)
    indicators = Indicators()
    for name in INDICATORS:
        indicators.values(before, name)
    for name in INDICATORS:
        difference = indicators.between(before, after, name)
        renewed, scratch = difference.after, Indicators().values(after, name)
        assert renewed.numbers.tobytes() == scratch.numbers.tobytes(), name
        assert renewed.overall == scratch.overall
        for at in range(len(scratch)):
            assert renewed.nearest(at) == scratch.nearest(at)
        old = {difference.before.keys.key(at): at for at in range(len(difference.before))}
        changed = {one.key: (one.before, one.after) for one in difference.changed}
        for at in range(len(scratch)):
            key = scratch.keys.key(at)
            was = difference.before.value(old.pop(key)) if key in old else None
            assert changed.pop(key, (was, was)) == (was, scratch.value(at))
        for key, at in old.items():
            was = difference.before.value(at)
            assert changed.pop(key, (was, None)) == (was, None)
        assert not changed


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def place(row: tuple[str, ...]) -> tuple[float, float] | None:
    latitude, longitude = number(row[-2]), number(row[-1])
    if latitude is None or longitude is None or abs(latitude) > 90:
        return None
    return latitude, longitude


@given(tables)
@settings(max_examples=60, deadline=None)
def test_values_are_those_of_a_plain_computation(made: Tables) -> None:
    revision, indicators = held(PACKAGE, {"groups": GROUPS, **made}), Indicators()
    near = indicators.values(revision, "desks_near")
    worth = indicators.values(revision, "worth_near")
    distance = indicators.values(revision, "distance")
    other = indicators.values(revision, "distance_other")
    people_near: dict[str, list[float]] = {"a": [0, 0], "b": [0, 0], "c": [0, 0], "": [0, 0]}
    people_near["d"] = [0, 0]
    for at, town in enumerate(made["towns"]):
        here = place(town)
        if here is None:
            assert near.value(at) is worth.value(at) is distance.value(at) is None
            continue
        apart = [
            (kilometres(here, there), desk) for desk in made["desks"] if (there := place(desk))
        ]
        assert near.value(at) == sum(far <= 60 for far, _ in apart)
        within = [desk for far, desk in apart if far <= 90 and desk[1] == "open"]
        known = [value for desk in within if (value := number(desk[2])) is not None]
        if within and not known:
            assert worth.value(at) is None
        else:
            assert worth.value(at) is not None
            assert np.isclose(worth.numbers[at], sum(known), atol=1e-9)
        goals = [far for far, desk in apart if desk[1] == "open"]
        if goals:
            assert abs(distance.numbers[at] - min(goals)) < 1e-6
            goal = distance.nearest(at)
            assert goal is not None
            desk = made["desks"][goal.position]
            assert abs(kilometres(here, place(desk) or (0, 0)) - min(goals)) < 1.1e-6
        else:
            assert distance.value(at) is None
        people = number(town[2])
        if goals and people is not None:
            people_near[town[1]][1] += people
            people_near[town[1]][0] += people * (min(goals) <= 60)
    for at, desk in enumerate(made["desks"]):
        here = place(desk)
        others = [
            kilometres(here, there)
            for one in made["desks"]
            if here and one is not desk and (there := place(one))
        ]
        if others:
            assert abs(other.numbers[at] - min(others)) < 1e-6
        else:
            assert other.value(at) is None
    share = indicators.values(revision, "share")
    for at, (code, _) in enumerate(GROUPS):
        some, everyone = people_near[code]
        if everyone > 0:
            assert np.isclose(share.numbers[at], some / everyone)
        else:
            assert share.value(at) is None
