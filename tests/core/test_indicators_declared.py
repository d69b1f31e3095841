"""Declarations of indicators: what is wrong is told, where and why; the others stay usable."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.errors import BadDataset
from retouche.core.indicators import indicators_of
from retouche.core.indicators.declarations import DEEPEST, declared
from retouche.core.messages import problem
from retouche.core.messages.indicators import INDICATORS as SENTENCES
from retouche.core.package import Package
from retouche.formats import check_extensions
from tests.territory import INDICATORS, descriptor


def package(**changed: Any) -> Package:
    """The territory with some declarations changed: merged into what is there, None for gone."""
    described = copy.deepcopy(descriptor())
    listed = described["retouche"]["indicators"]
    for name, change in changed.items():
        if change is None:
            del listed[name]
        elif isinstance(change, Mapping):
            listed[name] = {**listed.get(name, {}), **change}
        else:
            listed[name] = change
    return Package.read(lambda _: json.dumps(described).encode())


def test_the_declarations_of_the_territory_are_sound() -> None:
    found = package()
    check_extensions(found)
    assert list(indicators_of(found)) == list(INDICATORS)
    assert indicators_of(found) is declared(found).usable
    distance = indicators_of(found)["distance_fs"]
    assert (distance.weight, distance.bands, distance.digits) == ("population", (10, 20, 30), 1)
    assert distance.unit("en") == "km"
    assert not indicators_of(found)["habitants_30km"].impact
    assert indicators_of(found)["nom_commune"].text


FAULTS: list[tuple[str, Any, str, str]] = [
    ("fs_30km", {"resource": "counters"}, "indicator_unknown_resource", "fs_30km/resource"),
    ("fs_30km", {"of": "counters"}, "indicator_unknown_resource", "fs_30km/of/0/resource"),
    ("fs_30km", {"of": "epci"}, "indicator_no_position", "fs_30km/of/0/resource"),
    ("fs_30km", {"of": []}, "indicator_bad_value", "fs_30km/of"),
    ("fs_30km", {"resource": "epci"}, "indicator_no_position", "fs_30km/resource"),
    ("fs_30km", {"radius": 0}, "indicator_bad_number", "fs_30km/radius"),
    ("fs_30km", {"radius": 30_000}, "indicator_bad_number", "fs_30km/radius"),
    ("fs_30km", {"radius": float("nan")}, "indicator_bad_number", "fs_30km/radius"),
    ("fs_30km", {"radius": True}, "indicator_bad_number", "fs_30km/radius"),
    ("fs_30km", {"title": 5}, "indicator_bad_value", "fs_30km/title"),
    ("fs_30km", {"unit": {"fr": ["km"]}}, "indicator_bad_value", "fs_30km/unit"),
    ("distance_fs", {"bands": [1, 2] * 6}, "indicator_bad_value", "distance_fs/bands"),
    ("fs_30km", {"type": "sum"}, "indicator_bad_choice", "fs_30km/type"),
    ("fs_30km", {"type": None}, "indicator_bad_value", "fs_30km/type"),
    ("fs_30km", "30 km", "indicator_bad_value", "fs_30km"),
    ("Fs", {"type": "ratio"}, "indicator_bad_name", "Fs"),
    ("habitants_30km", {"field": "people"}, "indicator_unknown_field", "habitants_30km/field"),
    ("habitants_30km", {"field": "nom"}, "indicator_not_numeric", "habitants_30km/field"),
    (
        "habitants_30km",
        {"of": [{"resource": "communes", "weight": "population"}]},
        "indicator_two_weights",
        "habitants_30km/of/0/weight",
    ),
    ("distance_fs", {"weight": "nom"}, "indicator_not_numeric", "distance_fs/weight"),
    ("distance_fs", {"bands": [0]}, "indicator_bad_value", "distance_fs/bands"),
    (
        "distance_fs",
        {"of": [{"resource": "structures", "where": [{"field": "statut"}]}]},
        "indicator_empty_condition",
        "distance_fs/of/0/where/0",
    ),
    (
        "distance_fs",
        {"of": [{"resource": "structures", "where": [{"field": "referent", "in": ["x"]}]}]},
        "indicator_personal_field",
        "distance_fs/of/0/where/0/field",
    ),
    (
        "distance_fs",
        {"of": [{"resource": "structures", "where": [{"field": "statut", "at_most": 3}]}]},
        "indicator_not_numeric",
        "distance_fs/of/0/where/0",
    ),
    (
        "acces_10km",
        {"where": {"field": "distance_fs", "in": ["10"]}},
        "indicator_not_text",
        "acces_10km/where/in",
    ),
    ("acces_10km", {"by": "dep"}, "indicator_unknown_field", "acces_10km/by"),
    (
        "offre_30km",
        {"of": [{"resource": "structures", "weight": "calendar"}]},
        "indicator_no_calendar",
        "offre_30km/of/0",
    ),
    (
        "offre_30km",
        {"of": [{"resource": "permanences", "on": "someday"}]},
        "indicator_bad_day",
        "offre_30km/of/0/on",
    ),
    (
        "fiche_remplie",
        {"fields": ["referent"]},
        "indicator_personal_field",
        "fiche_remplie/fields/0",
    ),
    ("fs_30km", {"itself": "yes"}, "indicator_bad_value", "fs_30km/itself"),
    ("nom_commune", {"by": "population_commune"}, "indicator_computed_field", "nom_commune/by"),
    ("fiche_remplie", {"fields": []}, "indicator_bad_value", "fiche_remplie/fields"),
    ("nom_commune", {"operation": "sum"}, "indicator_not_numeric", "nom_commune/field"),
    ("fs_pour_10000", {"denominator": "nom"}, "indicator_not_numeric", "fs_pour_10000/denominator"),
    ("fs_pour_10000", {"numerator": "fs_30km"}, "indicator_elsewhere", "fs_pour_10000/numerator"),
    (
        "fs_pour_10000",
        {"numerator": "fs_pour_10000"},
        "indicator_circle",
        "fs_pour_10000",
    ),
]


@pytest.mark.parametrize(("name", "change", "reason", "at"), FAULTS)
def test_a_fault_is_told_with_its_place(name: str, change: Any, reason: str, at: str) -> None:
    found = package(**{name: change})
    fault = declared(found).faults[name]
    assert (fault.reason, fault.values["at"]) == (reason, f"retouche/indicators/{at}")
    with pytest.raises(BadDataset):
        indicators_of(found)
    for locale in ("fr", "en"):
        detail = problem(fault, locale)[1]
        assert at in detail
        assert "…" not in detail.replace("[…]", "").replace("{…}", "").replace("[{…}]", "").replace(
            '"…"', ""
        )


def test_who_refers_to_what_is_unusable_is_unusable_and_no_other() -> None:
    found = declared(package(distance_fs={"of": "epci"}))
    assert set(found.faults) == {"distance_fs", "acces_10km", "acces_20km", "acces_30km"}
    assert found.faults["acces_10km"].reason == "indicator_of_unusable"
    assert len(found.usable) == len(INDICATORS) - 4


def test_indicators_cannot_need_each_other() -> None:
    one = {"type": "ratio", "resource": "epci", "numerator": "b", "denominator": "b"}
    other = {**one, "numerator": "a", "denominator": "a"}
    found = declared(package(a=one, b=other))
    assert {"a", "b"} == set(found.faults)
    circle = found.faults["b"]
    assert circle.reason == "indicator_circle"
    assert circle.values["circle"] == "a → b → a"


def test_a_field_is_computed_by_an_indicator_of_its_own_resource() -> None:
    with pytest.raises(BadDataset) as caught:
        indicators_of(package(population_commune=None))
    assert caught.value.reason == "derived_unknown_indicator"
    assert caught.value.values["field"] == "population_commune"


def test_a_computed_field_stands_for_its_indicator() -> None:
    found = package(
        twice={
            "type": "ratio",
            "resource": "structures",
            "numerator": "nbre_fs_rayon_30km",
            "denominator": "demandes",
        }
    )
    rule: Any = indicators_of(found)["twice"].rule
    assert rule.numerator.indicator
    assert rule.numerator.name == "fs_30km"


def test_every_sentence_of_indicators_is_told_by_something() -> None:
    told = {reason for _, _, reason, _ in FAULTS}
    told |= {"indicator_of_unusable", "indicator_keyless", "indicator_needs_field"}
    told.add("indicator_too_deep")
    assert told == {one for one in SENTENCES if one.startswith("indicator_")}


def test_rows_must_have_a_key_that_can_be_named() -> None:
    described = copy.deepcopy(descriptor())
    by_name = {one["name"]: one["schema"] for one in described["resources"]}
    by_name["epci"]["primaryKey"] = ["code", "nom"]
    del by_name["departements"]["primaryKey"]
    described["retouche"]["indicators"] = {
        "members": {
            "type": "join",
            "resource": "communes",
            "by": "epci",
            "of": "epci",
            "field": "nom",
        },
        "supply": {"type": "ratio", "resource": "departements"},
    }
    faults = declared(Package.read(lambda _: json.dumps(described).encode())).faults
    assert faults["members"].reason == "indicator_needs_field"
    assert faults["supply"].reason == "indicator_keyless"


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from(["communes"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2)
    ),
    max_leaves=6,
)


@given(
    st.sampled_from(list(INDICATORS)),
    st.sampled_from(
        [
            "type",
            "of",
            "by",
            "on",
            "field",
            "where",
            "radius",
            "resource",
            "weight",
            "fields",
            "numerator",
            "operation",
            "bands",
            "per",
        ]
    ),
    anything,
)
@settings(max_examples=80, deadline=None)
def test_no_declaration_breaks_the_reader(name: str, at: str, value: Any) -> None:
    found = declared(package(**{name: {at: value}}))
    assert set(found.usable) | set(found.faults) == set(INDICATORS)


@pytest.mark.parametrize("turned", [False, True])
def test_a_row_of_indicators_that_need_each_other_is_so_long_at_most(turned: bool) -> None:
    chain = {f"link_{number}": _link(number) for number in range(2_000)}
    listed = dict(reversed(chain.items())) if turned else chain
    found = declared(package(**listed))
    links = [name for name in found.usable if name.startswith("link_")]
    assert 0 < len(links) < 100
    assert any(fault.reason == "indicator_too_deep" for fault in found.faults.values())
    assert set(INDICATORS) <= set(found.usable)
    short = declared(package(**{name: chain[name] for name in list(chain)[:DEEPEST]}))
    assert not short.faults
    with pytest.raises(BadDataset):
        indicators_of(package(**listed))


def _link(number: int) -> dict[str, Any]:
    above = f"link_{number - 1}" if number else "population"
    return {
        "type": "ratio",
        "resource": "communes",
        "numerator": above,
        "denominator": "population",
    }


@pytest.mark.parametrize("digits", [400_000_000, -1, 1.5])
def test_decimals_that_nobody_could_read_are_not_shown(digits: float) -> None:
    assert declared(package(fs_30km={"digits": digits})).usable["fs_30km"].digits is None
