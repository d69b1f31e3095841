"""What the gate refuses, with which reason, and what it lets through."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core import gate
from retouche.core.dialect import Dialect
from retouche.core.errors import UnreadableFile
from retouche.core.table import Table
from tests.core.strategies import schema_of

CSV = Dialect()
LATIN = Dialect(encoding="cp1252")
MARKERS = b"id,a\n<<<<<<< HEAD\n1,x\n=======\n1,y\n>>>>>>> other\n2,z\n"


def refusal(data: bytes, dialect: Dialect = CSV) -> tuple[str, dict[str, Any]]:
    with pytest.raises(UnreadableFile) as refused:
        gate.inspect(data, dialect)
    with pytest.raises(UnreadableFile) as again:
        Table.parse(data, dialect)
    assert again.value.reason == refused.value.reason
    return refused.value.reason, dict(refused.value.values)


@pytest.mark.parametrize(
    "data",
    [
        b"id,a\n1,x\n",
        b"id,a\n1,x",
        b"id,a\r\n1,x\r\n",
        b"id,a\r\n1,x\n2,y\r\n",
        b"id,a\r1,x\r",
        b"\xef\xbb\xbfid,a\n1,x\n",
        'id,a\n1,"x\x0by\x0cz\u0085\u2028"\n2,\u2028\n'.encode(),
        b'id,a\n1,a"b"c\n',
        b'id,a\n1,"x\ny"\n',
        b"id,a\n1\n2,x,y\n",
        b"id,a",
        b"id,a\n\n1,x\n\n",
        b"id,a\nNA,null\n01,007\n",
        b"PK,%PDF\n1,2\n",
        b"<b>,a\n1,2\n",
        b"{id},a\n1,2\n",
        b"id,a\n{,[\n",
    ],
)
def test_an_ordinary_file_passes(data: bytes) -> None:
    gate.inspect(data, CSV)


@pytest.mark.parametrize(
    ("data", "offset", "line"),
    [
        (b"id,a\n1,\xe9t\xe9\n", 7, 2),
        (b"id,a\r\n1,x\r\n2,\xff\r\n", 13, 3),
        (b"id,a\r1,\xc3", 7, 2),
        (b"id,a\n1,\xed\xa0\x80\n", 7, 2),
        (b"\xc0\x80id,a\n", 0, 1),
    ],
)
def test_invalid_utf8_is_refused_with_its_place(data: bytes, offset: int, line: int) -> None:
    reason, values = refusal(data)
    assert reason == "encoding"
    assert (values["encoding"], values["offset"], values["line"]) == ("utf-8", offset, line)


def test_invalid_utf8_is_found_behind_the_first_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "PIECE", 8)
    assert refusal("id,a\n1,éééééé\n".encode() + b"2,\xe9\n")[1]["offset"] == 22
    gate.inspect("id,a\n1,éàü€é😀😀é\n".encode(), CSV)


@settings(max_examples=200)
@given(st.binary(max_size=24), st.integers(4, 9))
def test_the_first_bad_byte_is_the_one_that_python_names(data: bytes, piece: int) -> None:
    data = b"id\n" + data.replace(b"\0", b"") + b"\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "PIECE", piece)
        expected = next(iter(bad_bytes(data)), None)
        if expected is None:
            gate.inspect(b"id\n" + data.strip(b'"'), Dialect(quote=None))
        else:
            assert refusal(data)[1]["offset"] == expected


def bad_bytes(data: bytes) -> list[int]:
    try:
        data.decode()
    except UnicodeDecodeError as problem:
        return [problem.start]
    return []


def test_a_byte_that_cp1252_does_not_have_is_refused() -> None:
    assert refusal(b"id,a\n1,\x81\n", LATIN)[0] == "encoding"
    gate.inspect(b"id,a\n1,\xe9\n", LATIN)


def test_the_mark_of_utf8_contradicts_another_encoding() -> None:
    assert refusal(b"\xef\xbb\xbfid,a\n", LATIN) == (
        "encoding",
        {"encoding": "cp1252", "offset": 0, "line": 1, "hint": "utf-8"},
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
@pytest.mark.parametrize("dialect", [CSV, LATIN])
def test_utf16_and_utf32_are_named(encoding: str, dialect: Dialect) -> None:
    reason, values = refusal("id,nom\n1,Lyon\n2,Annecy\n".encode(encoding), dialect)
    assert (reason, values["hint"]) == ("encoding", encoding[:6])


def test_a_nul_is_refused_with_its_line() -> None:
    assert refusal(b"id,a\n1,x\n2,\0\n") == ("nul", {"offset": 11, "line": 3})


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'id,a\n1,"x\n2,y\n', 2),
        (b'id,a\n1,"x\n2,"y"\n3,z\n4,"\nw\n', 5),
        (b'id,a\n1,"x""\n2,y""', 2),
        (b'id,a\n"1\n2,""z""\n', 2),
        (b'"id,a\n1,x\n', 1),
        (b'\xef\xbb\xbf"id,a\n1,x\n', 1),
        (b'id,a\r\n1,"a"b"\r\n2,"\r\n', 3),
    ],
)
def test_an_unclosed_quote_is_refused_with_the_line_where_it_opens(data: bytes, line: int) -> None:
    assert refusal(data) == ("quote", {"line": line})


def test_a_quote_is_nothing_where_the_dialect_knows_none() -> None:
    gate.inspect(b'id,a\n1,"x\n', Dialect(quote=None))


def test_leftovers_of_a_merge_are_refused_with_their_line() -> None:
    assert refusal(MARKERS) == ("conflict_markers", {"line": 2})
    assert refusal(MARKERS.replace(b"\n", b"\r\n"))[0] == "conflict_markers"
    in_a_cell = b'id,a\n1,"x\n<<<<<<< HEAD\ny"\n=======\nz"\n>>>>>>> other\n'
    assert refusal(in_a_cell) == ("conflict_markers", {"line": 3})


@pytest.mark.parametrize(
    "data",
    [
        b'id,a\n1,"' + MARKERS[5:-6] + b'"\n',
        b"id,a\n=======\n>>>>>>> \n",
        b"id,a\n1,<<<<<<< x\n=======\n>>>>>>> \n",
        b"id,a\n<<<<<<< x\n========\n>>>>>>> x\n",
        b"id,a\n>>>>>>> x\n=======\n<<<<<<< x\n",
    ],
)
def test_text_that_only_resembles_a_merge_passes(data: bytes) -> None:
    gate.inspect(data, CSV)


@pytest.mark.fault(34)
def test_a_git_lfs_pointer_is_refused() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    assert refusal(pointer)[0] == "lfs_pointer"


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\r\n\r\n", b"\r", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"]
)
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert refusal(data)[0] == "empty_file"


@pytest.mark.parametrize(
    ("data", "name", "position", "problem"),
    [
        (b"id,a,id\n1,2,3\n", "id", 3, "duplicate"),
        (b"id,,a\n1,2,3\n", "", 2, "blank"),
        (b'id,"",a\n1,2,3\n', "", 2, "blank"),
        (b"id,a,\n1,2,3\n", "", 3, "blank"),
        (b"id, \n1,2\n", " ", 2, "blank"),
        (b"\nid,a\n1,2\n", "", 1, "blank"),
        (b'\xef\xbb\xbfid,"id"\n', "id", 2, "duplicate"),
    ],
)
def test_a_header_that_cannot_address_cells_is_refused(
    data: bytes, name: str, position: int, problem: str
) -> None:
    assert refusal(data) == ("header", {"name": name, "position": position, "problem": problem})


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04\x14\x00", "zip"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"<html><body>", "html"),
        (b"\n <!DOCTYPE HTML>\n", "html"),
        (b'<?xml version="1.0"?>', "xml"),
        (b'{"id": 1}', "json"),
        (b'\xef\xbb\xbf{\n  "id": 1}', "json"),
        (b'[{"id": 1}]', "json"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "xls"),
        (b"PAR1\x15\x04", "parquet"),
        (b"SQLite format 3\x00", "sqlite"),
        (b"\x89PNG\r\n", "image"),
    ],
)
def test_another_kind_of_file_is_named(data: bytes, kind: str) -> None:
    assert refusal(data) == ("not_csv", {"kind": kind})


def test_a_file_of_another_delimiter_is_refused() -> None:
    schema = schema_of(("id", "nom"))
    with pytest.raises(UnreadableFile) as refused:
        gate.expect_header(Table.parse(b"id;nom, prenom;b\n1;x;y\n", Dialect("|")), schema)
    assert refused.value.reason == "dialect"
    assert refused.value.values == {"delimiter": "|", "found": ";"}


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("id", ("id", "nom")),
        ("id,nom,more", ("id", "nom")),
        ("id;nom", ("id;nom", "b")),
        ("id;nom", ("id",)),
        ("id nom", ("id", "nom")),
    ],
)
def test_missing_and_extra_columns_are_not_the_gates_to_refuse(
    header: str, names: tuple[str, ...]
) -> None:
    table = Table.parse(header.encode() + b"\n1\n", CSV)
    gate.expect_header(table, schema_of(names, key=names[:1]))


@settings(max_examples=300)
@given(st.binary(max_size=60), st.sampled_from(["utf-8", "cp1252"]))
def test_any_bytes_are_read_or_refused(data: bytes, encoding: str) -> None:
    dialect = Dialect(encoding=encoding)
    try:
        table = Table.parse(data, dialect)
    except UnreadableFile as problem:
        line = problem.values.get("line", 1)
        assert 1 <= line <= data.count(b"\n") + data.count(b"\r") + 1
    else:
        assert len(list(table.rows())) == len(table)
