"""Going from commit to commit tells what comparing whole files of each pair tells."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

from retouche.core.edited import Edit
from retouche.core.errors import RetoucheError
from retouche.core.operations import Delete, Insert, Operation, Update
from retouche.forges.embedded import EmbeddedForge
from retouche.journals.changes import SqlChangeIndex
from retouche.ports import Counted, RowEntry
from retouche.services.datasets import Dataset
from retouche.settings import Settings
from retouche.wiring import Services, build, repository_path
from tests.datasets import Ticking
from tests.histories import Files, line, write_history

Entry = tuple[str, tuple[str, ...], str, dict[str, Any], tuple[str, ...] | None]


class Author:
    """Makes version after version of a small dataset, with all that may happen to one."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.header = ["id", "name", "city", "note"]
        self.rows = [[f"{n:02d}", f"name {n}", f"city {n % 3}", ""] for n in range(12)]
        self.other = [["a", "1"], ["b", "2"]]
        self.style: dict[str, Any] = {"lineterminator": "\n"}
        self.name = "places"
        self.missing = [""]
        self.key: list[str] | None = ["id"]
        self.number = 100
        self.damage = self.apart = self.blank = False

    def versions(self, count: int) -> Iterator[Files]:
        yield self.files()
        for _ in range(count - 1):
            for _ in range(self.chance.choice([0, 1, 1, 1, 2, 5])):
                self.chance.choices(*zip(*self.happenings(), strict=True))[0]()
            yield self.files()
            self.damage = False

    def happenings(self) -> list[tuple[Callable[[], object], int]]:
        return [
            (self.edit, 30),
            (self.insert, 8),
            (self.delete, 8),
            (self.rename_row, 8),
            (self.repeat, 3),
            (self.sort, 2),
            (self.restyle, 4),
            (self.recolumn, 4),
            (self.reschema, 4),
            (self.rekey, 1),
            (self.break_it, 4),
            (self.rename_resource, 1),
            (self.put_apart, 2),
            (self.space, 2),
            (self.edit_other, 4),
        ]

    def edit(self) -> None:
        if self.rows:
            row = self.chance.choice(self.rows)
            text = self.chance.choice(["", "-", 'a "quoted", text', "two\nlines", "é", "x" * 40])
            row[self.chance.randrange(len(row))] = text or f"new {self.number}"
            self.number += 1

    def insert(self) -> None:
        row = [str(self.number), *(f"{name} {self.number}" for name in self.header[1:])]
        self.rows.insert(self.chance.randrange(len(self.rows) + 1), row)
        self.number += 1

    def delete(self) -> None:
        if self.rows:
            self.rows.pop(self.chance.randrange(len(self.rows)))

    def rename_row(self) -> None:
        if self.rows and "id" in self.header:
            self.chance.choice(self.rows)[self.header.index("id")] = f"r{self.number}"
            self.number += 1

    def repeat(self) -> None:
        if self.rows:
            self.rows.append(list(self.chance.choice(self.rows)))

    def sort(self) -> None:
        self.rows.sort(reverse=self.chance.random() < 0.5)

    def restyle(self) -> None:
        self.style = {
            "lineterminator": self.chance.choice(["\n", "\r\n"]),
            "quoting": self.chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
            "delimiter": self.chance.choice([",", ",", ";"]),
        }

    def recolumn(self) -> None:
        place = self.chance.randrange(1, len(self.header) + 1)
        if len(self.header) > 2 and self.chance.random() < 0.5:
            place -= 1
            self.header.pop(place)
            for row in self.rows:
                del row[place : place + 1]
        else:
            self.header.insert(place, f"column {self.number}")
            for row in self.rows:
                row.insert(place, self.chance.choice(["", "v"]))
        self.number += 1

    def reschema(self) -> None:
        self.missing = self.chance.choice([[""], ["", "-"], ["-"]])

    def rekey(self) -> None:
        self.key = self.chance.choice([["id"], ["id", "name"], None])

    def break_it(self) -> None:
        self.damage = True

    def rename_resource(self) -> None:
        self.name = self.chance.choice(["places", "spots"])

    def put_apart(self) -> None:
        self.apart = not self.apart

    def space(self) -> None:
        self.blank = not self.blank

    def edit_other(self) -> None:
        self.other[0][1] = str(self.number)
        self.number += 1

    def files(self) -> Files:
        out = io.StringIO(newline="")
        writer = csv.writer(out, **self.style)
        writer.writerows([self.header, *self.rows[:3]])
        if self.blank:
            out.write(self.style["lineterminator"])
        writer.writerows(self.rows[3:])
        files = {
            f"{self.name}.csv": out.getvalue().encode(),
            "other.csv": "".join(f"{a},{b}\n" for a, b in [("k", "v"), *self.other]).encode(),
        }
        schema: Any = {
            "fields": [{"name": name} for name in self.header],
            "missingValues": self.missing,
        }
        if self.key and set(self.key) <= set(self.header):
            schema["primaryKey"] = self.key
        if self.apart:
            files["schemas/places.json"] = json.dumps(schema).encode()
            schema = "schemas/places.json"
        described = {"fields": [{"name": "k"}, {"name": "v"}], "primaryKey": "k"}
        dialect = {"delimiter": self.style.get("delimiter", ",")}
        resources = [
            {"name": self.name, "path": f"{self.name}.csv", "schema": schema, "dialect": dialect},
            {"name": "other", "path": "other.csv", "schema": described},
        ]
        package = {"name": "places", "resources": resources}
        files["datapackage.json"] = json.dumps(package).encode()
        return self.damaged(files) if self.damage else files

    def damaged(self, files: dict[str, bytes]) -> Files:
        file = f"{self.name}.csv"
        match self.chance.randrange(5):
            case 0:
                files[file] += b'x,"never closed'
            case 1:
                files[file] = files[file].replace(b"name", b"n\0me", 1)
            case 2:
                del files[file]
            case 3:
                files["datapackage.json"] = b"{"
            case _:
                files.pop("schemas/places.json", None)
        return files


def serve(home: Path) -> tuple[Services, Dataset]:
    services = build(Settings(home=home), {"places": "main"}, clock=Ticking())
    return services, services.catalogue.get("places")


def expected(services: Services, dataset: Dataset, commits: Sequence[str]) -> list[Any]:
    """Counts and entries of each commit, by whole comparisons of it and the one before."""
    found: list[Any] = []
    for place, commit in enumerate(commits):
        counts: dict[str, Counted] = {}
        entries: list[Entry] = []
        sides = commits[max(0, place - 1) : place + 1]
        for name in ("other", "places", "spots"):
            try:
                if not any(name in names(dataset, one) for one in sides):
                    continue
                if place == 0:
                    counts[name] = (len(dataset.at(commit).snapshot(name)), 0, 0, False)
                    continue
                operations = services.history.diff(dataset, sides[0], sides[1], name).operations
            except RetoucheError:
                counts[name] = (0, 0, 0, True)
                continue
            kinds = [type(one) for one in operations]
            counts[name] = (kinds.count(Insert), kinds.count(Update), kinds.count(Delete), False)
            for one in operations:
                entries += entries_of(dataset, commit, one)
        found.append(({name: one for name, one in counts.items() if any(one)}, entries))
    return found


def names(dataset: Dataset, commit: str) -> set[str]:
    try:
        return set(dataset.at(commit).package.resources)
    except RetoucheError:
        return set()


def entries_of(dataset: Dataset, commit: str, one: Operation) -> list[Entry]:
    if not one.key or not all(one.key):
        return []
    cells: dict[str, Any]
    match one:
        case Insert():
            cells = {name: (None, cell) for name, cell in one.row.items() if cell is not None}
        case Delete():
            cells = {name: (cell, None) for name, cell in one.old.items() if cell is not None}
        case Update():
            cells = {name: (one.old[name], cell) for name, cell in one.new.items()}
            schema = dataset.at(commit).package.resource(one.resource).schema
            key = schema.key_after(one.key, one.new)
            if key not in (None, one.key):
                return [(one.resource, k, "update", cells, one.key) for k in (one.key, key) if k]
    return [(one.resource, one.key, type(one).__name__.lower(), cells, None)]


def indexed(home: Path, dataset: Dataset, head: str, keys: set[tuple[str, Any]]) -> list[Any]:
    """The same as the index holds it; of the order of entries what is asked for shows."""
    index = SqlChangeIndex(home / "changes.sqlite")
    length = index.length("places", head) or 0
    rows: list[list[RowEntry]] = [[] for _ in range(length)]
    for resource, key in keys:
        for event in index.row("places", head, resource, key):
            rows[event.generation].append(event.entry)
    pages = index.revisions("places", head, offset=0, limit=length)
    return [
        (dict(page.counts), [(e.resource, e.key, e.op, dict(e.cells), e.old_key) for e in entries])
        for page, entries in zip(reversed(pages), rows, strict=True)
    ]


def by_row(told: list[Any]) -> list[Any]:
    """Entries of a commit sorted by row, those of one row in their order."""
    return [(counts, sorted(entries, key=lambda one: one[:2])) for counts, entries in told]


@pytest.fixture
def kept_as_edits(monkeypatch: pytest.MonkeyPatch) -> Callable[[random.Random, float], None]:
    """Make the forge know, of a share of the pairs of files, the edits between the two."""

    def arrange(chance: random.Random, share: float) -> None:
        def edits(forge: EmbeddedForge, old: str, new: str) -> tuple[Edit, ...] | None:
            if chance.random() >= share:
                return None
            a, b = (forge.repository.load(one, "blob") for one in (old, new))
            return edits_between(a, b)

        monkeypatch.setattr(EmbeddedForge, "edits", edits)

    return arrange


def edits_between(a: bytes, b: bytes) -> tuple[Edit, ...]:
    """Edits of whole lines, as a delta may have them."""
    ours, theirs = a.splitlines(True), b.splitlines(True)
    starts = [0]
    for one in ours:
        starts.append(starts[-1] + len(one))
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    return tuple(
        Edit(starts[i], starts[i_stop], b"".join(theirs[j:j_stop]))
        for tag, i, i_stop, j, j_stop in matcher.get_opcodes()
        if tag != "equal"
    )


@pytest.mark.parametrize("seed", range(24))
def test_random_histories_are_indexed_as_whole_comparisons_tell(
    tmp_path: Path, seed: int, kept_as_edits: Callable[[random.Random, float], None]
) -> None:
    chance = random.Random(seed)
    versions = [*Author(chance).versions(25)]
    commits = write_history(repository_path(tmp_path, "places"), line(versions))
    kept_as_edits(chance, 0)
    services, dataset = serve(tmp_path)
    oracle = expected(services, dataset, commits)
    services.close()
    kept_as_edits(chance, chance.choice([0, 0.5, 1]))
    services, dataset = serve(tmp_path)
    for place in sorted(chance.sample(range(len(commits)), 3)):
        services.history.reach(dataset, commits[place])  # some at a time
    services.history.reach(dataset, commits[-1])
    keys = {(entry[0], entry[1]) for _, entries in oracle for entry in entries}
    assert by_row(indexed(tmp_path, dataset, commits[-1], keys)) == by_row(oracle)
    services.close()
