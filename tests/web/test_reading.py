"""Reading over HTTP: filters, pages, addresses of rows, caching, downloads, clones."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from tests.datasets import DESKS, Browser, serve, update, write_desks

ROWS = "/resources/desks/rows"


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["01", "02", "03", "04"]),
        ("agents__exact=2", ["01", "03"]),
        ("agents__greater=3", ["02", "04"]),
        ("agents__strictly_greater=3", ["04"]),
        ("opened__less=2021-03-04", ["01", "02"]),
        ("phone__isnull", ["03"]),
        ("phone__isnotnull", ["01", "02", "04"]),
        ("name__contains=SAULT", ["02"]),
        ("id__in=01,04", ["01", "04"]),
        ("id__notin=01,04", ["02", "03"]),
        ("opened__differs=2020-01-02", ["02", "03", "04"]),
        ("q=monday", ["03"]),
        ("q=two%20lines", ["02"]),
        ("agents__sort=desc", ["04", "02", "01", "03"]),
        ("opened__sort=desc", ["03", "02", "01", "04"]),
        ("near=44.09,5.4&radius=20000", ["02", "04"]),
        ("bbox=5.1,43.8,5.3,44.2", ["03", "04"]),
        ("page=2&page_size=3", ["04"]),
        ("page=9", []),
    ],
)
def test_rows_are_filtered_sorted_and_paged(desks: Browser, query: str, ids: list[str]) -> None:
    answer = desks.get(f"{ROWS}?{query}")
    assert answer.status_code == 200, answer.json
    assert [row["id"] for row in answer.json["data"]] == ids


def test_a_page_says_where_it_is_and_where_its_neighbours_are(desks: Browser) -> None:
    answer = desks.get(f"{ROWS}?page_size=2&agents__greater=2").json
    assert answer["meta"] == {
        "page": 1,
        "page_size": 2,
        "total": 4,
        "revision": desks.published,
    }
    assert answer["links"]["prev"] is None
    second: Any = desks.client.get(answer["links"]["next"]).json
    assert [row["id"] for row in second["data"]] == ["03", "04"]
    assert second["links"]["next"] is None


def test_distance_comes_with_near(desks: Browser) -> None:
    rows = desks.get(f"{ROWS}?near=44.0917,5.4083").json["data"]
    assert rows[0]["id"] == "02"
    assert rows[0]["_distance"] == 0
    assert rows == sorted(rows, key=lambda row: row["_distance"])


def test_facets_and_aggregates_follow_the_filters(desks: Browser) -> None:
    facets = desks.get("/resources/desks/facets?field=agents&field=phone&id__in=01,03").json
    assert facets["data"]["agents"] == [{"value": "2", "count": 2}]
    assert {"value": None, "count": 1} in facets["data"]["phone"]
    figures = desks.get("/resources/desks/aggregate?by=agents&count=phone&mean=latitude").json
    two = next(one for one in figures["data"] if one["agents"] == "2")
    assert (two["count"], two["count_phone"]) == (2, 1)
    assert two["mean_latitude"] == pytest.approx((43.8765 + 43.9113) / 2)


def test_an_answer_is_not_sent_again_to_who_has_it(desks: Browser) -> None:
    first = desks.get(ROWS)
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = desks.get(ROWS, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    desks.accept(desks.propose(update("01", agents="5")).json)
    changed = desks.get(ROWS, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_an_address_with_a_commit_never_changes_and_says_so(desks: Browser) -> None:
    pinned = f"{ROWS}?revision={desks.published}"
    first = desks.get(pinned)
    assert "immutable" in first.headers["Cache-Control"]
    desks.accept(desks.propose(update("01", agents="5")).json)
    assert desks.get(pinned).data == first.data
    branch = desks.get(f"{ROWS}?revision=main")
    assert "immutable" not in branch.headers["Cache-Control"]


def test_a_proposal_can_be_read_as_a_revision(desks: Browser) -> None:
    proposal = desks.propose(update("01", agents="5")).json
    rows = desks.get(f"{ROWS}?revision=proposal:{proposal['id']}").json["data"]
    assert rows[0]["agents"] == "5"
    assert desks.get(ROWS).json["data"][0]["agents"] == "2"
    row = desks.get(f"{ROWS}/01").json
    assert [one["id"] for one in row["proposals"]] == [proposal["id"]]


AWKWARD = ["a/b", "a,b", "a%b", "é ü", "..", "a?b#c", "%2F", "x/history", "+", "  a", '"q"', "日本"]


def test_any_key_has_an_address(tmp_path: Path) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(DESKS.splitlines()[0].split(","))
    for key in AWKWARD:
        writer.writerow([key, f"Desk {key}", "84003", "", "2", "", "", "", ""])
    folder = write_desks(tmp_path / "package", desks=out.getvalue())
    desks = Browser(serve(tmp_path / "home", {"desks": folder}))
    for key in AWKWARD:
        answer: Any = desks.get(f"{ROWS}/{quote(key, safe='')}")
        assert answer.status_code == 200, (key, answer.json)
        assert answer.json["data"]["id"] == key
        itself: Any = desks.client.get(answer.json["links"]["self"])
        assert itself.json["data"]["id"] == key
        assert desks.client.get(answer.json["links"]["history"]).status_code == 200
        done = desks.accept(desks.propose(update(key, agents="3")).json)
        assert done.status_code == 200


def test_the_csv_is_the_file_byte_for_byte_and_never_runs_as_a_page(desks: Browser) -> None:
    answer = desks.get("/resources/desks/data.csv")
    assert answer.data == DESKS.encode()
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    some = desks.get("/resources/desks/data.csv?id__in=01,02&columns=id,name")
    assert list(csv.reader(io.StringIO(some.text, newline="")))[1:] == [
        ["01", "Desk of Apt"],
        ["02", 'Desk of "Sault"'],
    ]


def test_other_downloads_hold_the_same_rows(desks: Browser) -> None:
    rows = desks.get(ROWS).json["data"]
    assert json.loads(desks.get("/resources/desks/data.json").data) == rows
    features = json.loads(desks.get("/resources/desks/data.geojson").data)["features"]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [5.3964, 43.8765]}
    assert features[0]["properties"]["id"] == "01"
    assert desks.get("/resources/desks/data.xlsx").data[:2] == b"PK"


def test_reading_and_proposing_work_from_any_page_and_deciding_from_none(desks: Browser) -> None:
    origin = {"Origin": "https://elsewhere.example"}
    assert desks.get(ROWS, headers=origin).headers["Access-Control-Allow-Origin"] == "*"
    sent = desks.post("/proposals", {"operations": [update("01", agents="5")]}, headers=origin)
    assert sent.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in sent.headers
    path = f"/proposals/{sent.json['id']}/accept"
    decided = desks.post(path, {"head": sent.json["head"]}, headers=origin)
    assert decided.status_code == 403
    assert "Access-Control-Allow-Origin" not in decided.headers


def test_health_readiness_and_metrics_tell_how_it_goes(desks: Browser) -> None:
    desks.propose(update("01", agents="5"))
    assert desks.client.get("/ready").json == {
        "ready": True,
        "database": True,
        "failing": [],
    }
    health: Any = desks.client.get("/health").json
    assert health["datasets"]["desks"] == {"status": "ok", "revision": desks.published}
    metrics = desks.client.get("/metrics").text
    assert 'retouche_proposals{dataset="desks",state="open"} 1.0' in metrics


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test's own output is enough."""


@contextmanager
def listening(desks: Browser) -> Iterator[str]:
    with make_server("127.0.0.1", 0, desks.app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_git_clones_an_ordinary_readable_history(desks: Browser, tmp_path: Path) -> None:
    proposal = desks.propose(update("03", phone="04 65 71 00 03")).json
    desks.accept(proposal)
    with listening(desks) as address:
        target = tmp_path / "clone"
        clone = ["git", "clone", "--quiet", f"{address}/git/desks.git", str(target)]
        subprocess.run(clone, check=True)
        pushed = subprocess.run(
            ["git", "-C", str(target), "push", "origin", "HEAD:refs/heads/other"],
            capture_output=True,
            check=False,
            env={"PATH": "/usr/bin:/bin", "GIT_TERMINAL_PROMPT": "0"},
        )
    assert pushed.returncode != 0
    assert (target / "desks.csv").read_bytes() == desks.file()
    log = subprocess.run(
        ["git", "-C", str(target), "log", "--format=%s", "--numstat"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Accept merge request 1\n" in log
    assert "Correct desks 03: phone\n\n1\t1\tdesks.csv" in log
