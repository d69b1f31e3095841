"""A corrected copy of a file becomes operations: those that were meant, and no others."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from tests.datasets import (
    DESKS,
    DESKS_SCHEMA,
    Browser,
    delete,
    field,
    insert,
    serve,
    update,
    write_desks,
)
from tests.realdata import ROOT

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COMPARISON = "/resources/desks/comparison"


def send(desks: Browser, data: bytes | str, *, query: str = "", **options: Any) -> Any:
    data = data.encode() if isinstance(data, str) else data
    media = XLSX if data.startswith(b"PK") else "text/csv"
    address = f"{desks.api}{COMPARISON}{query}"
    return desks.client.post(address, data=data, **{"content_type": media, **options})


def operations(desks: Browser, data: bytes | str, **options: Any) -> list[dict[str, Any]]:
    answer = send(desks, data, **options)
    assert answer.status_code == 200, answer.json
    found: list[dict[str, Any]] = answer.json["operations"]
    return found


def changed(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The operations without their old values."""
    return [{name: one[name] for name in one if name != "old"} for one in found]


def codes(desks: Browser, data: bytes | str, **options: Any) -> list[str]:
    answer = send(desks, data, **options)
    assert answer.status_code == 200, answer.json
    assert all(one["message"] for one in answer.json["notes"])
    return [one["code"] for one in answer.json["notes"]]


def refusal(desks: Browser, data: bytes | str, **options: Any) -> tuple[int, str]:
    answer = send(desks, data, headers={"Accept-Language": "en"}, **options)
    return answer.status_code, answer.json["detail"]


def workbook(*rows: list[Any], title: str = "Feuille", before: bool = False) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if before:
        sheet.append(["Lisez-moi"])
        sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    result = io.BytesIO()
    book.save(result)
    return result.getvalue()


def typed(text: str) -> Any:
    """What a spreadsheet makes of a text that it opens."""
    for read in (int, float, datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    return text or None


def retyped(text: str = DESKS) -> list[list[Any]]:
    header, *rows = csv.reader(io.StringIO(text))
    return [header, *([typed(one) for one in row] for row in rows)]


def test_the_file_itself_changes_nothing(desks: Browser) -> None:
    answer = send(desks, DESKS)
    assert answer.json == {
        "operations": [],
        "meta": {
            "revision": desks.published,
            "rows": 4,
            "unchanged": 4,
            "updated": 0,
            "inserted": 0,
            "deleted": 0,
            "absent": 0,
        },
        "notes": [],
    }


def test_changes_are_operations_that_can_be_proposed(desks: Browser) -> None:
    copy = DESKS.replace("04 65 71 00 01", "04 65 71 99 99").replace("closed on Monday", "")
    copy += "09,Desk of Rustrel,84003,,2,,,,\n"
    found = operations(desks, copy)
    assert found == [
        update("01", phone="04 65 71 99 99") | {"old": {"phone": "04 65 71 00 01"}},
        update("03", note=None) | {"old": {"note": "closed on Monday"}},
        insert(id="09", name="Desk of Rustrel", city_code="84003", agents="2"),
    ]
    sent = desks.propose(*found, base_revision=desks.published)
    assert sent.status_code == 201, sent.json
    desks.accept(sent.json)
    assert operations(desks, copy) == []


def test_rows_that_the_copy_lacks_stay_unless_they_are_to_go(desks: Browser) -> None:
    copy = "".join(DESKS.splitlines(keepends=True)[:2])
    kept = send(desks, copy).json
    assert (kept["operations"], kept["meta"]["absent"]) == ([], 3)
    gone = send(desks, copy, query="?absent=delete").json
    assert changed(gone["operations"]) == [delete("02"), delete("03"), delete("04")]
    assert gone["operations"][0]["old"]["note"] == "two\nlines"
    assert (gone["meta"]["deleted"], gone["meta"]["absent"]) == (3, 0)
    assert refusal(desks, copy, query="?absent=perhaps")[0] == 400
    assert refusal(desks, copy, query="?nope=1")[0] == 400


@pytest.mark.parametrize(
    ("encoding", "delimiter", "told"),
    [
        ("utf-8", ",", []),
        ("utf-8-sig", ",", []),
        ("utf-8", ";", ["assumed_dialect"]),
        ("utf-8-sig", "\t", ["assumed_dialect"]),
        ("cp1252", ";", ["assumed_dialect"]),
        ("iso8859-1", "|", ["assumed_dialect"]),
        ("utf-16", ";", ["assumed_dialect"]),
        ("utf-16", "\t", ["assumed_dialect"]),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_encodings_and_delimiters_are_understood(
    desks: Browser, encoding: str, delimiter: str, told: list[str], ends: str
) -> None:
    copy = f'id,name,note\n01,Dépôt d\'Apt,été\n02,"Desk of ""Sault""","two{ends}lines"\n'
    data = copy.replace(",", delimiter).replace("\n", ends).replace("\r\r", "\r").encode(encoding)
    found = changed(operations(desks, data))
    assert found == [update("01", name="Dépôt d'Apt", note="été")]
    assert [one for one in codes(desks, data) if one != "kept_spacing"] == told


def test_a_file_in_another_encoding_is_compared_with_copies_in_both(tmp_path: Path) -> None:
    text = "id;name\n01;Économie\n02;Été\n"
    folder = write_desks(tmp_path / "p", desks=text.encode("cp1252"))
    described = json.loads((folder / "datapackage.json").read_text())
    described["resources"][0] |= {"encoding": "cp1252", "dialect": {"delimiter": ";"}}
    (folder / "datapackage.json").write_text(json.dumps(described))
    desks = Browser(serve(tmp_path / "h", {"desks": folder}))
    copy = text.replace("Été", "L’été")
    for encoding in ("cp1252", "utf-8", "utf-8-sig", "utf-16"):
        assert changed(operations(desks, copy.encode(encoding))) == [update("02", name="L’été")]


def test_columns_are_found_by_name_title_or_label_in_any_order(desks: Browser) -> None:
    copy = "Note;TELEPHONE;Autre;Identifiant\nx;04 00 00 00 01;?;01\n"
    answer = send(desks, copy, headers={"Accept-Language": "en"})
    assert changed(answer.json["operations"]) == [update("01", note="x", phone="04 00 00 00 01")]
    told = next(one for one in answer.json["notes"] if one["code"] == "unknown_columns")
    assert told["message"].endswith("passed over: Autre.")
    assert refusal(desks, "id,Identifiant\n01,01\n")[0] == 422
    assert refusal(desks, "name,note\nx,y\n") == (
        422,
        "The file does not have the columns that tell which row is which: id. It has: name, note.",
    )


@pytest.mark.parametrize(
    ("copy", "detail"),
    [
        ("id,note\n01,x\n,y\n", "no key (1), so nobody can tell which they are: 3."),
        ("id,note\n01,x\n01,y\n", "same key (2), such as “01”, so nobody can tell which is which:"),
        ("id,note\n01,x\n02\n03,a,b\n", "fewer cells than its header (2): 3, 4."),
        ("", "The file is empty."),
        ("\n\n", "The file is empty."),
        ('id,note\n01,"x\n', "quote"),
        ("id,note\n01,\0\n", "NUL"),
        ('{"id": 1}', "json"),
    ],
)
def test_what_is_no_table_is_refused_with_its_rows(desks: Browser, copy: str, detail: str) -> None:
    status, said = refusal(desks, copy)
    assert status == 422
    assert detail in said


def test_rows_at_fault_in_the_published_file_are_no_fault_of_a_copy(tmp_path: Path) -> None:
    text = DESKS + "01,Twice,,,,,,,\n,No key,,,,,,,\n05,Short\n"
    folder = write_desks(tmp_path / "p", desks=text)
    desks = Browser(serve(tmp_path / "h", {"desks": folder}))
    assert operations(desks, text) == []
    assert changed(operations(desks, text.replace("of Gordes", "in Gordes"))) == [
        update("03", name="Desk in Gordes")
    ]
    assert refusal(desks, text.replace("Twice", "Again"))[0] == 422


def test_damage_by_spreadsheets_is_undone_and_told(desks: Browser) -> None:
    copy = (
        "id;city_code;phone;agents;opened;latitude;note;;\n"
        "1;84003;04 65 71 00 01 ;2,0;02/01/2020;43,8765;;;\n"
        '2;84123;04 65 71 00 02;3;04/03/2021;44.09170;"two\r\nlines";;\n'
        "3;84050.0;;2;06/05/2022;43,9113;closed on Tuesday;;\n"
        "4;84082;04 65 71 00 04;5,0;07/08/2023;44.0667;'=x;;\n"
        ";;;;;;;;\n"
    )
    answer = send(desks, copy)
    assert changed(answer.json["operations"]) == [
        update("03", note="closed on Tuesday"),
        update("04", agents="5", opened="2023-08-07", note="=x"),
    ]
    assert {one["code"] for one in answer.json["notes"]} == {
        *("assumed_dialect", "repaired_keys", "kept_spacing", "kept_number_form"),
        *("kept_date_form", "undone_number_form", "undone_date_form", "undone_apostrophe"),
    }


def test_our_own_exports_for_spreadsheets_change_nothing(tmp_path: Path) -> None:
    text = DESKS.replace("closed on Monday", "=1+1").replace("two\nlines", "+33 (0)4")
    desks = Browser(serve(tmp_path / "h", {"desks": write_desks(tmp_path / "p", desks=text)}))
    for path in ("data.csv?spreadsheet=1", "data.csv", "data.xlsx", "data.xlsx?lang=en"):
        data = desks.get(f"/resources/desks/{path}").data
        assert operations(desks, data) == [], path


def test_a_workbook_gives_the_same_operations(desks: Browser) -> None:
    rows = retyped()
    assert rows[1][:1] == [1]
    assert isinstance(rows[1][5], datetime)
    assert operations(desks, workbook(*rows)) == []
    rows[1][4], rows[2][5], rows[3][6] = 7, date(2024, 2, 1), 43.5
    rows[4][8] = "line\r\nend"
    rows.append([9, "Desk of Rustrel", 84003, None, 2.0, datetime(2024, 5, 6), 43.92, 5.48, True])
    found = changed(operations(desks, workbook([], ["Export"], *rows, [None, ""], before=True)))
    assert found == [
        update("01", agents="7"),
        update("02", opened="2024-02-01"),
        update("03", latitude="43.5"),
        update("04", note="line\nend"),
        insert(
            id="9",
            name="Desk of Rustrel",
            city_code="84003",
            agents="2",
            opened="2024-05-06",
            latitude="43.92",
            longitude="5.48",
            note="true",
        ),
    ]


def test_times_and_truths_of_a_workbook_get_the_words_of_the_data(tmp_path: Path) -> None:
    fields = [
        field("id"),
        field("open", "boolean", trueValues=["oui"], falseValues=["non"]),
        field("hours"),
        field("since", "date", format="%d/%m/%Y"),
        field("rate", "number", decimalChar=","),
        field("siret"),
        field("flag"),
    ]
    text = (
        'id,open,hours,since,rate,siret,flag\n1,oui,09:00,01/02/2020,"1,50",01234567890123,VRAI\n'
    )
    folder = write_desks(tmp_path / "p", desks=text)
    described = json.loads((folder / "datapackage.json").read_text())
    described["resources"][0]["schema"] = {"fields": fields, "primaryKey": "id"}
    (folder / "datapackage.json").write_text(json.dumps(described))
    desks = Browser(serve(tmp_path / "h", {"desks": folder}))
    header = text.partition("\n")[0].split(",")
    same = [1, True, time(9), date(2020, 2, 1), 1.5, 1234567890123, True]
    assert operations(desks, workbook(header, same)) == []
    assert (
        operations(
            desks, f"{text.partition(chr(10))[0]}\n1,VRAI,09:00,1/2/2020,1.5,1.23456789E+12,TRUE\n"
        )
        == []
    )
    other = [1, False, time(14, 30), date(2021, 3, 4), 2.25, 99999999999999, False]
    assert changed(operations(desks, workbook(header, other))) == [
        update(
            "1",
            open="non",
            hours="14:30",
            since="04/03/2021",
            rate="2,25",
            siret="99999999999999",
            flag="false",
        )
    ]


def test_formulas_of_a_workbook_are_what_they_last_gave(desks: Browser) -> None:
    result = io.BytesIO()
    with xlsxwriter.Workbook(result) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "agents"])
        sheet.write_string(1, 0, "01")
        sheet.write_formula(1, 1, "=2+4", None, 6)
    assert changed(operations(desks, result.getvalue())) == [update("01", agents="6")]


def test_locked_and_personal_columns_are_left_alone(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "p")
    described = json.loads((folder / "datapackage.json").read_text())
    schema: Any = json.loads(json.dumps(DESKS_SCHEMA))
    schema["fields"][3]["retouche"] = {"personal": True}
    schema["fields"][8]["retouche"] = {"locked": True}
    described["resources"][0]["schema"] = schema
    (folder / "datapackage.json").write_text(json.dumps(described))
    desks = Browser(serve(tmp_path / "h", {"desks": folder}))
    answer = send(desks, "id,phone,note,name\n01,04 65 71 00 01,x,Desk\n09,1,y,New\n")
    assert changed(answer.json["operations"]) == [
        update("01", name="Desk"),
        insert(id="09", name="New"),
    ]
    assert [one["code"] for one in answer.json["notes"]] == ["unknown_columns", "fixed_columns"]
    gone = send(desks, "id\n01\n", query="?absent=delete")
    assert all("phone" not in one["old"] for one in gone.json["operations"])


def test_a_form_with_one_file_will_do(desks: Browser) -> None:
    copy = "id,note\n01,x\n"
    answer: Any = desks.client.post(
        f"{desks.api}{COMPARISON}",
        data={"file": (io.BytesIO(copy.encode()), "copy.csv")},
        content_type="multipart/form-data",
    )
    assert changed(answer.json["operations"]) == [update("01", note="x")]
    answer = desks.client.post(
        f"{desks.api}{COMPARISON}",
        data={"other": (io.BytesIO(copy.encode()), "copy.csv")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 400


def test_other_media_types_and_resources_are_refused(desks: Browser) -> None:
    assert refusal(desks, "id\n", content_type="application/json")[0] == 415
    answer: Any = desks.client.post(
        f"{desks.api}/resources/cities/comparison", data="code\n", content_type="text/csv"
    )
    assert (answer.status_code, answer.json["code"]) == (422, "not_editable")


def test_limits_of_size_and_operations_are_told(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "p")
    services = serve(tmp_path / "h", {"desks": folder}, max_upload=3_000, max_operations=3)
    desks = Browser(services)
    assert operations(desks, DESKS + " ".ljust(1_000, "\n")) == []
    status, _ = refusal(desks, DESKS + "\n" * 3_000)
    assert status == 413
    many = DESKS + "".join(f"{one},Desk {one},,,,,,,\n" for one in range(10, 21))
    status, said = refusal(desks, many)
    assert status == 413
    assert "11" in said
    assert "3" in said


def test_nothing_is_written(desks: Browser, tmp_path: Path) -> None:
    before = desks.published, desks.get("/proposals").json["meta"]["total"]
    operations(desks, DESKS.replace("Apt", "APT"))
    assert (desks.published, desks.get("/proposals").json["meta"]["total"]) == before


def rezipped(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return result.getvalue()


def in_sheet(change: Callable[[bytes], bytes]) -> Callable[[str, bytes], bytes]:
    return lambda name, data: change(data) if name.endswith("sheet1.xml") else data


def test_a_workbook_that_unpacks_to_too_much_is_refused(desks: Browser) -> None:
    book = workbook(["id", "note"], ["01", "x"])
    bomb = rezipped(book, in_sheet(lambda data: data + b" " * 30_000_000))
    assert len(bomb) < 100_000
    assert refusal(desks, bomb)[0] == 413


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b'r="A2"', b'r="ZZZZZZZZZ2"'),
        lambda data: data.replace(b'<row r="2"', b'<row r="99999999999"'),
        lambda data: data.replace(b"<sheetData>", b"<sheetData><nope>"),
        lambda data: (
            b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>' + data[data.find(b"<w") :]
        ),
        lambda data: data.replace(b't="s"', b't="n"'),
        lambda data: data.replace(b"<v>1</v>", b"<v>99</v>"),
        lambda data: data[: len(data) // 2],
        lambda data: b"",
    ],
)
def test_odd_workbooks_break_nothing(desks: Browser, change: Callable[[bytes], bytes]) -> None:
    book = workbook(["id", "note"], ["01", "x"], ["02", "y"])
    assert send(desks, rezipped(book, in_sheet(change))).status_code in (200, 413, 422)


def test_no_bytes_break_the_server(desks: Browser) -> None:
    chance = random.Random(7)
    book = workbook(["id", "note"], ["01", "x"])
    samples = [chance.randbytes(chance.randrange(1, 400)) for _ in range(60)]
    samples += [book[: chance.randrange(len(book))] for _ in range(15)]
    for _ in range(40):
        bent = bytearray(chance.choice((book, DESKS.encode(), DESKS.encode("utf-16"))))
        for _ in range(chance.randrange(1, 6)):
            bent[chance.randrange(len(bent))] = chance.randrange(256)
        samples.append(bytes(bent))
    for data in samples:
        for media in ("text/csv", XLSX):
            answer = send(desks, data, content_type=media)
            assert answer.status_code in (200, 413, 422), (data, answer.json)


@pytest.mark.real_data
def test_known_odd_csv_files_break_nothing(desks: Browser) -> None:
    files = sorted((ROOT / "csv-spectrum").rglob("*.csv"))
    if not files:
        pytest.skip("needs ../shared/data/csv-spectrum")
    for file in files:
        assert send(desks, file.read_bytes()).status_code in (200, 413, 422), file
