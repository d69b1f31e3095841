"""Cells that look like a person's own number or address: told once, never refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouche.core.judging.privacy import CODE, faults, findings
from retouche.core.judging.verdict import verdict
from retouche.core.messages import describe
from retouche.core.operations import Operation, Update
from retouche.core.package import Package, Resource
from retouche.core.reading.snapshot import Snapshot
from retouche.core.report import Report
from retouche.core.schema import Schema

MOBILES = (
    "0612345678",
    "06 12 34 56 78",
    "07.12.34.56.78",
    "06-12-34-56-78",
    "06/12/34/56/78",
    "06\u00a012\u00a034\u00a056\u00a078",
    "06\u202f12\u202f34\u202f56\u202f78",
    "+33612345678",
    "+33 6 12 34 56 78",
    "+33 (0)6 12 34 56 78",
    "+33(0)712345678",
    "0033 6 12 34 56 78",
    "+262 692 12 34 56",
    "call 06 12 34 56 78, or come",
    "04 65 71 00 01 / 06 12 34 56 78",
)
NO_MOBILES = (
    "04 65 71 00 01",
    "+33 4 65 71 00 01",
    "0800 06 12 34",
    "3639",
    "20612345678",  # a part of a longer number
    "0612345678901",
    "12 06 12 34 56 78 90",
    "2006-12-30",
    "06120",
    "1 061 234 567 800",
    "",
)
MAILS = (
    "someone@gmail.com",
    "Some.One@Orange.FR",
    "write to someone82@hotmail.fr please",
    "jane.doe@commune.example",
    "j.doe@commune.example",
    "marie-jeanne.de-la-fontaine@agglo.example",
    "hélène.durand@agglo.example",
    "x@free.fr",
)
OFFICES = (
    "contact@commune.example",
    "mairie.apt@orange.fr",
    "franceservices84@gmail.com",
    "france-services@agglo.example",
    "msap.sault@laposte.net",
    "accueil.sault@agglo.example",
    "fs.apt@agglo.example",
    "le.mene@france-services.example",
    "ccas@apt.example",
    "desk@agglo.example",
    "not an address @ all",
    "@someone",
)


def kinds(text: str) -> set[str]:
    return {rule for rule, _ in findings(text)}


@pytest.mark.parametrize("text", MOBILES)
def test_mobile_numbers_in_their_spellings_are_seen(text: str) -> None:
    assert kinds(text) == {"mobile"}


@pytest.mark.parametrize("text", NO_MOBILES)
def test_other_numbers_are_not(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize("text", MAILS)
def test_addresses_of_persons_are_seen(text: str) -> None:
    assert kinds(text) == {"mail"}


@pytest.mark.parametrize("text", OFFICES)
def test_addresses_of_offices_are_not(text: str) -> None:
    assert kinds(text) == set()


def test_one_warning_of_a_kind_for_what_is_new_alone() -> None:
    old = "0612345678"
    assert [one.rule for one in faults("note", "someone@gmail.com, 06 12 34 56 78", old)] == [
        "mail"
    ]
    assert list(faults("note", "+33 6 12 34 56 78", old)) == []  # the same, spelled otherwise
    both = list(faults("note", "0612345679 0612345670 a@free.fr b@free.fr", None))
    assert [(one.rule, one.level) for one in both] == [("mail", "warning"), ("mobile", "warning")]
    assert list(faults("note", old, old)) == []
    assert list(faults("note", None, old)) == []


@given(st.text(max_size=60))
def test_any_text_is_read_and_what_is_found_stands_in_it(text: str) -> None:
    for rule, thing in findings(text):
        if rule == "mail":
            assert thing in text.lower()
        else:
            assert thing in "".join(one for one in text if one.isdigit())


@given(st.integers(0, 99_999_999), st.sampled_from(["", " ", ".", "-", "\u00a0"]))
def test_a_mobile_is_found_however_its_pairs_are_parted(number: int, gap: str) -> None:
    digits = f"06{number:08d}"
    pairs = gap.join(digits[at : at + 2] for at in range(0, 10, 2))
    assert findings(f"tel. {pairs}.") == {("mobile", digits[1:])}


def test_long_texts_take_no_longer_than_they_are_long() -> None:
    for text in ("a" * 64_000, "06" * 32_000, "a." * 32_000 + "@", "+33" * 20_000, "a@" * 32_000):
        assert not findings(text)  # and not in hours


def package(**field: Any) -> Package:
    descriptor = {
        "fields": [
            {"name": "id"},
            {"name": "phone", "title": "Téléphone", **field},
            {"name": "agents", "type": "integer"},
        ],
        "primaryKey": "id",
    }
    desks = Resource(name="desks", path="desks.csv", schema=Schema.from_descriptor(descriptor))
    return Package(name="desks", resources={"desks": desks}, descriptor={})


def judged(known: Package, old: str, new: str, field: str = "phone") -> Report:
    snapshot = Snapshot(known.resource("desks"), f"id,phone,agents\n1,{old},2\n".encode())
    operation: Operation = Update(resource="desks", key=("1",), old={field: old}, new={field: new})
    return verdict((operation,), package=known, before={"desks": snapshot})


def test_the_verdict_of_a_proposal_warns_in_both_languages() -> None:
    known = package()
    report = judged(known, "0465710001", "06 12 34 56 78")
    assert report.valid
    (warning,) = report.warnings
    assert (warning.code, warning.rule, warning.field) == (CODE, "mobile", "phone")
    assert "mobile number" in describe(warning, "en", package=known)
    assert "numéro de mobile" in describe(warning, "fr", package=known)


def test_what_stood_there_and_fields_that_are_meant_to_be_public_are_not_told() -> None:
    assert judged(package(), "0612345678", "06 12 34 56 78").warnings == ()
    public = package(retouche={"public_contact": True})
    assert judged(public, "", "06 12 34 56 78").warnings == ()
    assert judged(package(), "", "612345678", "agents").warnings == ()
