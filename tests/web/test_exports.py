"""Downloads as other standards and for other tools: mappings, Parquet, labels; their refusals."""

from __future__ import annotations

import csv
import importlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from retouche.services.exports import formats
from retouche.web.app import is_costly
from tests.datasets import DESKS, Browser, serve, update, write_desks
from tests.web.pages import visit

MAPPINGS = {
    "places": {
        "title": {"fr": "Lieux", "en": "Places"},
        "resource": "desks",
        "columns": {
            "identifier": {"field": "id"},
            "name": {"field": "name"},
            "phone": {
                "field": "phone",
                "patterns": [{"pattern": "^0([1-9](?: ?[0-9]{2}){4})$", "text": "+33 {1}"}],
            },
            "kind": {"text": "desk"},
        },
    }
}


@pytest.fixture
def mapped(tmp_path: Path) -> Iterator[Browser]:
    folder = write_desks(tmp_path / "desks")
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text())
    descriptor["retouche"] = {"mappings": MAPPINGS}
    path.write_text(json.dumps(descriptor, ensure_ascii=False))
    services = serve(tmp_path / "home", {"desks": folder})
    yield Browser(services)
    services.close()


def test_a_mapping_is_a_file_of_the_standard_linked_from_the_dataset(mapped: Browser) -> None:
    link = mapped.get("").json["exports"]["places"]
    assert link.endswith("/api/v1/datasets/desks/exports/places.csv")
    answer = mapped.get("/exports/places.csv")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="places.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    names = [row["name"] for row in mapped.get("/resources/desks/rows").json["data"]]
    assert [row["name"] for row in rows] == names
    assert list(rows[0]) == ["identifier", "name", "phone", "kind"]
    as_json = mapped.get("/exports/places.json").json
    assert [row["identifier"] for row in as_json] == [row["identifier"] for row in rows]
    assert {row["kind"] for row in as_json} == {"desk"}


def test_a_mapping_is_of_the_revision_that_is_asked_for(mapped: Browser) -> None:
    before = mapped.published
    proposal = mapped.propose(update("01", name="New name")).json
    mapped.accept(proposal)
    rows = mapped.get("/exports/places.json").json
    assert rows[0]["name"] == "New name"
    kept = mapped.get(f"/exports/places.json?revision={before}")
    assert kept.json[0]["name"] != "New name"
    assert "immutable" in kept.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/exports/other.csv", 404, "not_found"),
        ("/exports/places.xlsx", 404, "not_found"),
        ("/exports/places.csv?q=a", 400, "malformed"),
        ("/resources/desks/data.xlsx?labels=yes", 400, "malformed"),
        ("/resources/desks/data.csv?labels=1", 400, "unknown_field"),
    ],
)
def test_what_is_not_there_is_told(mapped: Browser, path: str, status: int, code: str) -> None:
    answer = mapped.get(path)
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_parquet_is_read_by_pyarrow_and_has_an_etag(mapped: Browser) -> None:
    parquet: Any = pytest.importorskip("pyarrow.parquet")
    answer = mapped.get("/resources/desks/data.parquet?agents__greater=3&columns=id,agents")
    assert answer.status_code == 200
    assert answer.content_type == "application/vnd.apache.parquet"
    table = parquet.read_table(io.BytesIO(answer.data))
    assert table.column("id").to_pylist() == ["02", "04"]
    assert table.schema.field("id").type == "string"
    told = table.schema.metadata
    assert json.loads(told[b"retouche.revision"]) == mapped.published
    again = mapped.get(
        "/resources/desks/data.parquet?agents__greater=3&columns=id,agents",
        headers={"If-None-Match": answer.headers["ETag"]},
    )
    assert again.status_code == 304


def test_without_the_extra_parquet_is_refused_in_words(
    mapped: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = importlib.import_module

    def absent(name: str, package: str | None = None) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return load(name, package)

    monkeypatch.setattr(importlib, "import_module", absent)
    answer = mapped.get("/resources/desks/data.parquet", headers={"Accept-Language": "fr"})
    assert (answer.status_code, answer.json["code"]) == (415, "unsupported")
    assert "retouche[parquet]" in answer.text


def test_texts_that_no_cell_of_a_workbook_holds_come_back_as_no_change(tmp_path: Path) -> None:
    texts = ["x" * 32_767, "y" * 32_768, " é" * 20_000, "\U0001f600" * 16_384,
             "z" + "\U0001f600" * 16_383, "z" + "\U0001f600" * 16_384, "a\n" * 20_000]  # fmt: skip
    lines = [f'{at:02},Desk,84003,,2,,,,"{text}"' for at, text in enumerate(texts)]
    data = "\n".join([DESKS.partition("\n")[0], *lines, ""])
    folder = write_desks(tmp_path / "package", desks=data)
    browser = Browser(serve(tmp_path / "home", {"desks": folder}))
    book = browser.get("/resources/desks/data.xlsx").data
    cells = [row[-1].value for row in openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]]
    assert [one == text for one, text in zip(cells[1:], texts, strict=True)].count(True) == 2
    assert all(len(str(one).encode("utf-16-le")) <= 2 * 32_767 for one in cells)
    answer = browser.client.post(
        f"{browser.api}/resources/desks/comparison",
        data=book,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    assert answer.get_json()["operations"] == [], answer.text[:300]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_our_workbook_with_its_legend_comes_back_as_no_change(
    mapped: Browser, language: str
) -> None:
    book = mapped.get("/resources/desks/data.xlsx", headers={"Accept-Language": language}).data
    answer = mapped.client.post(
        f"{mapped.api}/resources/desks/comparison",
        data=book,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["operations"] == []
    assert "one_sheet" not in answer.text


@pytest.mark.parametrize("there", [True, False])
def test_pages_and_widgets_offer_what_there_is(
    mapped: Browser, there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "is_there", lambda: there)
    page = visit(mapped.client, "/desks/desks?lang=en&q=apt")
    assert ("PARQUET" in page.text) == there
    assert "/exports/places.csv" in page.link("Places (CSV)")
    widget = mapped.get("/widgets/desks").json
    told = widget["resources"]["desks"]
    assert ("parquet" in told["links"]) == there
    (places,) = told["exports"]
    assert places["title"] == {"fr": "Lieux", "en": "Places"}
    for address in (places["url"], *([told["links"]["parquet"]] if there else [])):
        assert mapped.client.get(address.removeprefix("http://localhost")).status_code == 200


@pytest.mark.parametrize(
    ("address", "costly"),
    [
        ("/api/v1/datasets/d/resources/r/data.parquet", True),
        ("/api/v1/datasets/d/exports/places.csv", True),
        ("/api/v1/datasets/d/resources/r/data.xlsx?labels=0", True),
        ("/api/v1/datasets/d/resources/r/data.csv", False),
        ("/api/v1/datasets/d/resources/r/rows", False),
    ],
)
def test_whole_files_go_one_at_a_time(address: str, costly: bool) -> None:
    assert is_costly(address, 0) is costly
