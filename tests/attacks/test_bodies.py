"""Bodies: what is no plain JSON, no proposal, or more than a proposal may hold."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from retouche.core.judging.lexical import blemishes
from tests.attacks.requests import Ask, check, send, table
from tests.datasets import DESKS, Browser, delete, insert, serve, update, write_desks

PATHS = ("proposals", "validate")


def operations(*found: Any, **others: Any) -> dict[str, Any]:
    return {"operations": list(found), **others}


def members(count: int, value: str = "1") -> str:
    return ",".join(f'"k{one}":{value}' for one in range(count))


NOT_JSON: dict[str, bytes] = {
    "nothing": b"",
    "a brace": b"{",
    "null": b"null",
    "true": b"true",
    "a number": b"1",
    "a text": b'"x"',
    "a list": b"[]",
    "two values": b"{}{}",
    "a comment": b'{"operations": [] /* x */}',
    "single quotes": b"{'operations': []}",
    "a comma at the end": b'{"operations": [],}',
    "no quotes": b"{operations: []}",
    "a byte order mark": b'\xef\xbb\xbf{"operations": []}',
    "UTF-16": '{"operations": []}'.encode("utf-16"),
    "UTF-32": '{"operations": []}'.encode("utf-32"),
    "UTF-7": b'+AHs-"operations": []+AH0-',
    "Latin-1": '{"comment": "é"}'.encode("latin-1"),
    "a byte that is none": b'{"operations": "\xff"}',
    "an overlong byte": b'{"operations": "\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"operations": "\xed\xa0\x80"}',
    "a lone surrogate": b'{"operations": [], "comment": "\\ud800"}',
    "a lone low surrogate": b'{"operations": [], "comment": "\\udc00"}',
    "surrogates in disorder": b'{"operations": [], "comment": "\\udc00\\ud800"}',
    "a lone surrogate in a name": b'{"operations": [], "\\ud800": 1}',
    "a bad escape": b'{"comment": "\\x41"}',
    "a raw control character": b'{"comment": "a\x00b"}',
    "a raw line end": b'{"comment": "a\nb"}',
    "NaN": b'{"operations": NaN}',
    "Infinity": b'{"operations": Infinity}',
    "minus Infinity": b'{"operations": -Infinity}',
    "a leading zero": b'{"operations": 01}',
    "a hexadecimal number": b'{"operations": 0x10}',
    "a number of 5,000 digits": b'{"operations": ' + b"9" * 5_000 + b"}",
    "a number over all numbers": b'{"operations": 1e999}',
    "an exponent without end": b'{"operations": 1e' + b"9" * 5_000 + b"}",
    "a double key": b'{"operations": [], "operations": []}',
    "a double key by escape": b'{"operations": [], "operation\\u0073": []}',
    "a double key inside": b'{"operations": [{"op": "delete", "op": "update"}]}',
    "deep lists": b"[" * 100_000,
    "deep lists that end": b"[" * 50_000 + b"]" * 50_000,
    "deep objects": b'{"a":' * 50_000,
    "just too deep": b'{"operations": ' + b"[" * 33 + b"]" * 33 + b"}",
    "half a million numbers": b"[" + b"1," * 490_000 + b"1]",
    "85,000 names": ("{" + members(85_000) + "}").encode(),
    "80,000 names beside": ('{"operations":[],' + members(80_000) + "}").encode(),
    "a form": b"operations=x&comment=y",
    "XML": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    "YAML": b"!!python/object/apply:os.system ['id']",
    "a pickle": b"\x80\x04\x95\x1d\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94",
    "gzip": gzip.compress(b'{"operations": []}'),
}

LARGE: dict[str, bytes] = {
    "1.1 MB of text": b'"' + b"x" * 1_100_000 + b'"',
    "80,000 cells that are no texts": (
        '{"operations":[{"op":"update","key":{"id":"01"},"new":{' + members(80_000) + "}}]}"
    ).encode(),
    "70,000 cells": (
        '{"operations":[{"op":"update","key":{"id":"01"},"new":{' + members(70_000, '"1"') + "}}]}"
    ).encode(),
    "70,000 parts of a key": (
        '{"operations":[{"op":"delete","key":{' + members(70_000, '"1"') + "}}]}"
    ).encode(),
    "501 cells": ('{"operations":[{"op":"insert","row":{' + members(501, '"1"') + "}}]}").encode(),
    "1,001 operations": json.dumps(operations(*[delete("01")] * 1_001)).encode(),
    "400,000 operations": b'{"operations":[' + b",".join([b"1"] * 400_000) + b"]}",
    "a cell over the limit": json.dumps(operations(update("01", note="é" * 40_000))).encode(),
    "a comment over the limit": json.dumps(operations(delete("01"), comment="x" * 5_001)).encode(),
    "a source over the limit": json.dumps(operations(delete("01"), source="x" * 2_001)).encode(),
    "a name over the limit": json.dumps(
        operations(delete("01"), contributor={"name": "x" * 201})
    ).encode(),
    "a mail over the limit": json.dumps(
        operations(delete("01"), contributor={"email": "x@" + "y" * 400})
    ).encode(),
}

MANY: dict[str, bytes] = {
    "1,000 empty operations": b'{"operations":[' + b",".join([b"{}"] * 1_000) + b"]}",
    "1,000 operations with ten faults each": b'{"operations":['
    + b",".join([b'{"op":"x","key":{"a":1,"b":2},"new":5,"old":5,"row":3,"z":1}'] * 1_000)
    + b"]}",
}

FORMS: list[tuple[str, Any, int, str]] = [
    ("no operations", {}, 400, "malformed"),
    ("a trap that is filled", operations(delete("01"), website="x" * 2_001), 400, "malformed"),
    ("empty operations", operations(), 400, "malformed"),
    ("operations are an object", {"operations": {}}, 400, "malformed"),
    ("operations are null", {"operations": None}, 400, "malformed"),
    ("an operation is a number", operations(1), 400, "malformed"),
    ("an operation is null", operations(None), 400, "malformed"),
    ("an operation is a list", operations([]), 400, "malformed"),
    ("an operation nobody knows", operations({"op": "upsert"}), 400, "malformed"),
    ("an operation in capitals", operations({"op": "UPDATE", "key": {}}), 400, "malformed"),
    ("an operation that is a number", operations({"op": 0}), 400, "malformed"),
    ("`__proto__`", operations({**update("01", agents="5"), "__proto__": {}}), 400, "malformed"),
    ("`__class__`", operations(update("01", agents="5"), __class__="x"), 400, "malformed"),
    ("a cell `__class__`", operations(update("01", __class__="x")), 400, "unknown_field"),
    ("a cell `constructor`", operations(update("01", constructor="x")), 400, "unknown_field"),
    ("a cell without a name", operations(update("01", **{"": "x"})), 400, "unknown_field"),
    ("a cell named NUL", operations(update("01", **{"\0": "x"})), 400, "unknown_field"),
    ("an empty key", operations({"op": "delete", "key": {}}), 400, "malformed"),
    ("a key of numbers", operations({"op": "delete", "key": {"id": 1}}), 400, "malformed"),
    ("a key of null", operations({"op": "delete", "key": {"id": None}}), 400, "malformed"),
    ("a key of another field", operations({"op": "delete", "key": {"name": "x"}}), 400,
     "malformed"),
    ("a key with more", operations({"op": "delete", "key": {"id": "01", "x": "y"}}), 400,
     "malformed"),
    ("a key that is a path", operations(delete("../../01")), 404, "not_found"),
    ("a key with NUL", operations(delete("01\0")), 404, "not_found"),
    ("a key with a space", operations(delete("01 ")), 404, "not_found"),
    ("a key in full width", operations(delete("０１")), 404, "not_found"),
    ("a key that is empty", operations(delete("")), 404, "not_found"),
    ("a resource that is a path", operations(update("01", "../desks", agents="5")), 404,
     "not_found"),
    ("a resource that is empty", operations(update("01", "", agents="5")), 404, "not_found"),
    ("a resource named __class__", operations(update("01", "__class__", agents="5")), 404,
     "not_found"),
    ("a resource with a long name", operations(update("01", "x" * 101, agents="5")), 413,
     "too_large"),
    ("a resource that is locked", operations({"op": "delete", "resource": "cities",
     "key": {"code": "84003"}}), 422, "not_editable"),
    ("a base that is a branch", operations(delete("01"), base_revision="main"), 400, "malformed"),
    ("a base that is HEAD", operations(delete("01"), base_revision="HEAD"), 400, "malformed"),
    ("a base that is an option", operations(delete("01"), base_revision="--output=x"), 400,
     "malformed"),
    ("a base in capitals", operations(delete("01"), base_revision="A" * 40), 400, "malformed"),
    ("a base with a line end", operations(delete("01"), base_revision="a" * 40 + "\n"), 404,
     "not_found"),
    ("a base that is not there", operations(delete("01"), base_revision="f" * 40), 404,
     "not_found"),
    ("one row twice", operations(update("01", agents="5"), delete("01")), 400, "malformed"),
    ("one new row twice", operations(insert(id="9"), insert(id="9")), 400, "malformed"),
    ("nothing new", operations(update("01", agents="2")), 422, "no_change"),
    ("a comment with NUL", operations(delete("01"), comment="a\0b"), 400, "malformed"),
    ("a comment with an escape", operations(delete("01"), comment="\x1b]0;x\x07"), 400,
     "malformed"),
    ("a source with NUL", operations(delete("01"), source="a\0b"), 400, "malformed"),
    ("a name with NUL", operations(delete("01"), contributor={"name": "a\0b"}), 400, "malformed"),
    ("a mail with NUL", operations(delete("01"), contributor={"email": "a\0b"}), 400, "malformed"),
    ("a name with a backspace", operations(delete("01"), contributor={"name": "a\x08b"}), 400,
     "malformed"),
    ("a source of JavaScript", operations(delete("01"), source="javascript://x%0aalert(1)"), 400,
     "malformed"),
    ("a source of a file", operations(delete("01"), source="file:///etc/passwd"), 400,
     "malformed"),
    ("a source of data", operations(delete("01"), source="data://text/html,x"), 400, "malformed"),
    ("a contributor who is a text", operations(delete("01"), contributor="me"), 400, "malformed"),
    ("a contributor with more", operations(delete("01"), contributor={"admin": True}), 400,
     "malformed"),
    ("a language nobody speaks", operations(delete("01"), locale="de"), 400, "malformed"),
    ("a language that is a path", operations(delete("01"), locale="../fr"), 400, "malformed"),
]  # fmt: skip

CELLS: list[tuple[str, dict[str, Any]]] = [
    *((f"{name} in a cell", {"note": f"a{sign}b"}) for name, sign in (
        ("NUL", "\0"), ("a bell", "\x07"), ("a backspace", "\b"), ("an escape", "\x1b"),
        ("a vertical tab", "\v"), ("a form feed", "\f"), ("LRE", "\u202a"),
        ("RLE", "\u202b"), ("PDF", "\u202c"),
        ("LRO", "\u202d"), ("RLO", "\u202e"), ("LRI", "\u2066"), ("RLI", "\u2067"),
        ("FSI", "\u2068"), ("PDI", "\u2069"),
    )),
]  # fmt: skip
NUMBERS = [
    "1_000", "٣٤", "\uff15", " 12 ", "12 ", "\t12", "+-1", "--1", "0x10", "0b1", "0o7", "1e3",
    "1,5", "1.5", "½", "²", "Ⅷ", "一", "1\u00a0000", "NaN", "nan", "inf", "-inf", "Infinity",
    "\u221e", "1L", "1.", "٫5", "1\u200b0", "1\u0660", "12abc", "", "二",
]  # fmt: skip
DATES = [
    "02/01/2020", "2020-13-01", "2020-02-30", "20200102", "2020-01-02T00:00",
    "２０２０-01-02", "٢٠٢٠-01-02", "2020‐01‐02", " 2020-01-02", "0000-01-01", "99999-01-01",
    "-2020-01-01", "today", "2020-W01-1", "2020-01-02Z",
]  # fmt: skip


def workbook() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x", "y")
    return packed.getvalue()


MEDIA: list[tuple[str, bytes]] = [
    ("application/x-www-form-urlencoded", b"a=b"),
    ("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--"),
    ("text/plain", b'{"operations": []}'),
    ("text/html", b"<script>"),
    ("text/csv", b"id\n01\n"),
    ("application/xml", b"<a/>"),
    ("application/x-yaml", b"a: b"),
    ("application/zip", workbook()),
    ("application/gzip", gzip.compress(b"{}")),
    ("application/vnd.apache.parquet", b"PAR1PAR1"),
    ("application/x-python-pickle", b"\x80\x04N."),
    ("application/octet-stream", b"\0"),
    ("", b"{}"),
    ("nonsense", b"{}"),
    ("application/json-seq", b"{}"),
]


@pytest.mark.attack("json-shapes")
@pytest.mark.parametrize("path", PATHS)
@table(Ask(name, "", 400, "malformed", "POST", {}, body) for name, body in NOT_JSON.items())
def test_what_is_no_plain_json_object_is_malformed(target: Browser, path: str, ask: Ask) -> None:
    check(target, Ask(ask.name, path, 400, "malformed", "POST", {}, ask.body))


@pytest.mark.attack("oversize", "quadratic-checks")
@table(Ask(name, "proposals", 413, "too_large", "POST", {}, one) for name, one in LARGE.items())
def test_what_is_over_a_limit_is_too_large(target: Browser, ask: Ask) -> None:
    check(target, ask)


@pytest.mark.attack("quadratic-checks")
@table(Ask(name, "proposals", 400, "malformed", "POST", {}, one) for name, one in MANY.items())
def test_a_body_of_many_faults_is_not_read_to_its_last(target: Browser, ask: Ask) -> None:
    check(target, ask)


@pytest.mark.attack("json-shapes", "address-parameters")
@table(Ask(name, "proposals", status, code, "POST", {}, body) for name, body, status, code in FORMS)
def test_a_proposal_of_odd_form_is_refused(target: Browser, ask: Ask) -> None:
    check(target, ask)


@pytest.mark.attack("nul-in-text", "unicode", "terminal-escapes")
@table(
    Ask(name, "proposals", 422, "invalid", "POST", {}, operations(update("01", **cells)))
    for name, cells in CELLS
)
def test_characters_that_turn_or_command_are_refused_in_cells(target: Browser, ask: Ask) -> None:
    answer = check(target, ask)
    assert answer.json["errors"][0]["code"] == "forbidden-character"


@pytest.mark.attack("pseudo-numbers")
@table(
    Ask(ascii(text), "proposals", 422, "invalid", "POST", {}, operations(update("01", agents=text)))
    for text in NUMBERS
    if text
)
def test_what_only_python_takes_for_a_whole_number_is_none(target: Browser, ask: Ask) -> None:
    answer = check(target, ask)
    assert {one["code"] for one in answer.json["errors"]} & {"type-error", "forbidden-character"}


@pytest.mark.attack("pseudo-numbers")
@table(
    Ask(ascii(text), "proposals", 422, "invalid", "POST", {}, operations(update("01", opened=text)))
    for text in DATES
)
def test_what_is_no_day_of_the_schema_s_form_is_none(target: Browser, ask: Ask) -> None:
    check(target, ask)


@pytest.mark.attack("unicode")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\u200bb", "invisible-character"),
        ("a\u200db", "invisible-character"),
        ("a\ufeffb", "invisible-character"),
        ("a\u00adb", "invisible-character"),
        ("a\u2060b", "invisible-character"),
        ("a\x7fb", "invisible-character"),
        ("\x9b31mb", "invisible-character"),
        ("a\x85b", "invisible-character"),
        ("a\u2028b", "invisible-character"),
        ("p\u0430ypal", "mixed-script"),
        ("\u0391thens", "mixed-script"),
    ],
)
def test_characters_that_hide_or_imitate_are_told(target: Browser, text: str, code: str) -> None:
    assert code in {one for one, _ in blemishes(text, bidi=False)}
    answer = target.post("/validate", operations(update("01", note=text)))
    assert answer.json["valid"]
    assert code in {one["code"] for one in answer.json["warnings"]}


@pytest.mark.attack("unicode")
@pytest.mark.parametrize(("here", "sent"), [("caf\u00e9", "cafe\u0301"), ("A\u030a", "\u00c5")])
def test_two_forms_of_one_key_are_told(tmp_path: Path, here: str, sent: str) -> None:
    folder = write_desks(tmp_path / "package", desks=f"{DESKS}{here},Desk,84003,,2,,,,\n")
    browser = Browser(serve(tmp_path / "home", {"desks": folder}))
    answer = browser.post("/validate", operations(insert(id=sent, name="Desk", agents="2")))
    assert answer.json["valid"], answer.text
    assert "primary-key" in {one["code"] for one in answer.json["warnings"]}
    browser.post("/proposals", operations(delete(here)))
    assert browser.get("/proposals").json["meta"]["total"] == 1


@pytest.mark.attack("archives", "json-shapes")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("media", "body"), MEDIA, ids=[one[0] or "none" for one in MEDIA])
def test_another_media_type_is_unsupported(
    target: Browser, path: str, media: str, body: bytes
) -> None:
    check(target, Ask(media, path, 415, "unsupported", "POST", {}, body, media))


@pytest.mark.attack("archives", "oversize")
def test_a_body_is_never_unpacked(target: Browser) -> None:
    bomb = gzip.compress(b" " * 50_000_000 + b"{}")
    headers = {"Content-Encoding": "gzip"}
    check(target, Ask("bomb", "proposals", 400, "malformed", "POST", headers, bomb))


@pytest.mark.attack("oversize", "quadratic-checks")
@pytest.mark.parametrize(
    "row",
    [
        '"name":"x","city_code":"z","phone":"1","agents":"z","note":"' + "\\u0000" * 60 + '"',
        '"name":"' + "a\u0430" * 150 + '"',
        '"name":"' + "e\u0301" * 100 + '"',
        '"phone":"' + "0 " * 200 + '"',
        '"opened":"' + "2" * 400 + '"',
        '"latitude":"' + "1" * 400 + '"',
    ],
    ids=["ten faults", "mixed scripts", "marks", "phones", "days", "numbers"],
)
def test_as_many_faults_as_a_body_can_hold_are_told_in_bounded_time(
    target: Browser, row: str
) -> None:
    rows = ",".join(f'{{"op":"insert","row":{{"id":"n{one}",{row}}}}}' for one in range(1_000))
    body = f'{{"operations":[{rows}]}}'.encode()
    assert len(body) < 1_000_000
    answer = send(target, Ask("many", "validate", 200, None, "POST", {}, body))
    assert answer.status_code == 200
