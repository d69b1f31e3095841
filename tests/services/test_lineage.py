"""The index of changes as commits arrive: only what is new is read, and nothing foreign is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from benchmarks import tables
from benchmarks.histories import Story
from structlog.testing import capture_logs

from retouche.core.errors import ForgeUnavailable, NotFound
from retouche.forges.importer import import_folder
from retouche.forges.repository import BareRepository
from retouche.ports import CommitChanges
from retouche.services import lineage
from retouche.services.datasets import Dataset
from retouche.services.neighbours import Neighbours
from retouche.settings import Settings
from retouche.wiring import Services, build, repository_path
from tests.datasets import Browser, Ticking, update
from tests.histories import Step, line, move, package, write_history

SCHEMA = {"fields": [{"name": "id"}, {"name": "name"}], "primaryKey": "id"}
PACKAGE = package([{"name": "places", "path": "places.csv", "schema": SCHEMA}])


def files(*names: str) -> dict[str, bytes]:
    rows = [f"{place},{name}\n" for place, name in enumerate(names)]
    return {"places.csv": "".join(["id,name\n", *rows]).encode(), "datapackage.json": PACKAGE}


class Served:
    """Services over a history that was written, and what they tell of it."""

    def __init__(self, home: Path, steps: Sequence[Step]) -> None:
        self.home = home
        self.path = repository_path(home, "places")
        self.commits = write_history(self.path, steps)
        self.open()

    def open(self) -> None:
        self.services: Services = build(
            Settings(home=self.home), {"places": "main"}, clock=Ticking()
        )
        self.dataset: Dataset = self.services.catalogue.get("places")

    def told(self, commit: str, key: str = "0") -> list[Any]:
        """The changes of the name of a row, oldest first."""
        changes = self.services.history.row(self.dataset, commit, "places", (key,))
        return [one.cells["name"][1] for one in reversed(changes)]

    def ids(self, commit: str, **page: int) -> list[str]:
        views, total = self.services.history.revisions(self.dataset, commit, **page)
        assert page or total == len(views)
        return [view.revision.id for view in views]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[[Sequence[Step]], Served]]:
    opened: list[Served] = []

    def serve(steps: Sequence[Step]) -> Served:
        opened.append(Served(tmp_path / "home", steps))
        return opened[-1]

    yield serve
    for one in opened:
        one.services.close()


class Counting:
    """How often methods of repositories are called."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
        self.calls = dict.fromkeys(names, 0)
        for name in names:
            monkeypatch.setattr(BareRepository, name, self._counted(name))

    def _counted(self, name: str) -> Callable[..., Any]:
        real = getattr(BareRepository, name)

        def call(*arguments: Any, **options: Any) -> Any:
            self.calls[name] += 1
            return real(*arguments, **options)

        return call


def test_what_is_indexed_is_told_without_a_look_at_the_repository(
    served: Callable[[Sequence[Step]], Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = served(line([files(f"name {n}") for n in range(30)]))
    expected = one.told(one.commits[-1])
    one.services.close()
    one.open()  # the first answer after a start
    counting = Counting(monkeypatch, "blobs", "revisions", "read")
    assert one.ids(one.commits[-1], page=2, page_size=10) == one.commits[::-1][10:20]
    assert one.told(one.commits[-1]) == expected
    assert expected == [f"name {n}" for n in range(30)]
    assert counting.calls["revisions"] == 0
    assert counting.calls["blobs"] <= 2  # of the package, which says what is personal
    assert counting.calls["read"] <= 2  # the descriptor and the file of the first commit


def test_only_commits_that_are_new_are_read(
    served: Callable[[Sequence[Step]], Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = [files(f"name {n}") for n in range(40)]
    one = served(line(versions))
    one.told(one.commits[36])
    counting = Counting(monkeypatch, "blobs")
    assert one.told(one.commits[-1]) == [f"name {n}" for n in range(40)]
    assert counting.calls["blobs"] <= 3 + 1 + 4  # three commits, the one before, its descriptor


def test_a_commit_that_changes_no_file_is_not_read_further(
    served: Callable[[Sequence[Step]], Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    same = files("name")
    one = served(line([{**same, "README.md": b"%d" % n} for n in range(20)]))
    counting = Counting(monkeypatch, "read")
    views, _ = one.services.history.revisions(one.dataset, one.commits[-1])
    assert [view.changes for view in views[:-1]] == [{}] * 19
    assert counting.calls["read"] <= 4


def test_commits_of_another_branch_are_never_told(
    served: Callable[[Sequence[Step]], Served],
) -> None:
    trunk = line([files(f"trunk {n}") for n in range(4)])
    side = [Step(files(f"side {n}"), (n + 3 if n else 1,)) for n in range(3)]
    merge = Step(files("merged"), (3, 6))
    back = Step(files("merged otherwise"), (6, 3))
    one = served([*trunk, *side, merge, back])
    move(one.path, one.commits[3])
    for asked in ((3, 6, 7, 8), (8, 7, 6, 3)):
        for place in asked:
            one.ids(one.commits[place])
    names = ["trunk 0", "trunk 1"]
    assert one.told(one.commits[3]) == [*names, "trunk 2", "trunk 3"]
    assert one.told(one.commits[6]) == [*names, "side 0", "side 1", "side 2"]
    assert one.told(one.commits[7]) == [*names, "trunk 2", "trunk 3", "merged"]
    assert one.told(one.commits[8]) == [*names, "side 0", "side 1", "side 2", "merged otherwise"]
    assert one.ids(one.commits[8]) == [one.commits[n] for n in (8, 6, 5, 4, 1, 0)]


def test_a_published_branch_that_is_moved_by_force_tells_its_new_past(
    served: Callable[[Sequence[Step]], Served],
) -> None:
    trunk = line([files(f"trunk {n}") for n in range(4)])
    again = [Step(files("again 0"), (1,)), Step(files("again 1"), (4,)), Step(files("new"), ())]
    one = served([*trunk, *again])
    for place in (3, 5, 6, 2):
        move(one.path, one.commits[place])
        one.told(one.dataset.at().commit)
    assert one.told(one.commits[3]) == ["trunk 0", "trunk 1", "trunk 2", "trunk 3"]
    assert one.told(one.commits[5]) == ["trunk 0", "trunk 1", "again 0", "again 1"]
    assert one.told(one.commits[6]) == ["new"]
    assert one.told(one.commits[2]) == ["trunk 0", "trunk 1", "trunk 2"]


def test_what_was_indexed_before_a_kill_is_not_read_again(
    served: Callable[[Sequence[Step]], Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = served(line([files(f"name {n}") for n in range(30)]))
    monkeypatch.setattr(lineage, "BATCH", 8)
    real = Neighbours.changes
    killed = one.commits[20]

    def die(self: Neighbours, revision: Any) -> CommitChanges:
        if revision.id == killed:
            raise KeyboardInterrupt
        return real(self, revision)

    monkeypatch.setattr(Neighbours, "changes", die)
    with pytest.raises(KeyboardInterrupt):
        one.told(one.commits[-1])
    compared: list[str] = []

    def note(self: Neighbours, revision: Any) -> CommitChanges:
        compared.append(revision.id)
        return real(self, revision)

    monkeypatch.setattr(Neighbours, "changes", note)
    assert one.told(one.commits[-1]) == [f"name {n}" for n in range(30)]
    assert compared == one.commits[16:]


def test_an_index_that_is_lost_while_it_is_made_is_made_again(
    served: Callable[[Sequence[Step]], Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = served(line([files(f"name {n}") for n in range(12)]))
    monkeypatch.setattr(lineage, "BATCH", 4)
    real = Neighbours.changes

    def lose(self: Neighbours, revision: Any) -> CommitChanges:
        if revision.id == one.commits[6]:
            (one.home / "changes.sqlite").unlink()
        return real(self, revision)

    monkeypatch.setattr(Neighbours, "changes", lose)
    with pytest.raises(ForgeUnavailable):
        one.told(one.commits[-1])
    monkeypatch.setattr(Neighbours, "changes", real)
    assert one.told(one.commits[-1]) == [f"name {n}" for n in range(12)]


def test_a_long_work_is_told_in_the_log_or_to_who_asks(
    served: Callable[[Sequence[Step]], Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lineage, "BATCH", 10)
    monkeypatch.setattr(lineage, "PATIENCE", 0)
    one = served(line([files(f"name {n}") for n in range(25)]))
    with capture_logs() as logged:
        one.told(one.commits[14])
    assert [(entry["event"], entry["commits"], entry["of"]) for entry in logged] == [
        ("history", 10, 25),
        ("history", 20, 25),
        ("history", 25, 25),
    ]
    one.services.close()
    (one.home / "changes.sqlite").unlink()
    one.open()
    told: list[tuple[int, int]] = []
    with capture_logs() as logged:
        one.services.history.reach(
            one.dataset, one.commits[-1], progress=lambda *steps: told.append(steps)
        )
    assert (logged, told) == ([], [(10, 25), (20, 25), (25, 25)])


def test_a_commit_that_does_not_exist_is_not_found(
    served: Callable[[Sequence[Step]], Served],
) -> None:
    one = served(line([files("name")]))
    with pytest.raises(NotFound):
        one.told("0" * 40)


def test_the_head_of_a_proposal_has_a_history_of_its_own(desks: Browser) -> None:
    dataset, history = desks.services.catalogue.get("desks"), desks.services.history

    def told(commit: str) -> list[Any]:
        return [one.cells["agents"][1] for one in history.row(dataset, commit, "desks", ("02",))]

    proposal = desks.propose(update("02", agents="5")).json
    other = desks.propose(update("02", agents="6")).json
    assert told(proposal["head"]) == ["5", "3"]
    assert told(other["head"]) == ["6", "3"]
    assert told(desks.published) == ["3"]
    desks.accept(proposal)
    assert told(desks.published) == ["5", "3"]
    assert told(other["head"]) == ["6", "3"]


def test_commits_of_ours_and_of_plain_git_are_told_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tables.SIZES, "tiny", (40, 8))
    path = repository_path(tmp_path, "table")
    folder = tables.write_package(tmp_path / "package", "tiny")
    import_folder(folder, path, message="Import\n", time=Ticking()())
    story = Story(path)
    story.edit(25)
    story.edit_by_git(5)
    story.edit(30)
    story.close()
    services = build(Settings(home=tmp_path), {"table": "main"}, clock=Ticking())
    dataset = services.catalogue.get("table")
    views, total = services.history.revisions(dataset, story.head, page_size=100)
    assert total == 61
    commits = [view.revision.id for view in reversed(views)]
    assert [view.changes["table"].updated for view in views[:-1]] == [1] * 60
    for row in range(40):
        history = services.history.row(dataset, story.head, "table", (f"{row:07d}",))
        changed = [place + 1 for place, one in enumerate(story.rows) if one == row]
        assert [commits.index(one.revision.id) for one in history] == [*changed[::-1], 0]
        texts = [one.cells["number_2"] for one in history]
        assert all(after[0] == before[1] for after, before in pairwise(texts))
    services.close()
