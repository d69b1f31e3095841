"""Corrected copies that are sent for comparison: too long, too wide, bombs, and no tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from retouche.core.errors import RateLimited
from retouche.services.turns import Turns
from tests.attacks.requests import Ask, check, table
from tests.datasets import Browser, serve, write_desks

PATH = "resources/desks/comparison"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER = b"id,name,city_code,phone,agents,opened,latitude,longitude,note\n"
MOST = 19_900_000
"""Bytes, just under the limit of a copy."""
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

LARGE: list[tuple[str, Callable[[], bytes], int, str]] = [
    ("over the limit", lambda: b"x" * 20_000_001, 413, "too_large"),
    ("a header of commas", lambda: b"," * MOST, 413, "too_large"),
    ("a header of ten million columns", lambda: b"a," * (MOST // 2), 413, "too_large"),
    ("the key and ten million columns", lambda: b"id," + b"a," * (MOST // 2), 413, "too_large"),
    ("a header of 200,000 columns", lambda: b",".join(b"id%d" % one for one in range(100_000)),
     413, "too_large"),
    ("a row of commas", lambda: HEADER + b"01" + b"," * (MOST - 100), 413, "too_large"),
    ("rows of 20,000 columns", lambda: HEADER + (b"01" + b"," * 20_000 + b"\n") * 900, 413,
     "too_large"),
    ("empty lines", lambda: HEADER + b"\n" * (MOST - 100), 413, "too_large"),
    ("carriage returns", lambda: HEADER + b"\r" * (MOST - 100), 413, "too_large"),
    ("six million short rows", lambda: HEADER + b"1\n" * (MOST // 2 - 100), 413, "too_large"),
    ("a million rows of one key", lambda: HEADER + b"01,x,,,,,,,\n" * 1_000_000, 413,
     "too_large"),
    ("a million rows of a key that was", lambda: HEADER + b"9,Desk of Apt,,,,,,,\n" * 900_000,
     413, "too_large"),
    ("an open quote", lambda: HEADER + b'"' * (MOST - 101), 413, "too_large"),
    ("an open quote that ends", lambda: HEADER + b'01,"' + b"x\n" * 50, 422, "unreadable_file"),
    ("quotes in pairs", lambda: HEADER + b'""' * (MOST // 2 - 100), 413, "too_large"),
    ("NUL", lambda: HEADER + b"\0" * 1_000_000, 422, "unreadable_file"),
    ("one long cell", lambda: HEADER + b"01," + b"x" * (MOST - 100), 413, "too_large"),
    ("marks on one letter", lambda: HEADER + b"01," + b"\xcc\x81" * 9_000_000, 413, "too_large"),
    ("bytes of one-byte letters", lambda: HEADER + b"\xe9" * (MOST - 100), 413, "too_large"),
    ("UTF-16 of many rows", lambda: ("id,name\n" + "01,x\n" * 400_000).encode("utf-16"), 413,
     "too_large"),
    ("UTF-16 cut in a letter", lambda: b"\xff\xfe" + b"i\0d\0\n", 422, "unreadable_file"),
    ("another delimiter and a million rows", lambda: b"id;name\n" + b"01;x\n" * 1_000_000, 413,
     "too_large"),
]  # fmt: skip
NO_TABLES: list[tuple[str, bytes, int, str]] = [
    ("nothing", b"", 422, "unreadable_file"),
    ("a line end", b"\n", 422, "unreadable_file"),
    ("blanks", b"   \n\t\n", 422, "unreadable_file"),
    ("a page", b"<html><script>alert(1)</script></html>", 422, "unreadable_file"),
    ("JSON", b'{"id": "01"}', 422, "unreadable_file"),
    ("Parquet", b"PAR1\x15\x04\x15\x04PAR1", 422, "unreadable_file"),
    ("a pickle", b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00N.", 422, "unreadable_file"),
    ("gzip", b"\x1f\x8b\x08\x00" + b"\0" * 100, 422, "unreadable_file"),
    ("bzip2", b"BZh91AY&SY" + b"\0" * 40, 422, "unreadable_file"),
    ("Feather", b"ARROW1\0\0" + b"\xff" * 40, 422, "unreadable_file"),
    ("a workbook of old", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, 422,
     "unreadable_file"),
    ("a pointer of LFS", b"version https://git-lfs.github.com/spec/v1\noid sha256:x\n", 422,
     "unreadable_file"),
    ("marks of a merge", b"id,name\n<<<<<<< a\n01,x\n=======\n01,y\n>>>>>>> b\n", 422,
     "unreadable_file"),
    ("another table", b"code,label\n1,x\n", 422, "unreadable_file"),
    ("the key twice", b"id,id\n01,02\n", 422, "unreadable_file"),
    ("an archive that is cut", b"PK\x03\x04" + b"\0" * 100, 422, "unreadable_file"),
    ("an archive of nothing", b"PK\x05\x06" + b"\0" * 18, 422, "unreadable_file"),
]  # fmt: skip


def workbook(sheet: bytes, **others: bytes) -> bytes:
    """The least that is a workbook, around one sheet; `others` replace parts of it."""
    parts = {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        b'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        b'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        b'<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/'
        b'sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
        b'worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode(),
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets><sheet '
        'name="x" sheetId="1" r:id="r1"/></sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.encode(),
        "xl/worksheets/sheet1.xml": sheet,
        **others,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def rows(*texts: str, head: str = "") -> bytes:
    cells = "".join(f'<row><c t="inlineStr"><is><t>{one}</t></is></c></row>' for one in texts)
    document = f'{head}<worksheet xmlns="{SHEET}"><sheetData>{cells}</sheetData></worksheet>'
    return document.encode()


def laughs() -> str:
    entities = "".join(f'<!ENTITY l{one} "{f"&l{one - 1};" * 10}">' for one in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]>'


WORKBOOKS: list[tuple[str, Callable[[], bytes], int, str | None]] = [
    ("a bomb of 300 MB", lambda: workbook(rows("id") + b" " * 300_000_000), 413, "too_large"),
    ("a bomb beside the sheet",
     lambda: workbook(rows("id"), **{"xl/media/x.png": b"\0" * 250_000_000}), 413, "too_large"),
    ("3,000 files", lambda: workbook(rows("id"), **{f"x{one}": b"" for one in range(3_000)}), 413,
     "too_large"),
    ("an archive in an archive", lambda: workbook(workbook(rows("id"))), 422, "unreadable_file"),
    ("a billion laughs", lambda: workbook(rows("id", "&l9;", head=laughs())), 422,
     "unreadable_file"),
    ("an entity that is a file", lambda: workbook(rows("id", "&x;",
     head='<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>')), 422, "unreadable_file"),
    ("an entity of the network", lambda: workbook(rows("id", "&x;",
     head='<!DOCTYPE x [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>')), 422, "unreadable_file"),
    ("a document type elsewhere", lambda: workbook(rows("id",
     head='<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">')), 200, None),
    ("deep elements", lambda: workbook(b"<a>" * 200_000), 422, "unreadable_file"),
    ("no XML", lambda: workbook(b"\0" * 1_000), 422, "unreadable_file"),
    ("a name that leaves", lambda: workbook(rows("x"), **{"../../evil": b"x"}), 422,
     "unreadable_file"),
    ("no key", lambda: workbook(rows("x", "y")), 422, "unreadable_file"),
    ("no sheets", lambda: workbook(b"", **{"xl/workbook.xml": b"<workbook/>"}), 422,
     "unreadable_file"),
    ("a sheet that is not there",
     lambda: workbook(rows("id")).replace(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheet9.xml"),
     422, "unreadable_file"),
]  # fmt: skip
FORMS: list[tuple[str, bytes, int, str]] = [
    ("no parts", b"--x--\r\n", 400, "malformed"),
    ("no file", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n', 400,
     "malformed"),
    ("two files", b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nb\r\n'
     b'--x\r\nContent-Disposition: form-data; name="file"; filename="b"\r\n\r\nb\r\n--x--\r\n',
     400, "malformed"),
    ("no end", b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nb', 400,
     "malformed"),
    ("3,000 parts", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' * 3_000
     + b"--x--\r\n", 413, "too_large"),
    ("a head without end", b"--x\r\n" + b"a" * 900_000, 400, "malformed"),
    ("carriage returns", b"--x\r\n" + b"\r" * 900_000, 400, "malformed"),
    ("a name that is a path",
     b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../x"\r\n\r\nb\r\n'
     b"--x--\r\n",
     422, "unreadable_file"),
]  # fmt: skip


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    folder = tmp_path_factory.mktemp("target")
    return Browser(serve(folder / "home", {"desks": write_desks(folder / "package")}))


@pytest.mark.attack("oversize", "quadratic-checks")
@table(Ask(name, PATH, status, code, "POST", {}, make) for name, make, status, code in LARGE)
def test_a_copy_of_twenty_megabytes_is_told_from_a_table_soon(target: Browser, ask: Ask) -> None:
    check(target, Ask(ask.name, PATH, ask.status, ask.code, "POST", {}, ask.body(), CSV))


@pytest.mark.attack("archives")
@table(Ask(name, PATH, status, code, "POST", {}, one, CSV) for name, one, status, code in NO_TABLES)
def test_what_is_no_table_is_unreadable(target: Browser, ask: Ask) -> None:
    check(target, ask)


@pytest.mark.attack("archives")
@table(Ask(name, PATH, status, code, "POST", {}, make) for name, make, status, code in WORKBOOKS)
def test_a_workbook_is_measured_before_it_is_opened(target: Browser, ask: Ask) -> None:
    answer = check(target, Ask(ask.name, PATH, ask.status, ask.code, "POST", {}, ask.body(), XLSX))
    assert "root:x:" not in answer.text


# What a form that breaks off has left open is closed when it is collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.attack("oversize")
@table(
    Ask(name, PATH, status, code, "POST", {}, one, "multipart/form-data; boundary=x")
    for name, one, status, code in FORMS
)
def test_a_form_that_is_none_is_refused(target: Browser, ask: Ask) -> None:
    check(target, ask)


@pytest.mark.attack("floods", "oversize")
def test_who_finds_too_many_waiting_is_asked_to_come_back() -> None:
    turns = Turns(waiting=0, patience=5)
    with turns.take():
        with pytest.raises(RateLimited) as refused, turns.take():
            pass
        assert refused.value.values["retry_after"] == 5
    with turns.take():
        pass


@pytest.mark.attack("floods")
def test_who_has_waited_long_enough_is_asked_to_come_back() -> None:
    turns = Turns(waiting=1, patience=0.01)
    with turns.take(), pytest.raises(RateLimited), turns.take():
        pass
