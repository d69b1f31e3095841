"""Bad input: each gets its 4xx with a stable code and a sentence, and nothing is written."""

from __future__ import annotations

import io
import subprocess
from typing import Any

import pytest

from retouche.wiring import repository_path
from tests.datasets import Browser, delete, insert, update

MISSING = "f" * 40

READS = [
    ("/api/v1/datasets/nope", 404, "not_found"),
    ("/api/v1/datasets/..%2f..%2fx", 404, "not_found"),
    ("/api/v1/datasets/a%00b", 404, "not_found"),
    ("/api/v1/datasets/desks?revision=nope", 404, "not_found"),
    (f"/api/v1/datasets/desks?revision={MISSING}", 404, "not_found"),
    ("/api/v1/datasets/desks?revision=HEAD", 404, "not_found"),
    ("/api/v1/datasets/desks?revision=main~1", 404, "not_found"),
    ("/api/v1/datasets/desks?revision=--output=x", 404, "not_found"),
    ("/api/v1/datasets/desks?revision=proposal:0000000000000000", 404, "not_found"),
    ("/api/v1/datasets/desks?revision=proposal:../../x", 404, "not_found"),
    ("/api/v1/datasets/desks/resources/nope", 404, "not_found"),
    ("/api/v1/datasets/desks/resources/nope/rows", 404, "not_found"),
    ("/api/v1/datasets/desks/resources/desks/rows?nope__exact=1", 400, "unknown_field"),
    ("/api/v1/datasets/desks/resources/desks/rows?nope=1", 400, "unknown_field"),
    ("/api/v1/datasets/desks/resources/desks/rows?agents__around=1", 400, "unknown_operator"),
    ("/api/v1/datasets/desks/resources/desks/rows?agents__less=many", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/rows?opened__greater=soon", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/rows?agents__sort=up", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/rows?columns=id,nope", 400, "unknown_field"),
    ("/api/v1/datasets/desks/resources/desks/rows?page=0", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/rows?page=-1", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/rows?page=x", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/rows?page_size=1001", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/rows?page_size=0", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/rows?near=here", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/rows?near=95,0", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/rows?near=nan,0", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/rows?near=44,5&radius=-1", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/rows?bbox=1,2,3", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/cities/rows?near=44,5", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/facets", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/facets?field=nope", 400, "unknown_field"),
    ("/api/v1/datasets/desks/resources/desks/aggregate?by=nope", 400, "unknown_field"),
    ("/api/v1/datasets/desks/resources/desks/aggregate?by=id&sum=name", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/data.exe", 404, "not_found"),
    ("/api/v1/datasets/desks/resources/desks/diff", 400, "malformed"),
    ("/api/v1/datasets/desks/resources/desks/diff?from=nope", 404, "not_found"),
    ("/api/v1/datasets/desks/resources/desks/rows/nope", 404, "not_found"),
    ("/api/v1/datasets/desks/resources/desks/rows/01,02", 404, "not_found"),
    ("/api/v1/datasets/desks/resources/desks/rows/%2e%2e%2f", 404, "not_found"),
    ("/api/v1/datasets/desks/resources/desks/rows/nope/history", 404, "not_found"),
    ("/api/v1/datasets/desks/widgets/nope", 404, "not_found"),
    ("/api/v1/datasets/desks/proposals/nope", 404, "not_found"),
    ("/api/v1/datasets/desks/proposals/0000000000000000/diff", 404, "not_found"),
    ("/api/v1/datasets/desks/proposals?state=lost", 400, "malformed"),
    ("/api/v1/nope", 404, "not_found"),
    ("/git/desks.git/info/refs?service=git-receive-pack", 403, "not_allowed"),
    ("/git/desks.git/info/refs", 400, "malformed"),
    ("/git/nope.git/info/refs?service=git-upload-pack", 404, "not_found"),
]


@pytest.mark.parametrize(("path", "status", "code"), READS, ids=[one[0][:90] for one in READS])
def test_a_bad_address_gets_a_clear_problem(
    desks: Browser, path: str, status: int, code: str
) -> None:
    for language in ("fr", "en"):
        answer = desks.client.get(path, headers={"Accept-Language": language})
        check_problem(answer, status, code)


def ops(*operations: Any, **others: Any) -> dict[str, Any]:
    return {"operations": list(operations), **others}


LONG = "é" * 40_000
BODIES: list[tuple[str, Any, int, str]] = [
    ("not an object", [], 400, "malformed"),
    ("no operations", {}, 400, "malformed"),
    ("empty operations", ops(), 400, "malformed"),
    ("operations not a list", {"operations": {}}, 400, "malformed"),
    ("operation not an object", ops(1), 400, "malformed"),
    ("unknown op", ops({"op": "upsert"}), 400, "malformed"),
    ("no op", ops({"key": {"id": "01"}}), 400, "malformed"),
    ("update without new", ops({"op": "update", "key": {"id": "01"}}), 400, "malformed"),
    ("update with nothing new", ops(update("01")), 400, "malformed"),
    ("update without key", ops({"op": "update", "new": {"agents": "2"}}), 400, "malformed"),
    ("unknown key of an operation", ops({**update("01", agents="5"), "x": 1}), 400, "malformed"),
    ("unknown key of the body", ops(update("01", agents="5"), x=1), 400, "malformed"),
    ("cell is a number", ops(update("01", agents=5)), 400, "malformed"),  # type: ignore[arg-type]
    ("cell is a list", ops(update("01", agents=["5"])), 400, "malformed"),  # type: ignore[arg-type]
    ("key is a text", ops({"op": "delete", "key": "01"}), 400, "malformed"),
    ("key of another field", ops({"op": "delete", "key": {"name": "x"}}), 400, "malformed"),
    ("base revision is a branch", ops(delete("01"), base_revision="main"), 400, "malformed"),
    ("base revision unknown", ops(delete("01"), base_revision=MISSING), 404, "not_found"),
    ("unknown resource", ops(update("01", "nope", agents="5")), 404, "not_found"),
    ("unknown field", ops(update("01", nope="5")), 400, "unknown_field"),
    ("unknown field of an insertion", ops(insert(id="9", nope="5")), 400, "unknown_field"),
    ("unknown row", ops(update("99", agents="5")), 404, "not_found"),
    ("unknown row to delete", ops(delete("99")), 404, "not_found"),
    (
        "resource that is not editable",
        ops({"op": "delete", "resource": "cities", "key": {"code": "84003"}}),
        422,
        "not_editable",
    ),
    ("two operations on one row", ops(update("01", agents="5"), delete("01")), 400, "malformed"),
    ("a row inserted twice", ops(insert(id="9"), insert(id="9")), 400, "malformed"),
    ("nothing changes", ops(update("01", agents="2")), 422, "no_change"),
    ("missing stays missing", ops(update("03", phone=None)), 422, "no_change"),
    ("cell over the limit", ops(update("01", note=LONG)), 413, "too_large"),
    ("hidden field", ops(update("01", agents="5"), website="http://x"), 400, "malformed"),
    ("comment over the limit", ops(delete("01"), comment="x" * 6_000), 413, "too_large"),
    ("too many operations", ops(*[delete("01")] * 1_001), 413, "too_large"),
    ("NUL in a cell", ops(update("01", note="a\0b")), 422, "invalid"),
    ("control character in a cell", ops(update("01", note="a\x1bb")), 422, "invalid"),
    ("bidirectional override", ops(update("01", note="a\u202eb")), 422, "invalid"),
    ("NUL in the comment", ops(delete("01"), comment="a\0b"), 400, "malformed"),
    ("not a number", ops(update("01", agents="two")), 422, "invalid"),
    ("Arabic digits", ops(update("01", agents="٣")), 422, "invalid"),
    ("underscore in a number", ops(update("01", agents="1_0")), 422, "invalid"),
    ("fullwidth digits", ops(update("01", agents="\uff15")), 422, "invalid"),
    ("spaces around a number", ops(update("01", agents=" 5 ")), 422, "invalid"),
    ("not a date", ops(update("01", opened="02/01/2020")), 422, "invalid"),
    ("required cell emptied", ops(update("01", name=None)), 422, "invalid"),
    ("pattern", ops(update("01", city_code="8400")), 422, "invalid"),
    ("unknown city", ops(update("01", city_code="99999")), 422, "invalid"),
    ("bad phone", ops(update("01", phone="12")), 422, "invalid"),
    ("key already there", ops(insert(id="01", name="Desk")), 422, "invalid"),
    ("key changed to one already there", ops(update("01", id="02")), 422, "invalid"),
    ("insertion without a key", ops(insert(name="Desk")), 422, "invalid"),
    ("contributor is a text", ops(delete("01"), contributor="me"), 400, "malformed"),
    ("locale unknown", ops(delete("01"), locale="de"), 400, "malformed"),
    ("deep nesting", {"operations": [[[[[[[]]]]]]]}, 400, "malformed"),
]


@pytest.mark.parametrize(
    ("body", "status", "code"), [one[1:] for one in BODIES], ids=[one[0] for one in BODIES]
)
def test_a_bad_proposal_gets_a_clear_problem_and_writes_nothing(
    desks: Browser, body: Any, status: int, code: str
) -> None:
    refs = refs_of(desks)
    for language in ("fr", "en"):
        answer = desks.post("/proposals", body, headers={"Accept-Language": language})
        check_problem(answer, status, code)
    assert desks.get("/proposals").json["meta"]["total"] == 0
    assert refs_of(desks) == refs


RAW: list[tuple[str, bytes, int, str]] = [
    ("not JSON", b"{", 400, "malformed"),
    ("nothing", b"", 400, "malformed"),
    ("null", b"null", 400, "malformed"),
    ("not UTF-8", b'{"operations": "\xff"}', 400, "malformed"),
    ("NaN", b'{"operations": NaN}', 400, "malformed"),
    ("duplicate key", b'{"operations": [], "operations": []}', 400, "malformed"),
    ("lone surrogate", b'{"operations": [], "comment": "\\ud800"}', 400, "malformed"),
    ("deep", b"[" * 100_000, 400, "malformed"),
    ("huge number", b'{"operations": ' + b"9" * 5_000 + b"}", 400, "malformed"),
    ("too large", b'"' + b"x" * 1_100_000 + b'"', 413, "too_large"),
]


@pytest.mark.parametrize(
    ("data", "status", "code"), [one[1:] for one in RAW], ids=[one[0] for one in RAW]
)
def test_bytes_that_are_not_plain_json_are_refused(
    desks: Browser, data: bytes, status: int, code: str
) -> None:
    for path in ("/proposals", "/validate"):
        answer = desks.client.post(desks.api + path, data=data, content_type="application/json")
        check_problem(answer, status, code)


def test_a_body_of_unknown_length_is_cut_nowhere(desks: Browser) -> None:
    answer = desks.client.post(
        f"{desks.api}/validate",
        input_stream=io.BytesIO(b'"' + b"x" * 1_100_000 + b'"'),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    check_problem(answer, 413, "too_large")


def test_another_media_type_is_refused(desks: Browser) -> None:
    answer = desks.client.post(f"{desks.api}/proposals", data={"a": "b"})
    check_problem(answer, 415, "unsupported")


def test_a_bad_idempotency_key_is_refused(desks: Browser) -> None:
    for key in ("é", "x" * 201, " "):
        answer = desks.post(
            "/proposals",
            ops(delete("01")),
            headers={"Idempotency-Key": key.encode("utf-8").decode("latin-1")},
        )
        check_problem(answer, 400, "malformed")


def test_a_wrong_method_is_refused(desks: Browser) -> None:
    answer: Any = desks.client.delete(f"{desks.api}/proposals")
    assert answer.status_code == 405
    assert answer.json["code"] == "malformed"
    assert "POST" in answer.headers["Allow"]


def check_problem(answer: Any, status: int, code: str) -> None:
    assert answer.status_code == status, answer.get_data(as_text=True)[:500]
    assert answer.content_type == "application/problem+json"
    body = answer.json
    assert body["code"] == code
    assert body["status"] == status
    assert body["detail"].strip()
    assert body["detail"][0].isupper() or not body["detail"][0].isalpha()
    assert "{" not in body["detail"] or "{id}" in body["detail"]
    for leak in ("Traceback", "/retouche/", "Error(", "<class"):
        assert leak not in answer.get_data(as_text=True)


def refs_of(desks: Browser) -> str:
    path = repository_path(desks.services.settings.home, desks.dataset)
    listed = ["git", "-C", str(path), "for-each-ref"]
    return subprocess.run(listed, capture_output=True, text=True, check=True).stdout
