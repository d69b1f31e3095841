"""The change index: any history of any shape is told as walking the commits would tell it."""

from __future__ import annotations

import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from retouche.core.errors import ForgeUnavailable
from retouche.journals.changes import SqlChangeIndex
from retouche.ports import CommitChanges, Revision, RowEntry, RowEvent

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


def revision(number: int, *parents: str) -> Revision:
    return Revision(
        id=f"{number:040x}",
        parents=parents,
        time=BEGUN + timedelta(seconds=number),
        message=f"Commit {number} — é\n\nProposal: {number:016x}\n",
        proposal=f"{number:016x}" if number % 2 else None,
    )


def changes(one: Revision, key: str) -> CommitChanges:
    entry = RowEntry(resource="places", key=(key,), op="update", cells={"name": (None, one.id)})
    return CommitChanges(revision=one, counts={"places": (0, 1, 0, False)}, entries=(entry,))


class Forest:
    """Commits with their first parents, as a dictionary that is walked."""

    def __init__(self) -> None:
        self.commits: dict[str, CommitChanges] = {}

    def grow(self, number: int, parent: str | None, key: str) -> str:
        one = revision(number, *(() if parent is None else (parent, "f" * 40)))
        self.commits[one.id] = changes(one, key)
        return one.id

    def walk(self, commit: str) -> list[CommitChanges]:
        """The first-parent history, newest first."""
        found = [self.commits[commit]]
        while found[-1].revision.parents:
            found.append(self.commits[found[-1].revision.parents[0]])
        return found

    def add(self, index: SqlChangeIndex, commit: str, published: str | None) -> None:
        walk = self.walk(commit)
        missing = index.missing("d", [one.revision.id for one in walk])
        new = [one for one in reversed(walk) if one.revision.id in missing]
        for start in range(0, len(new), 3):
            index.add("d", new[start : start + 3], published=published)


@pytest.fixture
def index(tmp_path: Path) -> SqlChangeIndex:
    return SqlChangeIndex(tmp_path / "changes.sqlite")


def check(index: SqlChangeIndex, forest: Forest, commit: str, chance: random.Random) -> None:
    walk = forest.walk(commit)
    assert index.length("d", commit) == len(walk)
    offset, limit = chance.randrange(len(walk) + 2), chance.randrange(1, 7)
    page = index.revisions("d", commit, offset=offset, limit=limit)
    expected = walk[offset : offset + limit]
    assert [(one.revision, one.counts) for one in page] == [
        (one.revision, one.counts) for one in expected
    ]
    key, before = chance.choice("abc"), chance.choice([None, chance.randrange(len(walk) + 1)])
    assert list(index.row("d", commit, "places", (key,), before=before)) == [
        RowEvent(generation=generation, revision=one.revision, entry=one.entries[0])
        for generation, one in zip(range(len(walk) - 1, -1, -1), walk, strict=True)
        if one.entries[0].key == (key,) and (before is None or generation < before)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_random_forests_are_told_as_a_walk_tells_them(index: SqlChangeIndex, seed: int) -> None:
    chance = random.Random(seed)
    forest, indexed = Forest(), list[str]()
    tips: list[str | None] = [None]
    for number in range(1, 70):
        # Mostly a line with short branches, sometimes another root or a branch from long ago.
        recent = [*forest.commits][-4:]
        parent = chance.choice([*tips[-1:] * 6, *recent, *forest.commits, None])
        tips.append(forest.grow(number, parent, chance.choice("abc")))
        if chance.random() < 0.5:
            commit = chance.choice([*forest.commits][-8:])
            published = chance.choice([None, *indexed[-3:]])
            forest.add(index, commit, published)
            indexed.append(commit)
            check(index, forest, chance.choice(indexed), chance)
    for commit in indexed:
        check(index, forest, commit, chance)


@pytest.mark.parametrize("seed", range(4))
def test_what_was_touched_last_comes_first_as_a_walk_tells_it(
    index: SqlChangeIndex, seed: int
) -> None:
    chance = random.Random(seed)
    forest = Forest()
    for number in range(1, 30):
        parent = chance.choice([None, *[*forest.commits][-3:] * 4])
        forest.add(index, forest.grow(number, parent, chance.choice("abc")), None)
    for commit in chance.sample([*forest.commits], 8):
        walk = forest.walk(commit)
        found = index.touches("d", commit, "places", limit=99)
        assert [(one.time, one.key, one.fields) for one in found] == [
            (one.revision.time, one.entries[0].key, ("name",)) for one in walk
        ]
        assert index.touches("d", commit, "places", limit=2) == found[:2]
        assert index.touches("d", commit, "others", limit=9) == []
        assert index.entries("d", commit, limit=9) == list(walk[0].entries)
        assert index.entries("d", commit, limit=0) == []
    assert index.touches("d", "0" * 40, "places", limit=9) == []
    assert index.entries("other", next(iter(forest.commits)), limit=9) == []


def test_an_index_file_of_an_earlier_version_gets_what_it_lacks(
    tmp_path: Path, index: SqlChangeIndex
) -> None:
    forest = Forest()
    commit = forest.grow(1, None, "a")
    forest.add(index, commit, None)
    with sqlite3.connect(tmp_path / "changes.sqlite") as connection:
        connection.execute("DROP INDEX rows_by_commit_3")
    connection.close()
    again = SqlChangeIndex(tmp_path / "changes.sqlite")
    assert again.entries("d", commit, limit=9) == list(forest.walk(commit)[0].entries)
    with sqlite3.connect(tmp_path / "changes.sqlite") as connection:
        plan = connection.execute("EXPLAIN QUERY PLAN SELECT * FROM rows_3 WHERE [commit] = 1")
        assert "rows_by_commit_3" in str(plan.fetchall())
    connection.close()


def lines(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        (count,) = connection.execute("SELECT count(*) FROM lines_3").fetchone()
    connection.close()
    return int(count)


def test_the_published_history_stays_on_one_line_whatever_is_looked_at_between(
    tmp_path: Path, index: SqlChangeIndex
) -> None:
    forest = Forest()
    published = forest.grow(1, None, "a")
    forest.add(index, published, None)
    for number in range(2, 30, 2):
        proposal = forest.grow(number, published, "b")
        forest.add(index, proposal, published)
        published = forest.grow(number + 1, published, "c")
        forest.add(index, published, None)
    assert lines(tmp_path / "changes.sqlite") == 1 + 14
    assert index.length("d", published) == 15
    descent = [one.revision.id for one in index.revisions("d", published, offset=0, limit=99)]
    assert descent == [one.revision.id for one in forest.walk(published)]


def test_datasets_do_not_meet(index: SqlChangeIndex) -> None:
    one = changes(revision(1), "a")
    for dataset in ("one", "other"):
        index.add(dataset, [one])
    index.add("one", [changes(revision(2, one.revision.id), "a")])
    assert index.length("one", f"{2:040x}") == 2
    assert index.length("other", f"{2:040x}") is None
    assert index.missing("other", [f"{2:040x}"]) == {f"{2:040x}"}
    assert len(index.row("other", one.revision.id, "places", ("a",))) == 1
    assert index.row("other", f"{2:040x}", "places", ("a",)) == []
    assert index.revisions("other", f"{2:040x}", offset=0, limit=9) == []


def test_what_is_indexed_twice_is_there_once(index: SqlChangeIndex) -> None:
    first = changes(revision(1), "a")
    second = changes(revision(2, first.revision.id), "a")
    index.add("d", [first])
    index.add("d", [first, second])
    index.add("d", [first, second])
    assert len(index.row("d", second.revision.id, "places", ("a",))) == 2


def test_a_commit_without_its_parent_is_refused_and_nothing_of_the_batch_is_kept(
    index: SqlChangeIndex,
) -> None:
    batch = [changes(revision(1), "a"), changes(revision(3, f"{2:040x}"), "a")]
    with pytest.raises(ForgeUnavailable):
        index.add("d", batch)
    assert index.length("d", batch[0].revision.id) is None


@pytest.mark.parametrize("before", [None, b"no database at all" * 300])
def test_several_processes_begin_at_once_with_datasets_of_their_own(
    tmp_path: Path, before: bytes | None
) -> None:
    count, commits = 4, 6
    path = tmp_path / "changes.sqlite"
    if before is not None:
        path.write_bytes(before)
    together = Barrier(count)

    def begin(dataset: str) -> list[int | None]:
        index = SqlChangeIndex(path)  # one for each: they know nothing of each other
        together.wait()
        lengths = []
        for number in range(1, commits + 1):
            parents = (f"{number - 1:040x}",) if number > 1 else ()
            one = changes(revision(number, *parents), "a")
            index.add(dataset, [one])
            lengths.append(index.length(dataset, one.revision.id))
        return lengths

    with ThreadPoolExecutor(count) as pool:
        found = list(pool.map(begin, "abcd"))
    assert found == [[*range(1, commits + 1)]] * count


@pytest.mark.parametrize("message", ["a\udc80b", "nul \0 in it", "", "é" * 5000])
def test_any_message_comes_back(index: SqlChangeIndex, message: str) -> None:
    one = Revision(id="1" * 40, parents=(), time=BEGUN, message=message)
    index.add("d", [CommitChanges(revision=one, counts={})])
    (found,) = index.revisions("d", one.id, offset=0, limit=1)
    assert found.revision == one
