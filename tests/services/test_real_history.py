"""Real histories replayed as plain git commits: what Retouche says changed, changed, and no more.

The oracle reads the files with Python's own csv module and compares dictionaries.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from retouche.core.diff import TableDiff
from retouche.core.operations import Insert, Update
from retouche.forges.importer import import_history
from retouche.settings import Settings
from retouche.wiring import Services, build, repository_path
from tests.datasets import Ticking
from tests.realdata import real_data

pytestmark = pytest.mark.real_data
Rows = dict[tuple[str, ...], dict[str, str]]


class Replay:
    """A working repository in which each version is one ordinary commit."""

    def __init__(self, folder: Path, key: str) -> None:
        self.folder, self.key = folder, key
        folder.mkdir()
        self._git("init", "-q", "-b", "main")

    def commit(self, data: bytes, columns: list[str], message: str) -> None:
        fields = [{"name": name, "type": "string"} for name in columns]
        schema: dict[str, Any] = {"fields": fields}
        if self.key in columns:
            schema["primaryKey"] = self.key
        resource = {"name": "places", "path": "places.csv", "schema": schema}
        (self.folder / "places.csv").write_bytes(data)
        (self.folder / "datapackage.json").write_text(
            json.dumps({"name": "places", "resources": [resource]})
        )
        self._git("add", ".")
        self._git("commit", "-q", "--allow-empty", "-m", message)

    def serve(self, home: Path) -> Services:
        import_history(self.folder, repository_path(home, "places"), branch="main")
        return build(Settings(home=home), {"places": "main"}, clock=Ticking())

    def _git(self, *arguments: str) -> None:
        who = ["-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "core.autocrlf=false"]
        subprocess.run(["git", *who, *arguments], cwd=self.folder, check=True)


def rows_of(data: bytes, key: str) -> tuple[list[str], Rows]:
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    rows = list(reader)
    columns = list(reader.fieldnames or [])
    return columns, {(row[key],): row for row in rows} if key in columns else {}


def changed(a: Rows, b: Rows, key: str) -> dict[str, set[tuple[str, ...]]]:
    """The oracle: keys inserted, deleted and updated; an absent column is an empty one."""
    moved = renamed(a, b, key)
    return {
        "insert": set(b) - set(a) - set(moved.values()),
        "delete": set(a) - set(b) - set(moved),
        "update": {one for one in set(a) & set(b) if cells(a[one]) != cells(b[one])} | set(moved),
    }


def cells(row: dict[str, str], *, but: str = "") -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, text) for name, text in row.items() if text and name != but))


def renamed(a: Rows, b: Rows, key: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Rows that went and came with the same other cells, which no other such row has."""
    went: dict[Any, list[tuple[str, ...]]] = {}
    came: dict[Any, list[tuple[str, ...]]] = {}
    for one in set(a) - set(b):
        went.setdefault(cells(a[one], but=key), []).append(one)
    for one in set(b) - set(a):
        came.setdefault(cells(b[one], but=key), []).append(one)
    return {
        went[row][0]: came[row][0]
        for row in went.keys() & came.keys()
        if row and len(went[row]) == len(came[row]) == 1 and all(went[row][0]) and all(came[row][0])
    }


class Lives:
    """The oracle of rows: told forwards, from the first version on."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, ...], list[str]] = {}
        self._gone: set[tuple[str, ...]] = set()
        self.moved: set[tuple[str, ...]] = set()

    def add(self, difference: TableDiff, commit: str, key: str) -> None:
        arriving: dict[tuple[str, ...], list[str]] = {}
        for one in difference.operations:
            if not all(one.key) or not one.key:
                continue
            if isinstance(one, Insert) and one.key in self._gone:
                self._told.pop(one.key)  # another row gave this key up
                self._gone.discard(one.key)
            story = self._told.setdefault(one.key, [])
            story.append(commit)
            if isinstance(one, Update) and key in one.new:
                self._gone.add(one.key)
                arriving[(str(one.new[key]),)] = list(story)
        self.moved |= arriving.keys()
        self._told |= arriving
        self._gone -= arriving.keys()

    def of(self, key: tuple[str, ...]) -> list[str]:
        return self._told[key]

    def sample(self) -> list[tuple[str, ...]]:
        keys = sorted(self._told)
        return [*keys[:: max(1, len(keys) // 60)], *sorted(self.moved)[:20]]


def check_history(services: Services, versions: list[bytes], key: str) -> int:
    """Gives the number of rows that got a new key."""
    dataset = services.catalogue.get("places")
    head = dataset.at().commit
    views, total = services.history.revisions(dataset, head, page_size=100)
    assert total == len(versions)
    views.reverse()
    tables = [rows_of(data, key)[1] for data in versions]
    lives = Lives()
    for place in range(1, len(versions)):
        expected = changed(tables[place - 1], tables[place], key)
        counts = views[place].changes.get("places")
        keyed = bool(tables[place - 1])
        if keyed:
            found = (counts.inserted, counts.updated, counts.deleted) if counts else (0, 0, 0)
            wanted = tuple(len(expected[op]) for op in ("insert", "update", "delete"))
            assert found == wanted, views[place].revision.message
        difference = services.history.diff(
            dataset, views[place - 1].revision.id, views[place].revision.id, "places"
        )
        for op in ("insert", "update", "delete"):
            keys = {one.key for one in difference.operations if type(one).__name__.lower() == op}
            if keyed:
                assert keys == expected[op], (views[place].revision.message, op)
        lives.add(difference, views[place].revision.id, key)
    for row_key in lives.sample():
        history = services.history.row(dataset, head, "places", row_key)
        told = [one.revision.id for one in history if one.revision.id != views[0].revision.id]
        assert told == lives.of(row_key)[::-1]
    return len(lives.moved)


def test_ten_versions_of_2020_with_columns_that_come_and_go(tmp_path: Path) -> None:
    real_data("france-services-2020-history/README.md")
    folder = real_data("france-services-2020-history")
    key = "MATRICULE"
    replay = Replay(tmp_path / "work", key)
    versions = []
    for path in sorted(folder.glob("*.geojson")):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        rows = [one["properties"] for one in features]
        columns = list(dict.fromkeys(name for row in rows for name in row))
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_text(row.get(name)) for name in columns])
        versions.append(out.getvalue().encode())
        replay.commit(versions[-1], columns, path.name)
    assert len(versions) == 10
    check_history(replay.serve(tmp_path / "home"), versions, key)


def test_nine_commits_of_the_carpooling_base(tmp_path: Path) -> None:
    folder = real_data("bnlc-git-history")
    order = [line.split(",")[0] for line in (folder / "commits.csv").read_text().splitlines()]
    files = [one for one in folder.glob("*-bnlc.csv*")]
    files.sort(key=lambda one: next(i for i, c in enumerate(order) if c in one.name))
    assert len(files) == 9
    key = "id_lieu"
    replay = Replay(tmp_path / "work", key)
    versions = []
    for path in files:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        versions.append(data)
        replay.commit(data, rows_of(data, key)[0], path.name)
    assert check_history(replay.serve(tmp_path / "home"), versions, key) == 1


def test_commits_that_only_requote_or_change_line_ends_change_no_row(tmp_path: Path) -> None:
    data = real_data("bnlc-git-history/2024-12-18-4167803-bnlc.csv").read_bytes()
    key = "id_lieu"
    columns, _ = rows_of(data, key)
    table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))

    def written(**style: Any) -> bytes:
        out = io.StringIO(newline="")
        csv.writer(out, **style).writerows(table)
        return out.getvalue().encode()

    versions = [
        data,
        written(lineterminator="\n", quoting=csv.QUOTE_ALL),
        written(lineterminator="\r\n", quoting=csv.QUOTE_ALL),
        written(lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL),
        b"\xef\xbb\xbf" + written(lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC),
    ]
    replay = Replay(tmp_path / "work", key)
    for place, one in enumerate(versions):
        replay.commit(one, columns, f"version {place}")
    services = replay.serve(tmp_path / "home")
    dataset = services.catalogue.get("places")
    views, _ = services.history.revisions(dataset, dataset.at().commit)
    assert [one.changes for one in views[:-1]] == [{}, {}, {}, {}]
    assert [one.faults for one in views] == [()] * 5


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)
