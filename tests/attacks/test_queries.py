"""Filters, words, places, pages and revisions beyond sense: a refusal, in bounded time."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.attacks.requests import Ask, check, send, table
from tests.datasets import Browser

ROWS = "resources/desks/rows"
UNTRUE = "f" * 40

REVISIONS = [
    "HEAD", "main~1", "main^", "main^{tree}", "main@{0}", "@{-1}", "@", ":/fix", "main:desks.csv",
    "--output=x", "-x", "--upload-pack=x", "--exec=x", "a..b", "a...b", "x.lock", "refs/heads/main",
    "refs/heads/../../x", "../../x", "packed-refs", "index", "config", "objects/x",
    "hooks/post-update", "FETCH_HEAD", "a" * 256, "a" * 39, "A" * 40, "0" * 40, UNTRUE, "a\nb",
    "a\0b", "a b", "a?b", "a*b", "a[b", "a\\b", "a~b", "é", "\u202emain", "main/", "/main",
    "main//x", "proposals/desks/0123456789abcdef", "proposal:", "proposal:0",
    "proposal:0123456789ABCDEF", "proposal:../../x", "proposal:0123456789abcdef\n",
    "$HOME", "${IFS}x", "`id`", "$(id)", "; id", "| id", "main\r\nX-Evil: 1", "%2e%2e%2f",
]  # fmt: skip

REFUSED = [
    ("nope__exact=1", "unknown_field"),
    ("nope=1", "unknown_field"),
    ("__proto__=1", "unknown_field"),
    ("constructor__exact=1", "unknown_field"),
    ("=1", "unknown_field"),
    ("agents__around=1", "unknown_operator"),
    ("agents__exact__exact=1", "unknown_field"),
    ("agents__=1", "unknown_operator"),
    ("agents__EXACT=1", "unknown_operator"),
    ("agents__less=many", "malformed"),
    ("agents__less=", "malformed"),
    ("agents__less=1_0", "malformed"),
    ("agents__less=%D9%A3", "malformed"),
    ("agents__less=NaN", "malformed"),
    ("agents__less=Infinity", "malformed"),
    ("agents__less=0x10", "malformed"),
    ("opened__greater=soon", "malformed"),
    ("opened__greater=2020-13-01", "malformed"),
    ("opened__greater=9999999999-01-01", "malformed"),
    ("agents__sort=up", "malformed"),
    ("agents__sort=", "malformed"),
    ("columns=id,nope", "unknown_field"),
    ("columns=*", "unknown_field"),
    ("columns=", "unknown_field"),
    ('id__in="a', "malformed"),
    ('id__in=a"b"c,"d', "malformed"),
    ("page=0", "malformed"),
    ("page=-1", "malformed"),
    ("page=1e3", "malformed"),
    ("page=1.5", "malformed"),
    ("page=%D9%A3", "malformed"),
    ("page=%EF%BC%91", "malformed"),
    ("page=+1", "malformed"),
    ("page=0x1", "malformed"),
    ("page=" + "9" * 5000, "malformed"),
    ("page=1&page=2", "malformed"),
    ("page_size=0", "malformed"),
    ("page_size=1001", "malformed"),
    ("page_size=1001.0", "malformed"),
    ("near=here", "malformed"),
    ("near=95,0", "malformed"),
    ("near=0,181", "malformed"),
    ("near=nan,0", "malformed"),
    ("near=inf,0", "malformed"),
    ("near=1e999,0", "malformed"),
    ("near=44", "malformed"),
    ("near=44,5,6", "malformed"),
    ("near=44,5&radius=-1", "malformed"),
    ("near=44,5&radius=0", "malformed"),
    ("near=44,5&radius=nan", "malformed"),
    ("radius=10", "malformed"),
    ("bbox=1,2,3", "malformed"),
    ("bbox=1,2,3,4,5", "malformed"),
    ("bbox=5,44,6,43", "malformed"),
    ("bbox=-181,0,0,1", "malformed"),
    ("bbox=a,b,c,d", "malformed"),
    ("q=" + "+".join(chr(97 + one) * 3 for one in range(21)), "malformed"),
    ("&".join("id__contains=a" for _ in range(51)), "malformed"),
    ("&".join("id__sort=asc" for _ in range(51)), "malformed"),
]

COSTLY = [
    "q=" + "a+" * 20_000,
    "q=" + "a" * 60_000,
    "q=" + "%CC%81" * 10_000,
    "q=" + "%EF%B7%BA" * 6_000,
    "q=%00",
    "q=%FF%FE",
    "q=(a%2B)%2B%24",
    "id__in=" + ",".join(map(str, range(10_000))),
    "id__in=" + '"",' * 20_000,
    "id__in=" + '"' * 60_001,
    "columns=" + ",".join(["id"] * 20_000),
    "near=44,5&radius=1e308",
    "near=1e-400,0",
    "bbox=180,-90,-180,90",
    "page=999999999999999",
    "id__contains=%00",
    "id__contains=" + "(a%2B)%2B" * 5_000,
    "agents__less=" + "9" * 60_000,
    "latitude__less=" + "1" * 30_000 + "." + "1" * 30_000,
    "latitude__less=1e99999",
    "&".join(f"note__contains={one}" for one in range(50)),
    "&".join(f"id__exact={one}" for one in range(5_000)),
    "lang=" + "a" * 60_000,
    "=" * 60_000,
    "&" * 60_000,
    "%" * 60_000,
    "id__exact=%ed%a0%80",
]
OTHERS = [
    ("resources/desks/facets", 400, "malformed"),
    ("resources/desks/facets?field=nope", 400, "unknown_field"),
    ("resources/desks/facets?field=../../x", 400, "unknown_field"),
    ("resources/desks/aggregate?by=nope", 400, "unknown_field"),
    ("resources/desks/aggregate?by=id&sum=name", 400, "malformed"),
    ("resources/desks/aggregate?by=id&sum=__class__", 400, "unknown_field"),
    ("resources/desks/aggregate?by=id&eval=name", 400, "unknown_field"),
    ("resources/desks/diff", 400, "malformed"),
    ("resources/desks/diff?from=nope", 404, "not_found"),
    ("resources/desks/diff?from=--output=x", 404, "not_found"),
    ("resources/desks/data.csv?compression=zip", 400, "unknown_field"),
    ("resources/desks/data.orc", 404, "not_found"),
    ("resources/desks/data.pickle", 404, "not_found"),
    ("resources/desks/data.csv.gz", 404, "not_found"),
    ("resources/desks/data.html", 404, "not_found"),
    ("resources/cities/data.geojson", 400, "malformed"),
    ("resources/cities/rows?near=44,5", 400, "malformed"),
    ("proposals?state=lost", 400, "malformed"),
    ("proposals?state=open'--", 400, "malformed"),
    ("proposals?page=0", 400, "malformed"),
    ("proposals?sort=id", 400, "malformed"),
    ("revisions?page=x", 400, "malformed"),
    ("/api/v1/datasets/desks?fields=*", 400, "malformed"),
]


@pytest.mark.attack("ref-option", "ref-traversal", "ref-destroys")
@table(Ask(one, f"{ROWS}?revision={quote(one)}", 404, "not_found") for one in REVISIONS)
def test_what_is_no_revision_is_not_found(target: Browser, ask: Ask) -> None:
    check(target, ask)


@pytest.mark.attack("queries")
@table(Ask(query[:60], f"{ROWS}?{query}", 400, code) for query, code in REFUSED)
def test_a_query_without_sense_is_refused(target: Browser, ask: Ask) -> None:
    check(target, ask)


@pytest.mark.attack("queries")
@table(Ask(path, path, status, code) for path, status, code in OTHERS)
def test_other_questions_without_sense_are_refused(target: Browser, ask: Ask) -> None:
    check(target, ask)


@pytest.mark.attack("queries", "quadratic-checks")
@pytest.mark.parametrize("query", COSTLY, ids=[one[:40] for one in COSTLY])
def test_a_costly_query_is_answered_in_bounded_time(target: Browser, query: str) -> None:
    answers: list[Any] = []
    for view in ("rows", "facets?field=id", "aggregate?by=id", "data.json", "data.xlsx"):
        path = f"resources/desks/{view}{'&' if '?' in view else '?'}{query}"
        answers.append(send(target, Ask(query[:20], path, 0)))
    for page in ("/desks", "/desks/desks", "/desks/desks/01", "/desks/proposals", "/oembed"):
        answers.append(send(target, Ask(query[:20], f"{page}?{query}", 0)))
    assert {one.status_code for one in answers} <= {200, 400, 404}
