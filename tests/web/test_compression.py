"""Answers in gzip: the same bytes once unpacked, the same tags, and nothing that is private."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import pytest

from retouche.web import compression
from retouche.web.compression import Compressed, Packing, takes_gzip
from tests.datasets import DESKS, Browser, serve, update, write_desks
from tests.web.test_kept import Counting, kept

ROWS = "/resources/desks/rows"
CSV = "/resources/desks/data.csv"
GZIP = {"Accept-Encoding": "gzip, deflate, br"}
MANY = DESKS + "".join(f"{one},Desk {one},84003,,2,,,,\n" for one in range(100, 400))


@pytest.fixture
def many(tmp_path: Any) -> Browser:
    folder = write_desks(tmp_path / "package", desks=MANY)
    return Browser(serve(tmp_path / "many", {"desks": folder}))


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZIP;q=1.000", True),
        ("deflate, gzip;q=0.5", True),
        ("x-gzip", True),
        ("br, *", True),
        ("br, *;q=0", False),
        ("gzip;q=0, *", False),
        ("gzip; q=0.0", False),
        ("gzip;q=0.4, identity;q=0.9", False),
        ("identity", False),
        ("gzipped", False),
        ("gzip;q=high", False),
        ("gzip;q=2", False),
        (",,gzip,", True),
        (f"{'x' * 500}, gzip", True),
    ],
)
def test_what_a_client_takes_is_read_from_its_header(header: str | None, taken: bool) -> None:
    assert takes_gzip(header) is taken


@pytest.mark.parametrize(
    "path",
    [
        "/resources/desks",
        f"{ROWS}?page_size=100",
        f"{ROWS}?page_size=100&q=desk",
        "/resources/desks/facets?field=name",
        CSV,
        "/resources/desks/data.json",
        "/resources/desks/data.geojson",
    ],
)
def test_a_packed_answer_is_the_same_answer(many: Browser, path: str) -> None:
    plain = many.get(path)
    for _ in range(2):
        answer = many.get(path, headers=GZIP)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.data) == plain.data
        assert len(answer.data) < len(plain.data)
        assert answer.headers.get("Content-Length", str(len(answer.data))) == str(len(answer.data))
        assert answer.headers["ETag"] == f"W/{plain.headers['ETag']}"
        assert answer.content_type == plain.content_type
    for one in (plain, answer):
        assert "Accept-Encoding" in one.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    assert many.get(path).data == plain.data


def test_a_file_is_the_same_bytes_once_unpacked(many: Browser) -> None:
    assert gzip.decompress(many.get(CSV, headers=GZIP).data) == many.file()
    pinned = f"{CSV}?revision={many.published}"
    assert gzip.decompress(many.get(pinned, headers=GZIP).data) == many.file()


def test_a_client_is_told_that_what_it_has_still_holds_in_either_form(many: Browser) -> None:
    strong = many.get(ROWS).headers["ETag"]
    for tag in (strong, f"W/{strong}"):
        for asked in ({}, GZIP):
            answer = many.get(ROWS, headers={"If-None-Match": tag, **asked})
            assert answer.status_code == 304
            assert answer.data == b""
            assert answer.headers["ETag"].removeprefix("W/") == strong
            assert "Accept-Encoding" in answer.headers["Vary"]
            assert "Content-Encoding" not in answer.headers
    page = f"{ROWS}?page_size=1"  # asked for in one form at first, the other is not known of
    weak = f"W/{many.get(page).headers['ETag']}"
    assert many.get(page, headers={"If-None-Match": weak, **GZIP}).headers["ETag"] == weak
    many.accept(many.propose(update("01", agents="5")).json)
    assert many.get(ROWS, headers={"If-None-Match": f"W/{strong}", **GZIP}).status_code == 200


def test_head_has_the_headers_of_the_form_that_get_would_have(many: Browser) -> None:
    for _ in range(2):
        head = many.client.head(many.api + ROWS, headers=GZIP)
        assert head.data == b""
        assert head.headers["Content-Encoding"] == "gzip"
        assert head.headers["ETag"].startswith('W/"')
        got = many.get(ROWS, headers=GZIP)
        assert head.headers.get("Content-Length", got.headers["Content-Length"]) == str(
            len(got.data)
        )


def test_who_asks_for_a_part_gets_the_bytes_as_they_are(many: Browser) -> None:
    answer = many.get(CSV, headers={**GZIP, "Range": "bytes=0-9"})
    assert "Content-Encoding" not in answer.headers
    assert many.file().startswith(answer.data[:10])


def test_each_form_of_a_page_is_made_once_and_both_are_kept(many: Browser) -> None:
    behind = Counting(many)
    path = f"{ROWS}?page_size=50"
    for _ in range(3):
        many.get(path)
        many.get(path, headers=GZIP)
        many.get(path, headers={**GZIP, "Accept-Encoding": "gzip"})
    assert behind.asked == 2
    assert len(kept(many)) == 2
    # A language that is called like an encoding is no encoding.
    assert "Content-Encoding" not in many.get(path, headers={"Accept-Language": "gzip"}).headers


def test_small_answers_and_those_packed_already_are_left_alone(many: Browser) -> None:
    assert "Content-Encoding" not in many.get(f"{ROWS}?page_size=1", headers=GZIP).headers
    xlsx = many.get("/resources/desks/data.xlsx", headers=GZIP)
    assert "Content-Encoding" not in xlsx.headers
    assert xlsx.headers["ETag"].startswith('"')


def test_a_page_with_a_secret_is_never_packed(many: Browser) -> None:
    sent = many.propose(update("01", agents="5"), comment="x" * 2_000).json
    page = many.client.get(sent["follow_up_url"], headers=GZIP)
    assert page.status_code == 200
    assert "private" in page.headers["Cache-Control"]
    assert "Content-Encoding" not in page.headers
    public = many.client.get("/desks", headers=GZIP)
    assert public.headers["Content-Encoding"] == "gzip"
    receipt = many.client.post(
        f"{many.api}/proposals",
        json={"operations": [update("02", agents="6")], "comment": "x" * 2_000},
        headers=GZIP,
    )
    assert receipt.status_code == 201
    assert "Content-Encoding" not in receipt.headers
    signed_in = many.app.test_client()
    signed_in.get(f"/sign-in?token={many.token}")
    assert "Content-Encoding" not in signed_in.get("/desks", headers=GZIP).headers


class Long(Iterator[bytes]):
    """A body of many parts, which notes that it was closed."""

    def __init__(self, number: int) -> None:
        self._left, self.closed = number, False

    def __next__(self) -> bytes:
        if not self._left:
            raise StopIteration
        self._left -= 1
        return b"a,b,c\r\n" * 10_000

    def close(self) -> None:
        self.closed = True


def test_a_long_answer_is_packed_as_it_is_taken() -> None:
    body = Long(30)

    def app(_: Any, start_response: Any) -> Any:
        headers = [("Content-Type", "text/csv"), ("Content-Length", "2100000"), ("ETag", '"x"')]
        start_response("200 OK", headers)
        return body

    started: list[Any] = []
    environ = {"REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": "gzip"}
    parts = Compressed(app)(environ, lambda *given: started.extend(given))  # type: ignore[arg-type]
    assert isinstance(parts, Packing)
    assert gzip.decompress(b"".join(parts)) == b"a,b,c\r\n" * 300_000
    parts.close()
    assert body.closed
    assert dict(started[1]) == {
        "Content-Type": "text/csv",
        "ETag": 'W/"x"',
        "Vary": "Accept-Encoding",
        "Content-Encoding": "gzip",
    }


def test_our_own_scripts_are_packed_whole_once_and_best() -> None:
    body = b"export const number = 1;\n" * 60_000

    def app(_: Any, start_response: Any) -> Any:
        headers = [("Content-Type", "text/javascript; charset=utf-8"), ("ETag", '"x"')]
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    before = compression._best.cache_info()
    environ = {"REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": "gzip"}
    for _ in range(3):
        parts = Compressed(app)(environ, lambda *_: lambda _: None)
        assert isinstance(parts, list)
        assert gzip.decompress(parts[0]) == body
    after = compression._best.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Cache-Control", "private, no-store"),
        ("Cache-Control", "no-store"),
        ("Cache-Control", "public, no-transform"),
        ("Set-Cookie", "a=b"),
        ("Content-Encoding", "br"),
        ("Content-Type", "application/zip"),
        ("Content-Length", "999"),
    ],
)
def test_what_may_be_packed_is_told_by_the_headers(name: str, value: str) -> None:
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": "5000"}
    assert compression.may_be_packed("200 OK", [*headers.items()])
    assert not compression.may_be_packed("404 NOT FOUND", [*headers.items()])
    assert not compression.may_be_packed("200 OK", [*{**headers, name: value}.items()])
