"""Custom checks of one cell: identifiers, telephone numbers, years, places, nomenclature."""

from __future__ import annotations

from typing import Any

import pytest

from retouche.core.judging.checks import REGISTRY
from retouche.core.judging.checks.check import RowCheck, UnusableCheck
from retouche.core.judging.checks.identifiers import luhn, siren_fault, siret_fault
from retouche.core.judging.checks.nomenclature import nomenclature_fault
from retouche.core.judging.checks.phone import phone_fault
from retouche.core.judging.judge import judge
from retouche.core.schema import Schema


def reason(
    name: str, text: str | None, *, field: dict[str, Any] | None = None, **params: Any
) -> str:
    """What a check says of one cell: its reason, or nothing."""
    check = REGISTRY[name]({"column": "f", **params})
    assert isinstance(check, RowCheck)
    schema = Schema.from_descriptor({"fields": [{"name": "f", **(field or {})}]})
    finding = check.test([text], [judge(schema).reader("f")(text)[0]])
    return "" if finding is None else finding.code or finding.reason


@pytest.mark.parametrize("text", ["73282932000074", "732 829 320 00074", "35600000000048"])
def test_a_siret_with_its_check_digit_passes(text: str) -> None:
    assert siret_fault(text) is None


def test_an_establishment_of_la_poste_passes_by_the_sum_of_its_digits() -> None:
    assert not luhn("35600000049837")
    assert siret_fault("35600000049837") is None
    assert siret_fault("35600000049838") is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("73282932000075", "check_digit"),
        ("8029547850002", "length"),
        ("8029547850002A", "not_digits"),
        ("٨0295478500028", "not_digits"),
        ("00000000100000", "check_digit"),
    ],
)
def test_a_wrong_siret_is_told_why(text: str, expected: str) -> None:
    assert reason("french-siret-value", text) == expected


def test_a_siren_is_nine_digits_with_a_check_digit() -> None:
    assert siren_fault("732829320") is None
    assert reason("french-siren-value", "732829321") == "check_digit"
    assert reason("french-siren-value", "80295478") == "length"


def test_an_empty_cell_passes() -> None:
    for name in ("french-siret-value", "phone-number-value", "year-interval-value"):
        assert reason(name, None) == ""


@pytest.mark.parametrize(
    "text",
    [
        *(
            "0492000000",
            "04 92 00 00 00",
            "04.92.00.00.00",
            "04-92-00-00-00",
            "06\u00a012 34 56 78",
        ),
        *("+33 4 92 00 00 00", "+33 (0)4 92 00 00 00", "0033492000000", "+33492000000"),
        *("3939", "36 46", "3960", "15", "112", "115", "119", "116 117", "118218", "1014"),
        *("+590 590 12 34 56", "0590123456", "+262 262 12 34 56", "+262639123456", "+594594123456"),
        *("+596696123456", "+508 41 12 34", "+687 25 12 34", "+689 40 12 34 56", "+681721234"),
        *("+32 2 123 45 67", "+352 27 12 34", " 0492000000 "),
    ],
)
def test_french_short_overseas_and_foreign_numbers_pass(text: str) -> None:
    assert phone_fault(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("049200000", "digits"),
        ("04920000000", "digits"),
        ("0012", "international"),
        ("4920000000", "digits"),
        ("04 92 00 00 00 / 04 92 00 00 01", "digits"),
        ("+33 4 92 00 00", "international"),
        ("+590 12", "international"),
        ("+1", "international"),
        ("non communiqué", "not_a_number"),
        ("٠٤٩٢٠٠٠٠٠٠", "not_a_number"),
        ("12", "digits"),
        ("4000", "digits"),
    ],
)
def test_what_cannot_be_dialled_is_told_why(text: str, expected: str) -> None:
    assert reason("phone-number-value", text) == expected


@pytest.mark.parametrize(
    ("text", "alone", "expected"),
    [
        ("2019/2021", None, ""),
        ("2019", None, "period"),
        ("2019", "yes", ""),
        ("2019", True, ""),
        ("2019", "no", "period"),
        ("19/21", "true", "year_or_period"),
        ("2021/2019", None, "years_reversed"),
        ("2019/2019", None, "same_year"),
        ("2019-2021", None, "period"),
    ],
)
def test_a_period_is_two_years_in_order(text: str, alone: Any, expected: str) -> None:
    params = {} if alone is None else {"allow-year-only": alone}
    assert reason("year-interval-value", text, **params) == expected


POINT = {"type": "geopoint", "format": "array"}


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("[2.35, 48.85]", POINT, ""),
        ("[48.85, 2.35]", POINT, "reversed-french-gps-coordinates"),
        ("[13.4, 52.5]", POINT, "not_in_france"),
        ("[-61.55, 16.25]", POINT, ""),
        ("[55.5, -21.1]", POINT, ""),
        ("nonsense", POINT, ""),  # a type error already
        ("2.35,48.85", {}, ""),
        ("[2.35, 48.85]", {}, ""),
        ("Paris", {}, "not_a_point"),
        ("1,2,3", {}, "not_a_point"),
    ],
)
def test_a_place_lies_in_france(text: str, field: dict[str, Any], expected: str) -> None:
    assert reason("french-gps-coordinates", text, field=field) == expected


def test_a_place_may_stand_in_two_columns() -> None:
    check = REGISTRY["french-gps-coordinates"]({"latitude": "lat", "longitude": "lon"})
    assert isinstance(check, RowCheck)
    assert check.columns == ("lat", "lon")
    assert check.test(["44.5", "6.1"], ["44.5", "6.1"]) is None
    swapped = check.test(["6.1", "44.5"], ["6.1", "44.5"])
    assert swapped is not None
    assert swapped.code == "reversed-french-gps-coordinates"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Commande publique/Marchés", ""),
        ("libertes publiques et POUVOIRS de police/x", ""),
        ("Urbanisme", "no_slash"),
        ("Urbanisme / Permis", "spaces_at_slash"),
        ("Urbanisme/ Permis", "spaces_at_slash"),
        ("Cuisine/Desserts", "unknown_matter"),
    ],
)
def test_a_matter_of_the_nomenclature_comes_before_the_slash(text: str, expected: str) -> None:
    finding = nomenclature_fault(text)
    assert (finding.reason if finding else "") == expected


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_no_check_can_be_made_of_nothing(name: str) -> None:
    with pytest.raises(UnusableCheck):
        REGISTRY[name]({})
