"""`retouche diff`: which cells differ, whatever else does."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.commands import commit, inside, refusal, run
from tests.datasets import DESKS, write_desks


def test_cells_are_told_row_by_row(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    before = tmp_path / "before.csv"
    before.write_text(DESKS)
    after = DESKS.replace("04 65 71 00 01", "04 65 71 00 99").replace("03,Desk", "05,Desk")
    after = "".join(after.splitlines(keepends=True)[:-1]) + "06,Desk of Lioux,,,,,,,\n"
    write_desks(folder, desks=after)
    result = run("diff", before, folder / "desks.csv")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "~ 01",
        "    phone: 04 65 71 00 01 → 04 65 71 00 99",
        "~ 03",
        "    id: 03 → 05",
        "- 04",
        "    id: 04",
        "    name: Desk of Mormoiron",
        "    city_code: 84082",
        "    phone: 04 65 71 00 04",
        "    agents: 4",
        "    latitude: 44.0667",
        "    longitude: 5.1833",
        "+ 06",
        "    id: 06",
        "    name: Desk of Lioux",
        "1 inserted, 2 updated, 1 deleted",
    ]


def test_quoting_line_ends_and_order_are_no_difference(tmp_path: Path) -> None:
    one, other = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_bytes(b"id,nom\n1,a\n2,b\n3,c\n")
    other.write_bytes(b'"id","nom"\r\n"3","c"\r\n"1","a"\r\n"2","b"\r\n')
    result = run("diff", one, other)
    assert result.exit_code == 0
    assert result.stdout == "No difference.\n"


def test_json_is_that_of_the_interface(tmp_path: Path) -> None:
    one, other = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_text("id,nom\n1,a\n2,b\n3,c\n")
    other.write_text("id,nom,note\n1,A,\n2,b,x\n4,d,\n")
    result = run("diff", one, other, "--format", "json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["fields_added"] == ["note"]
    assert found["counts"] == {"inserted": 1, "updated": 2, "deleted": 1}
    assert found["operations"][0] == {
        "op": "update",
        "resource": "data",
        "key": {"id": "1"},
        "old": {"nom": "a"},
        "new": {"nom": "A"},
    }


def test_version_of_a_commit_is_named_as_git_does(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "repository")
    commit(folder)
    write_desks(folder, desks=DESKS.replace("Desk of Apt", "Desk of old Apt"))
    with inside(folder):
        result = run("diff", "HEAD:desks.csv", "desks.csv")
        assert "name: Desk of Apt → Desk of old Apt" in result.stdout
        assert run("diff", "HEAD:./desks.csv", "HEAD:desks.csv").exit_code == 0
        assert "no revision v9" in refusal(run("diff", "v9:desks.csv", "desks.csv"))
        assert "no file" in refusal(run("diff", "HEAD:absent.csv", "desks.csv"))


def test_key_may_be_given(tmp_path: Path) -> None:
    one, other = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_text("nom,ville\na,x\nb,y\nc,z\n")
    other.write_text("nom,ville\na,w\nb,y\nc,z\n")
    result = run("diff", one, other, "--key", "nom")
    assert result.stdout.splitlines()[0] == "~ a"
    assert "no column id" in refusal(run("diff", one, other, "--key", "id"))


def test_terminal_codes_in_cells_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    one, other = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_text("id,nom\n1,a\n2,b\n3,c\n")
    other.write_text("id,nom\n1,\x1b]0;x\x07\n2,b\n3,c\n")
    result = run("diff", one, other)
    assert "\x1b" not in result.stdout
    assert "\\x1b]0;x\\x07" in result.stdout


def test_file_outside_a_repository_is_refused(tmp_path: Path) -> None:
    with inside(tmp_path):
        assert "not in a git repository" in refusal(run("diff", "HEAD:a.csv", "HEAD:b.csv"))


def test_doubtful_file_is_refused(tmp_path: Path) -> None:
    one = tmp_path / "a.csv"
    one.write_bytes("id;nom\n1;ñandú\n".encode("cp1252"))
    assert "not certain" in refusal(run("diff", one, one))
