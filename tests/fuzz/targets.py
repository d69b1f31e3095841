"""What is fuzzed: each target takes bytes and raises when a law does not hold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import unquote_to_bytes

import numpy as np

from retouche.core import patterns, splice
from retouche.core.dialect import Dialect
from retouche.core.errors import BadDataset, Malformed, RetoucheError
from retouche.core.gate import admit
from retouche.core.keys import format_key, parse_key
from retouche.core.neutral import code, neutral, prose
from retouche.core.package import DATASET, safe_path
from retouche.core.reading.query import Query
from retouche.core.schema import Field, Schema
from retouche.core.table import Table
from retouche.core.tokenizer import scan
from retouche.forges.refs import COMMIT, PROPOSAL, Ref, is_branch_name, proposal_ref
from retouche.web.body import read_json
from tests.hostile import found

Target = Callable[[bytes], None]
DIALECTS = (Dialect(), Dialect(delimiter=";"), Dialect(delimiter="\t", quote="'"))
SCHEMA = Schema.from_descriptor({"fields": [{"name": "a"}]})
FIELDS = (Field(name="id"), Field(name="n", type="integer"), Field(name="a__b", type="date"))
ID = "0123456789abcdef"
LONGEST = 4_096


def records(data: bytes) -> None:
    """The records of a file cover its bytes in their order, and never overlap."""
    dialect = DIALECTS[data[0] % len(DIALECTS)] if data else DIALECTS[0]
    body = data[1:LONGEST]
    found = scan(body, dialect)
    starts, ends = np.asarray(found.starts), np.asarray(found.ends)
    assert len(starts) == len(ends)
    assert bool((starts <= ends).all())
    assert bool((ends[:-1] <= starts[1:]).all())
    assert not len(ends) or int(ends[-1]) <= len(body)


def table(data: bytes) -> None:
    """`serialise(parse(b)) == b` for each file that is let in."""
    body = data[:LONGEST]
    try:
        admit(body, DIALECTS[0])
        read = Table.parse(body, DIALECTS[0])
    except RetoucheError:
        return
    assert splice.apply(read, (), schema=SCHEMA) == body
    for place in range(min(len(read), 20)):
        raw = [body[begin:end] for begin, end in read.cell_spans(place)]
        assert b",".join(raw) == read.content(place)


def body(data: bytes) -> None:
    """What is read as JSON can be written and read again; all else is malformed."""
    try:
        value = read_json(data)
    except Malformed:
        return
    assert read_json(json.dumps(value, ensure_ascii=False).encode()) == value


def names(data: bytes) -> None:
    """What is let in as a ref, an id, a branch or a path has the form that git and disks bear."""
    text = data.decode("utf-8", "surrogateescape")
    with suppress(BadDataset):
        ref = proposal_ref(text, ID)
        assert PROPOSAL.fullmatch(ref.name)
        assert DATASET.fullmatch(text)
        assert re.fullmatch(r"[a-z0-9._-]{1,63}", text)
    with suppress(BadDataset):
        assert re.fullmatch(r"refs/[A-Za-z0-9._/-]{1,195}", Ref(text).name)
    if is_branch_name(text):
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._/-]*", text)
        assert ".." not in text
        assert not text.endswith((".", ".lock", "/"))
    if COMMIT.fullmatch(text):
        assert len(text) == 40
    with suppress(BadDataset):
        path = safe_path(text)
        assert ".." not in path.split("/")
        assert not path.startswith("/")


def keys(data: bytes) -> None:
    """A key in an address is read back as it was written."""
    text = data.decode("utf-8", "replace")
    try:
        key = parse_key(text)
    except Malformed:
        return
    assert parse_key(format_key(key)) == key
    assert all(part.encode() in unquote_to_bytes(text) for part in key)


def query(data: bytes) -> None:
    """A query is understood or refused; the same rows have the same name."""
    pairs = [
        (name, value)
        for one in data.decode("utf-8", "replace").split("&")
        for name, _, value in [one.partition("=")]
    ]
    try:
        read = Query.parse(pairs, FIELDS)
    except Malformed:
        return
    assert Query.parse(pairs[::1], FIELDS).canonical() == read.canonical()
    assert 1 <= read.page_size <= 1_000


def forge_text(data: bytes) -> None:
    """Whatever is contributed, a forge finds nothing to do in what it is sent."""
    text = data[:400].decode("utf-8", "replace")
    assert found(neutral(text, most=200)) == {}
    assert found(f"| {prose(text, most=200)} | {code(text, most=200)} |") == {}


def pattern(data: bytes) -> None:
    """A pattern of a schema is refused, or matched in bounded time."""
    text, _, cell = data[:200].decode("utf-8", "replace").partition("\0")
    try:
        matches = patterns.matcher(text, field="x")
    except BadDataset:
        return
    assert matches(cell) in (True, False)


TARGETS: dict[str, Target] = {
    "records": records,
    "table": table,
    "body": body,
    "names": names,
    "keys": keys,
    "query": query,
    "forge-text": forge_text,
    "pattern": pattern,
}

SEEDS: dict[str, tuple[bytes, ...]] = {
    "records": (
        b"",
        b"\0a,b\n1,2\n",
        b'\1a;"b\n"";c"\r\n1;2',
        b'\0"',
        b"\2a\tb\r\r\n\n",
        b"\0\xff",
    ),
    "table": (
        b"a,b\n1,2\n",
        b'a\r\n"x\n""y"\r\n',
        b"a\n\n1",
        b'a"b"c\n',
        b"\xef\xbb\xbfa\n1\n",
        b"a\r1",
    ),
    "body": (
        b'{"operations": [{"op": "delete", "key": {"id": "01"}}]}',
        b'{"a":1,"a":2}',
        b"[[[]]]",
        b'"\\ud800"',
        b"NaN",
        b"1e999",
        b"[" * 40,
        b'{"a": "\\u0000"}',
        b"-0",
        b"\xef\xbb\xbf{}",
    ),
    "names": (
        b"desks",
        b"refs/heads/main",
        b"a..b",
        b"x.lock",
        b"@{-1}",
        b"refs/heads/../../x",
        b"-x",
        b"refs/merge-requests/1/head",
        b"a" * 40,
        b"data/x.csv",
        b"../x.csv",
        b"packed-refs",
        b"refs/remotes/gitlab/proposals/desks/0123456789abcdef",
        b"a\n",
        b"main\n",
    ),
    "keys": (b"01", b"01,02", b"%2F,%2C", b"%ff", b",", b"", b"a%", "é,日".encode(), b"%25"),
    "query": (
        b"q=a&page=1",
        b'id__in=a,"b,c"',
        b"n__less=1",
        b"near=1,2&radius=3",
        b"a__b__sort=asc",
        b"bbox=1,2,3,4",
        b"columns=id,n",
        b'id__in="""',
        b"page=9999999999999999",
    ),
    "forge-text": (
        b"/merge",
        b"Closes #4 @all !1",
        b"```\n/close",
        "\u2028/close".encode(),
        b"`` ` |",
        b"<img src=x>",
        b"[skip ci]",
        b"&#64;all",
        b"\\@all\\",
    ),
    "pattern": (
        b"(a+)+$\0aaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
        b"[0-9]{5}\0" + b"84000",
        b"(?=a)",
        b"\\1",
        b"[^]]\\w\\S",
        b"a{1000}{1000}",
        b"(?i)\\d\0" + "٣".encode(),
        b"\\x41\\u0041",
    ),
}
