"""`retouche merge-driver`: real git merges, cell by cell, and never a merge marker."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.commands import commit, git, refusal, run
from tests.datasets import DESKS, write_desks

DRIVER = f"{sys.executable} -c 'from retouche.cli import main; main()' merge-driver %O %A %B %P"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A data repository whose CSV files are merged by the driver."""
    folder = write_desks(tmp_path / "repository")
    (folder / ".gitattributes").write_text("*.csv -text merge=retouche\n")
    commit(folder, "First")
    git(folder, "config", "merge.retouche.name", "cell by cell")
    git(folder, "config", "merge.retouche.driver", DRIVER)
    return folder


def sides(repository: Path, *, ours: str, theirs: str) -> tuple[str, str]:
    """Commit two versions of the desks and merge; the file after it, and what was said."""
    git(repository, "checkout", "--quiet", "-b", "theirs")
    write_desks(repository, desks=theirs)
    commit(repository, "Theirs")
    git(repository, "checkout", "--quiet", "main")
    write_desks(repository, desks=ours)
    commit(repository, "Ours")
    said = git(repository, "merge", "--no-edit", "theirs", accept=(0, 1))
    return (repository / "desks.csv").read_text(), said


def test_two_cells_of_one_row_are_both_kept(repository: Path) -> None:
    merged, _ = sides(
        repository,
        ours=DESKS.replace("04 65 71 00 01", "04 65 71 00 11"),
        theirs=DESKS.replace("Desk of Apt", "Desk of old Apt"),
    )
    assert merged == DESKS.replace("04 65 71 00 01", "04 65 71 00 11").replace(
        "Desk of Apt", "Desk of old Apt"
    )
    assert git(repository, "status", "--porcelain") == ""


def test_two_appended_rows_are_both_kept(repository: Path) -> None:
    row = "{},Desk of {},84003,,2,,43.8,5.3,\n"
    merged, _ = sides(
        repository,
        ours=DESKS + row.format("05", "Bonnieux"),
        theirs=DESKS + row.format("06", "Lacoste"),
    )
    assert merged == DESKS + row.format("05", "Bonnieux") + row.format("06", "Lacoste")


def test_same_cell_keeps_ours_merges_the_rest_and_leaves_the_file_to_be_decided(
    repository: Path,
) -> None:
    merged, said = sides(
        repository,
        ours=DESKS.replace("04 65 71 00 01", "04 65 71 00 11"),
        theirs=DESKS.replace("04 65 71 00 01", "04 65 71 00 12").replace("Gordes", "old Gordes"),
    )
    assert merged == DESKS.replace("04 65 71 00 01", "04 65 71 00 11").replace(
        "Gordes", "old Gordes"
    )
    assert "<<<<<<<" not in merged
    assert git(repository, "status", "--porcelain", "desks.csv").startswith("UU")
    assert "01 · Téléphone: base 04 65 71 00 01 | ours 04 65 71 00 11" in said


def test_columns_that_they_added_are_kept_with_our_cells(repository: Path) -> None:
    wider = "\n".join(
        f"{line}{',level' if number == 0 else ',x' if 'Apt' in line else ','}"
        for number, line in enumerate("id,nom\n1,Apt\n2,b\n3,c".splitlines())
    )
    base, ours = "id,nom\n1,Apt\n2,b\n3,c\n", "id,nom\n1,Apt\n2,B\n3,c\n"
    paths = [repository / name for name in ("base", "ours", "theirs")]
    for path, text in zip(paths, (base, ours, wider + "\n"), strict=True):
        path.write_text(text)
    result = run("merge-driver", *paths, repository / "desks.csv")
    assert result.exit_code == 0, result.output
    assert paths[1].read_text() == "id,nom,level\n1,Apt,x\n2,B,\n3,c,\n"


def test_file_added_on_both_sides_is_merged(repository: Path) -> None:
    paths = [repository / name for name in ("base", "ours", "theirs")]
    for path, text in zip(paths, ("", "id,nom\n1,a\n", "id,nom\n2,b\n"), strict=True):
        path.write_text(text)
    assert run("merge-driver", *paths, repository / "desks.csv").exit_code == 0
    assert paths[1].read_text() == "id,nom\n1,a\n2,b\n"


@pytest.mark.parametrize(
    ("theirs", "path", "words"),
    [
        (b"id,nom\n1,\xff\n", "desks.csv", "cannot be merged"),
        (b"id,nom\n1,a\n", "notes.csv", "No resource"),
    ],
)
def test_what_cannot_be_merged_leaves_ours_as_it_was(
    repository: Path, theirs: bytes, path: str, words: str
) -> None:
    paths = [repository / name for name in ("base", "ours", "theirs")]
    for one, data in zip(paths, (b"id,nom\n", b"id,nom\n1,b\n", theirs), strict=True):
        one.write_bytes(data)
    assert words in refusal(run("merge-driver", *paths, repository / path))
    assert paths[1].read_bytes() == b"id,nom\n1,b\n"


def test_resource_without_a_key_is_left_to_be_decided(repository: Path) -> None:
    text = (repository / "datapackage.json").read_text().replace('"primaryKey": "id", ', "")
    (repository / "datapackage.json").write_text(text)
    paths = [repository / name for name in ("base", "ours", "theirs")]
    for path in paths:
        path.write_text("id,nom\n1,a\n")
    said = refusal(run("merge-driver", *paths, repository / "desks.csv"))
    assert "no primaryKey" in said
