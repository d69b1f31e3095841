"""The peer on HTTP: Datasette over SQLite, set up as well as it can be for what is asked."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks import tables
from benchmarks.ground import Ground, dataset_name
from benchmarks.peers import run
from benchmarks.serving import Serving, peer

TABLE = "records"
INDEXES = (
    ("word_1",),
    ("word_6",),
    ("number_2",),
    ("date_3",),
    # The page: one word, then in the order of the dates, the number read from the index.
    ("word_1", "date_3", "number_2"),
    # Its count, and the facets under a bound on the number.
    ("word_1", "number_2"),
    ("word_6", "number_2"),
    ("number_2", "word_1", "word_6"),
)
# Enough time to finish every question; nothing suggested that was not asked for.
SETTINGS = {
    "sql_time_limit_ms": "120000",
    "facet_time_limit_ms": "120000",
    "suggest_facets": "off",
    "max_returned_rows": "1000",
    "cache_size_kb": "200000",
}


def database(ground: Ground, size: str) -> Path:
    """The SQLite file of a size, with its indexes and full text; kept between runs."""
    kept = ground.kept("datasette", Path(__file__), Path(tables.__file__))
    file = kept / f"{dataset_name(size)}.db"
    if not file.exists():
        package = ground.package(size)
        ground.tell(f"loading {size} into SQLite, with indexes and full text")
        part = file.with_suffix(".part")
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as connection:
            connection.execute("pragma journal_mode=off")
            connection.execute("pragma synchronous=off")
            connection.execute("pragma cache_size=-400000")
            _load(connection, package / "table.csv")
        part.rename(file)
    return file


@contextmanager
def serving(ground: Ground, sizes: Sequence[str]) -> Iterator[Serving]:
    """Datasette on the files of some sizes: immutable, with all rows counted beforehand.

    One process, as it is meant to run. Raises `PeerMissing`.
    """
    program = str(ground.peers.datasette)
    files = [str(database(ground, size)) for size in sizes]
    folder = ground.new_folder("datasette")
    counts = folder / "counts.json"
    counts.write_text(run([program, "inspect", *files]))
    command = [program, "serve", "--host", "127.0.0.1", "--inspect-file", str(counts)]
    for file in files:
        command += ["--immutable", file]
    for name, value in SETTINGS.items():
        command += ["--setting", name, value]
    with peer(command, log=folder / "log") as server:
        yield server


def _load(connection: sqlite3.Connection, file: Path) -> None:
    with file.open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        names = next(rows)
        types = ["real" if name.startswith("number") else "text" for name in names]
        columns = [f"{name} {kind}" for name, kind in zip(names, types, strict=True)]
        columns[0] += " primary key"
        connection.execute(f"create table {TABLE} ({', '.join(columns)})")
        marks = ", ".join("?" * len(names))
        connection.executemany(f"insert into {TABLE} values ({marks})", rows)
    for index in INDEXES:
        connection.execute(f"create index by_{'_and_'.join(index)} on {TABLE} ({', '.join(index)})")
    connection.execute(
        f'create virtual table {TABLE}_fts using fts5({", ".join(names)}, content="{TABLE}",'
        ' tokenize="unicode61 remove_diacritics 2")'
    )
    connection.execute(f"insert into {TABLE}_fts({TABLE}_fts) values ('rebuild')")
    connection.execute(f"insert into {TABLE}_fts({TABLE}_fts) values ('optimize')")
    connection.execute("analyze")
    connection.commit()
