"""Data packages, schemas and widgets that somebody else has written, and files beside them."""

from __future__ import annotations

import copy
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from retouche.core import patterns
from retouche.core.errors import BadDataset, NotFound
from retouche.core.judging.checks import checks_of
from retouche.core.judging.judge import judge
from retouche.core.package import Package, read_json
from retouche.core.schema import Schema
from retouche.formats import check_extensions
from retouche.formats.descriptors import check_widget_form
from tests.attacks.requests import LONGEST
from tests.datasets import DESKS_SCHEMA

Json = dict[str, Any]
LOOP = "http://127.0.0.1:{port}/x"
PACKAGE: Json = {
    "name": "desks",
    "resources": [{"name": "desks", "path": "desks.csv", "schema": DESKS_SCHEMA}],
}
SCHEMA: Json = {"fields": [{"name": "id", "type": "string"}], "primaryKey": "id"}


def package(change: Callable[[Json], Any]) -> bytes:
    descriptor = copy.deepcopy(PACKAGE)
    descriptor["resources"][0]["schema"] = copy.deepcopy(SCHEMA)
    change(descriptor)
    return json.dumps(descriptor).encode()


def resource(**others: Any) -> bytes:
    return package(lambda one: one["resources"][0].update(others))


def schema(**others: Any) -> bytes:
    return package(lambda one: one["resources"][0]["schema"].update(others))


def field(**others: Any) -> bytes:
    return package(lambda one: one["resources"][0]["schema"]["fields"][0].update(others))


def read(descriptor: bytes) -> Package:
    """A package whose repository has the descriptor and the data alone; its rules are applied."""

    def reader(path: str) -> bytes:
        if path == "datapackage.json":
            return descriptor
        raise NotFound("unknown_file", path=path)

    found = Package.read(reader)
    check_extensions(found)
    for one in found.resources.values():
        judge(one.schema)
    return found


PATHS = [
    "../../etc/passwd", "..", ".", "", "/etc/passwd", "file:///etc/passwd", "a/../../b.csv",
    "a//b.csv", "./a.csv", "a/./b.csv", ".git/config", "a/.GIT/x.csv", "C:\\x.csv", "c:/x.csv",
    "a\\..\\b.csv", "a\0.csv", "a\n.csv", "a\x1b.csv", "\ud800.csv", "x" * 1_001 + ".csv",
    "~/x.txt:", "http://127.0.0.1/x.csv", "https://e.example/x.csv", "ftp://e.example/x.csv",
    "data:text/csv,a", "//e.example/x.csv", "x.parquet", "x.pkl", "x.csv.gz", "x.zip", "x.xlsx",
    ".gitlab-ci.yml", ".gitmodules", "datapackage.json", "x.py", "csv", 1, None, {}, [], ["a", "b"],
    ["http://127.0.0.1/x.csv"], [["x.csv"]], True,
]  # fmt: skip
ADDRESSES = [
    LOOP, "http://localhost:{port}/schema.json", "https://127.0.0.1:{port}/x.json",
    "//127.0.0.1:{port}/x.json", "file:///etc/passwd", "../../etc/passwd", "/etc/passwd",
    "ftp://127.0.0.1:{port}/x", "gopher://127.0.0.1:{port}/x", "data:application/json,{{}}",
    "http://[::1]:{port}/x", "schemas/none.json",
]  # fmt: skip
REFUSED: dict[str, bytes] = {
    "not JSON": b"{",
    "not UTF-8": b'{"name": "\xff"}',
    "a list": b"[]",
    "null": b"null",
    "deep": b"[" * 100_000,
    "65 levels": package(lambda one: one.update(x=json.loads("[" * 65 + "]" * 65))),
    "a lone surrogate": package(lambda one: one.update(title="\ud800")),
    "a lone surrogate in a name": package(lambda one: one.update({"\ud800": 1})),
    "deep in a member": b'{"resources": ' + b"[" * 100_000,
    "a number of 5,000 digits": b'{"resources": ' + b"9" * 5_000 + b"}",
    "no resources": b'{"name": "x"}',
    "resources are an object": b'{"resources": {}}',
    "a resource is a text": b'{"resources": ["x"]}',
    "a resource is null": b'{"resources": [null]}',
    "two of one name": package(lambda one: one["resources"].append(one["resources"][0])),
    "a name of a number": package(lambda one: one.update(name=1)),
    "a resource named proposals": resource(name="proposals"),
    "a resource named by a path": resource(name="../x"),
    "a resource in capitals": resource(name="X"),
    "a resource with a long name": resource(name="x" * 64),
    "a resource without schema": resource(schema=None),
    "a schema that is a list": resource(schema=[]),
    "a schema that is a number": resource(schema=1),
    "an encoding nobody knows": resource(encoding="rot13"),
    "an encoding that runs": resource(encoding="zlib_codec"),
    "an encoding of idna": resource(encoding="idna"),
    "an encoding that is a list": resource(encoding=["utf-8"]),
    "a delimiter of two": resource(dialect={"delimiter": "||"}),
    "a delimiter that is a line end": resource(dialect={"delimiter": "\n"}),
    "a delimiter that is NUL": resource(dialect={"delimiter": "\0"}),
    "a delimiter that is the quote": resource(dialect={"delimiter": '"'}),
    "a dialect that is a list": resource(dialect=[]),
    "additions that are a list": resource(retouche=[]),
    "additions nobody knows": resource(retouche={"exec": "id"}),
    "a label that is a number": resource(retouche={"label": 1}),
    "no fields": schema(fields=[]),
    "fields are an object": schema(fields={}),
    "a field is a text": schema(fields=["id"]),
    "a field without a name": schema(fields=[{"type": "string"}]),
    "a field twice": schema(fields=[{"name": "id"}, {"name": "id"}]),
    "a type nobody knows": field(type="code"),
    "a type that is a list": field(type=["string"]),
    "a key nobody knows": schema(primaryKey="x"),
    "a key of numbers": schema(primaryKey=[1]),
    "a foreign key to nowhere": schema(
        foreignKeys=[{"fields": "id", "reference": {"resource": "x", "fields": "id"}}]
    ),
    "a foreign key of numbers": schema(foreignKeys=[1]),
    "missing values of numbers": schema(missingValues=[1]),
    "checks that are an object": schema(custom_checks={}),
    "constraints that are a list": field(constraints=[]),
    "a minimum that is none": field(type="integer", constraints={"minimum": "x"}),
    "an enumeration that is a text": field(constraints={"enum": "x"}),
    "a length that is a text": field(constraints={"minLength": "x"}),
    "an item with a pattern": field(
        type="array", arrayItem={"type": "string", "constraints": {"pattern": "(a+)+$"}}
    ),
    "a pattern that is a number": field(constraints={"pattern": 1}),
}
PATTERNS = [
    "(?=a)b", "(?!a)b", "(?<=a)b", "(?<!a)b", "(a)\\1", "(?P<x>a)(?P=x)", "(?(1)a|b)", "(",
    "[", "a{2,1}", "(?P<", "\\", "a{1000}{1000}", "((((a{100}){100}){100}){100})", "(?a)a",
    "\\N{DIGIT ONE}", "(?R)", "(?>a+)b", "a++", "\\p{Nope}",
    "a{1001}", "((a{500}){500}){500}", "(?x) a # b", "\ud800",
]  # fmt: skip
LINEAR = [
    ("(a+)+", "a" * 40 + "!"),
    ("(a|aa)+", "a" * 40 + "!"),
    ("(.*a){20}", "a" * 40 + "!"),
    ("([a-zA-Z]+)*", "a" * 40 + "!"),
    ("(a|a?)+", "a" * 40 + "!"),
    ("(x+x+)+y", "x" * 60_000),
    ("^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 60_000),
    ("(\\w+\\s?)*", "a " * 30_000 + "!"),
    ("\\S*\\W*" * 50, "é" * 30_000),
    ("(a?){200}a{200}", "a" * 200),
]


@pytest.fixture(scope="module")
def canary() -> Iterator[tuple[int, list[bytes]]]:
    """A server of this machine that notes whoever asks it anything."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    one, _ = server.accept()
                except TimeoutError:
                    continue
                with one:
                    heard.append(one.recv(1_000))

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], heard
        done.set()
        thread.join()


def with_member(member: str, value: Any) -> bytes:
    return package(lambda one: one.update({member: value}))


def given(data: bytes) -> Callable[[str], bytes]:
    return lambda _: data


def refused(descriptor: bytes) -> str:
    start = time.thread_time()
    with pytest.raises(BadDataset) as error:
        read(descriptor)
    assert time.thread_time() - start < LONGEST
    assert "root:" not in str(error.value)
    return error.value.reason


@pytest.mark.attack("descriptor-reads", "other-files")
@pytest.mark.parametrize("path", PATHS, ids=[ascii(one)[:40] for one in PATHS])
def test_a_path_that_leaves_or_is_no_table_is_refused(path: Any) -> None:
    assert refused(resource(path=path)) in {"unsafe_path", "resource_not_csv"}


@pytest.mark.attack("descriptor-fetches")
@pytest.mark.parametrize("member", ["schema", "dialect"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_in_a_descriptor_is_never_asked(
    canary: tuple[int, list[bytes]], member: str, address: str
) -> None:
    port, heard = canary
    reason = refused(resource(**{member: address.format(port=port)}))
    assert reason in {"unsafe_path", "file_missing"}
    assert heard == []


@pytest.mark.attack("descriptor-fetches", "descriptor-formulas")
@pytest.mark.parametrize(
    "member",
    ["profile", "$schema", "profiles", "sources", "steps", "pipeline", "checks", "checklist",
     "transform", "control", "extrapaths", "basepath", "package", "innerpath", "compression"],
)  # fmt: skip
def test_what_other_tools_would_fetch_or_run_means_nothing(
    canary: tuple[int, list[bytes]], member: str
) -> None:
    port, heard = canary
    row = {"type": "row-constraint", "formula": "__import__('os').system('id')"}
    for value in (
        LOOP.format(port=port),
        {"$ref": LOOP.format(port=port)},
        [row],
        {"steps": [row]},
    ):
        assert read(resource(**{member: value})).resources
        assert read(schema(**{member: value})).resources
        assert read(with_member(member, value)).resources
    assert heard == []


@pytest.mark.attack("descriptor-formulas")
@pytest.mark.parametrize(
    "check",
    [{"name": "row-constraint", "params": {"formula": "1"}}, {"name": "os.system"}, {"name": 1},
     {"name": "__import__"}, {"params": {}}, {"name": "../x"}, {}],
    ids=str,
)  # fmt: skip
def test_a_check_that_is_none_of_ours_is_never_run(check: Json) -> None:
    for descriptor in (schema(custom_checks=[check]), resource(retouche={"checks": [check]})):
        try:
            found = checks_of(read(descriptor).resource("desks"))
        except BadDataset:  # our additions are refused whole
            continue
        assert (found.rows, found.totals, len(found.problems)) == ((), (), 1)


@pytest.mark.attack("descriptor-shapes", "json-shapes")
@pytest.mark.parametrize("descriptor", REFUSED.values(), ids=list(REFUSED))
def test_a_descriptor_of_odd_shape_is_refused(descriptor: bytes) -> None:
    refused(descriptor)


@pytest.mark.attack("descriptor-shapes", "quadratic-checks")
def test_a_widget_of_tabs_in_tabs_is_refused_and_breaks_nothing() -> None:
    for depth, reason in ((20, "widget_"), (300, "file_not_json")):
        widget: Json = {"title": "x", "resource": "x", "views": [{"type": "table"}]}
        for _ in range(depth):
            widget = {"title": "x", "tabs": [widget]}
        data = json.dumps(widget).encode()
        start = time.thread_time()
        with pytest.raises(BadDataset) as error:
            check_widget_form(read_json(given(data), "w.json"), path="w.json")
        assert error.value.reason.startswith(reason)
        assert time.thread_time() - start < LONGEST


@pytest.mark.attack("pattern-backtracking")
@pytest.mark.parametrize("pattern", PATTERNS, ids=[ascii(one)[:40] for one in PATTERNS])
def test_a_pattern_without_a_linear_match_is_refused_with_its_field(pattern: str) -> None:
    start = time.thread_time()
    with pytest.raises(BadDataset) as error:
        patterns.matcher(pattern, field="phone")
    assert time.thread_time() - start < LONGEST
    assert error.value.reason == "pattern_unsupported"
    assert error.value.values["field"] == "phone"


@pytest.mark.attack("pattern-backtracking")
@pytest.mark.parametrize(("pattern", "text"), LINEAR, ids=[one[0][:40] for one in LINEAR])
def test_a_cell_that_would_hold_python_is_matched_at_once(pattern: str, text: str) -> None:
    matches = patterns.matcher(pattern, field="x")
    start = time.thread_time()
    matches(text)
    assert time.thread_time() - start < LONGEST / 2


@pytest.mark.attack("pattern-backtracking", "oversize")
@pytest.mark.parametrize("pattern", ["a" * 100_000, "a|" * 50_000, "[a-z]" * 20_000, "\\S" * 20])
def test_a_pattern_of_any_length_is_compiled_or_refused_soon(pattern: str) -> None:
    start = time.thread_time()
    with suppress(BadDataset):
        patterns.matcher(pattern, field="x")("a" * 64_000)
    assert time.thread_time() - start < LONGEST


@pytest.mark.attack("pattern-backtracking", "descriptor-fetches")
def test_no_pattern_and_no_reference_of_the_outside_reaches_a_library_that_would_follow(
    tmp_path: Path,
) -> None:
    hostile = {
        "type": "object",
        "constraints": {
            "jsonSchema": {
                "$ref": "http://127.0.0.1:9/x",
                "patternProperties": {"(a+)+$": {}},
                "properties": {"a": {"type": "string", "pattern": "(a+)+$"}},
            }
        },
    }
    found = Schema.from_descriptor({"fields": [{"name": "id", **hostile}], "primaryKey": "id"})
    start = time.thread_time()
    try:
        reader = judge(found).reader("id")
    except BadDataset:
        return
    reader(json.dumps({"a": "a" * 40 + "!", "a" * 40 + "!": 1}))
    assert time.thread_time() - start < LONGEST
