"""Computed columns over HTTP: read like any other at every revision, and never written."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from retouche.core.reading.computed import ComputedSnapshot
from retouche.services.datasets import DatasetRevision
from tests.datasets import Browser, serve
from tests.territory import tables, write_territory

STRUCTURES = "/resources/structures"
COUNTED, JOINED = "nbre_fs_rayon_30km", "population_commune"


@pytest.fixture
def territory(tmp_path: Path) -> Browser:
    folder = write_territory(tmp_path / "territoire")
    return Browser(serve(tmp_path / "home", {"territoire": folder}), "territoire")


def update(key: str, **new: str | None) -> dict[str, Any]:
    return {"op": "update", "resource": "structures", "key": {"id_fs": key}, "new": new}


def rows(territory: Browser, query: str = "") -> list[dict[str, Any]]:
    answer = territory.get(f"{STRUCTURES}/rows?page_size=50&{query}")
    assert answer.status_code == 200, answer.json
    found: list[dict[str, Any]] = answer.json["data"]
    return found


def computed(territory: Browser, field: str, revision: str = "") -> dict[str, str | None]:
    """The cells of a column by counter."""
    query = f"revision={revision}" if revision else ""
    return {row["id_fs"]: row[field] for row in rows(territory, query)}


def populations() -> dict[str, str | None]:
    header, *listed = tables()["communes"]
    at, people = header.index("code"), header.index("population")
    return {row[at]: row[people] or None for row in listed}


def test_rows_have_the_columns_where_the_schema_has_them(territory: Browser) -> None:
    first = rows(territory)[0]

    assert list(first)[-2:] == [COUNTED, JOINED]
    assert first[COUNTED] != "99", "what the file says does not count"
    people = populations()
    assert computed(territory, JOINED) == {
        row["id_fs"]: people[row["insee_com"]] for row in rows(territory)
    }


def test_one_row_has_them_too(territory: Browser) -> None:
    row = territory.get(f"{STRUCTURES}/rows/1").json["data"]

    assert row == rows(territory)[0]


def test_rows_are_found_and_sorted_by_them(territory: Browser) -> None:
    people = computed(territory, JOINED)
    known = {key: int(text) for key, text in people.items() if text is not None}

    assert [row["id_fs"] for row in rows(territory, f"{JOINED}__isnull")] == ["6"]
    found = {row["id_fs"] for row in rows(territory, f"{JOINED}__strictly_greater=2000")}
    assert found == {key for key, number in known.items() if number > 2000}
    ordered = [row["id_fs"] for row in rows(territory, f"{JOINED}__sort=desc")]
    assert [known[key] for key in ordered[:-1]] == sorted(known.values(), reverse=True)
    assert ordered[-1] == "6", "missing ones last"
    number = people["1"]
    assert {row["id_fs"] for row in rows(territory, f"q={number}")} >= {"1"}


def test_facets_and_aggregates_of_them(territory: Browser) -> None:
    cells = list(computed(territory, COUNTED).values())
    counted = territory.get(f"{STRUCTURES}/facets?field={COUNTED}").json["data"][COUNTED]
    added = territory.get(f"{STRUCTURES}/aggregate?by=departement&sum={JOINED}").json["data"]

    assert {one["value"]: one["count"] for one in counted} == {
        value: cells.count(value) for value in cells
    }
    sums: dict[str, int] = {}
    for row in rows(territory):
        sums[row["departement"]] = sums.get(row["departement"], 0) + int(row[JOINED] or 0)
    assert {one["departement"]: one[f"sum_{JOINED}"] for one in added} == sums


def test_the_csv_is_the_file_unless_computed_columns_are_asked_for(territory: Browser) -> None:
    stored = territory.get(f"{STRUCTURES}/data.csv")
    filtered = territory.get(f"{STRUCTURES}/data.csv?id_fs__exact=1")
    whole = territory.get(f"{STRUCTURES}/data.csv?computed=1")
    chosen = territory.get(f"{STRUCTURES}/data.csv?columns=id_fs,{JOINED}&id_fs__exact=1")

    def read(answer: Any) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(answer.data.decode())))

    # The territory has a personal column, so its file is never handed out as it is.
    assert JOINED not in read(stored)[0]
    assert read(filtered)[0][COUNTED] == "99"
    assert [row[JOINED] or None for row in read(whole)] == list(
        computed(territory, JOINED).values()
    )
    assert [row[COUNTED] or None for row in read(whole)] == list(
        computed(territory, COUNTED).values()
    )
    assert read(chosen) == [{"id_fs": "1", JOINED: computed(territory, JOINED)["1"]}]
    assert territory.get(f"{STRUCTURES}/data.csv?computed=yes").status_code == 400


def test_other_downloads_have_them(territory: Browser) -> None:
    expected = computed(territory, JOINED)

    listed = territory.get(f"{STRUCTURES}/data.json").json
    features = territory.get(f"{STRUCTURES}/data.geojson").json["features"]
    book = zipfile.ZipFile(io.BytesIO(territory.get(f"{STRUCTURES}/data.xlsx").data))

    assert {one["id_fs"]: one[JOINED] for one in listed} == expected
    told = {one["properties"]["id_fs"]: one["properties"][JOINED] for one in features}
    assert told == expected
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert f"<v>{expected['1']}</v>" in sheet
    assert "<v>99</v>" not in sheet


def test_pages_show_them(territory: Browser) -> None:
    people = computed(territory, JOINED)["5"]
    assert people is not None
    card = territory.client.get("/territoire/structures/5?lang=fr").text
    table = territory.client.get(f"/territoire/structures?{JOINED}__exact={people}&view=all")

    for page in (card, table.text):
        assert people in page.replace("\u202f", "").replace("&#8239;", "").replace("\xa0", "")
    assert table.status_code == 200


def test_a_proposal_moves_its_neighbours_and_changes_one_line(territory: Browser) -> None:
    before, file = computed(territory, COUNTED), territory.file("structures")
    # To where no other counter is near.
    made = territory.propose(update("1", latitude="47.0000", longitude="-1.0000")).json
    revision = f"proposal:{made['id']}"
    after = computed(territory, COUNTED, revision)

    assert after["1"] == "0"
    moved = {key for key in before if before[key] != after[key]}
    assert {"2", "1"} <= moved <= {"1", "2", "3", "4", "5"}
    assert int(after["2"] or 0) == int(before["2"] or 0) - 1
    assert computed(territory, COUNTED) == before, "nothing is published yet"

    assert territory.accept(made).status_code == 200

    assert computed(territory, COUNTED) == after
    lines = territory.file("structures").splitlines()
    changed = [new for new, old in zip(lines, file.splitlines(), strict=True) if new != old]
    assert len(changed) == 1
    assert changed[0].endswith(b",99"), "the file keeps what it has of a computed column"
    diff = territory.get(f"/proposals/{made['id']}/diff").json
    assert [list(one["new"]) for one in diff["operations"]] == [["latitude", "longitude"]]


def test_a_correction_elsewhere_is_seen_here(territory: Browser) -> None:
    """The tag of an answer follows all files of the commit."""
    address = f"{STRUCTURES}/rows?columns=id_fs,{COUNTED}"
    first = territory.get(address)
    territory.accept(territory.propose(update("2", latitude="47", longitude="-1")).json)
    second = territory.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert second.status_code == 200
    assert second.json["data"] != first.json["data"]


@pytest.mark.parametrize("field", [COUNTED, JOINED])
def test_a_computed_column_cannot_be_edited(territory: Browser, field: str) -> None:
    def said(language: str) -> Any:
        return territory.client.post(
            f"{territory.api}/proposals",
            json={"operations": [update("1", **{field: "12"})]},
            headers={"Accept-Language": language},
        )

    answer = said("en")
    assert (answer.status_code, answer.json["code"]) == (422, "not_editable")
    assert answer.json["pointer"] == f"/operations/0/new/{field}"
    assert field in answer.json["detail"]
    assert "is computed from other data" in answer.json["detail"]
    assert "est calculée à partir d’autres données" in said("fr").json["detail"]


def test_a_row_is_added_without_computed_columns(territory: Browser) -> None:
    row = {
        "id_fs": "13",
        "lib_fs": "France services de Clairfont-05",
        "statut": "labellisée",
        "insee_com": "05004",
        "departement": "05",
        "latitude": "44.5",
        "longitude": "6.45",
    }
    insert = {"op": "insert", "resource": "structures", "row": row}
    given = {**insert, "row": {**row, JOINED: "3"}}

    assert territory.propose(given).json["code"] == "not_editable"
    made = territory.propose(insert)

    assert made.status_code == 201, made.json
    assert made.json["warnings"] == []
    found = computed(territory, JOINED, f"proposal:{made.json['id']}")
    assert found["13"] == populations()["05004"]


def test_forms_show_them_as_computed(territory: Browser) -> None:
    new = territory.client.get("/territoire/structures?add&lang=en").text
    old = territory.client.get("/territoire/structures/5?edit&lang=en").text

    assert "cell.telephone" in old
    assert JOINED not in new
    assert "Computed from other data" not in new
    assert old.count("Computed from other data; it follows by itself.") == 2
    assert computed(territory, JOINED)["5"] == "3600"
    assert "3,600" in old


def test_a_corrected_copy_may_hold_them(territory: Browser) -> None:
    """What is downloaded with computed columns comes back, and nobody is asked about them."""
    copy = territory.get(f"{STRUCTURES}/data.csv?computed=1").data
    corrected = copy.replace(b"0465710002", b"0465710099")
    answer: Any = territory.client.post(
        f"{territory.api}{STRUCTURES}/comparison", data=corrected, content_type="text/csv"
    )

    assert answer.status_code == 200, answer.json
    assert [one["new"] for one in answer.json["operations"]] == [{"telephone": "0465710099"}]
    assert [one for one in answer.json.get("notes", []) if "column" in str(one).lower()] == []


def test_what_the_file_lacks_is_no_fault(territory: Browser) -> None:
    made = territory.post("/validate", {"operations": [update("1", telephone="0465710009")]})

    assert made.json == {"valid": True, "errors": [], "warnings": []}


def test_the_page_of_the_dataset_does_not_count_them_as_unfilled(territory: Browser) -> None:
    page = territory.client.get("/territoire").text
    assert ">Téléphone</th>" in page
    assert "Habitants de la commune" not in page


def test_a_resource_without_them_is_read_as_it_is(territory: Browser) -> None:
    services, revision = territory.services, _published(territory)

    assert services.derived.snapshot(revision, "communes") is revision.snapshot("communes")
    snapshot = services.derived.snapshot(revision, "structures")
    assert isinstance(snapshot, ComputedSnapshot)
    assert services.derived.snapshot(_published(territory), "structures") is snapshot


def test_an_indicator_that_cannot_be_used_leaves_its_column_empty(tmp_path: Path) -> None:
    folder = write_territory(tmp_path / "territoire")
    described = json.loads((folder / "datapackage.json").read_text())
    del described["retouche"]["indicators"]["fs_30km"]
    (folder / "datapackage.json").write_text(json.dumps(described))
    territory = Browser(serve(tmp_path / "home", {"territoire": folder}), "territoire")

    assert set(computed(territory, COUNTED).values()) == {None}
    assert computed(territory, JOINED)["1"] == "400"


def _published(territory: Browser) -> DatasetRevision:
    return territory.services.catalogue.get(territory.dataset).at()


def test_a_row_is_taken_away_as_it_was_seen(territory: Browser) -> None:
    """What was seen of computed cells is no part of the row, and comes back in no undoing."""
    seen = territory.get(f"{STRUCTURES}/rows/8").json["data"]
    delete = {"op": "delete", "resource": "structures", "key": {"id_fs": "8"}, "old": seen}

    made = territory.propose(delete)

    assert made.status_code == 201, made.json
    assert made.json["operations"][0]["old"][COUNTED] == "99"
    assert made.json["operations"][0]["old"].get(JOINED) is None
