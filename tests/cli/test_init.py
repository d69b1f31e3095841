"""`retouche init`: a data package from a CSV, asking where it is not certain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands import inside, refusal, run

LIST = "id;nom;code_postal\n1;Gap;05000\n2;Apt;84400\n3;Déols;36130\n"


def source(folder: Path, data: bytes | str = LIST, name: str = "Ma liste.csv") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_package_is_made_beside_you_and_says_how_to_go_on(tmp_path: Path) -> None:
    with inside(tmp_path):
        result = run("init", source(tmp_path))
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "ma-liste: 3 rows, 3 columns, utf-8, delimiter “;”.",
        "Rows are named by id.",
        "Serve it with: retouche serve ma-liste",
    ]
    assert (tmp_path / "ma-liste" / "ma-liste.csv").read_bytes() == LIST.encode()
    assert run("check", tmp_path / "ma-liste").exit_code == 0


def test_messages_are_french_when_the_language_is(tmp_path: Path) -> None:
    result = run("init", source(tmp_path), "-o", tmp_path / "out", lang="fr_FR.UTF-8")
    assert "Les lignes sont désignées par id." in result.stdout
    readme = (tmp_path / "out" / "README.md").read_text()
    assert "Jeu de données" in readme


@pytest.mark.parametrize(
    ("data", "encoding", "delimiter"),
    [
        (LIST.replace("\n", "\r\n").encode("cp1252"), "windows-1252", ";"),
        (LIST.replace(";", "\t").encode("utf-8-sig"), "utf-8", "\t"),
        (LIST.replace(";", "|").replace("\n", "\r").encode(), "utf-8", "|"),
    ],
)
def test_dialect_and_encoding_are_declared_as_found(
    tmp_path: Path, data: bytes, encoding: str, delimiter: str
) -> None:
    result = run("init", source(tmp_path, data), "-o", tmp_path / "out")
    assert result.exit_code == 0
    descriptor = json.loads((tmp_path / "out" / "datapackage.json").read_text())
    assert descriptor["resources"][0]["encoding"] == encoding
    assert descriptor["resources"][0]["dialect"]["delimiter"] == delimiter
    assert (tmp_path / "out" / "ma-liste.csv").read_bytes() == data
    assert run("check", tmp_path / "out").exit_code == 0


def test_doubtful_encoding_is_asked(tmp_path: Path) -> None:
    path = source(tmp_path, "id;nom\n1;ñandú\n2;ñoño\n3;piñata\n".encode("iso-8859-15"))
    result = run("init", path, "-o", tmp_path / "out", answers="iso-8859-15\n")
    assert result.exit_code == 0
    assert "Encoding of the file" in result.stderr
    descriptor = json.loads((tmp_path / "out" / "datapackage.json").read_text())
    assert descriptor["resources"][0]["encoding"] == "iso-8859-15"


def test_doubtful_delimiter_is_asked(tmp_path: Path) -> None:
    path = source(tmp_path, "a,b;c,d\n1,2;3,4\n5,6;7,8\n")
    assert run("init", path, "-o", tmp_path / "out", answers=";\n").exit_code == 0
    descriptor = json.loads((tmp_path / "out" / "datapackage.json").read_text())
    assert descriptor["resources"][0]["dialect"]["delimiter"] == ";"


def test_line_that_is_no_header_is_asked_and_refused(tmp_path: Path) -> None:
    path = source(tmp_path, "1;Gap\n2;Apt\n3;Embrun\n")
    result = run("init", path, "-o", tmp_path / "out", answers="n\n")
    assert result.exit_code == 2
    assert "needs a first line" in result.stderr
    assert not (tmp_path / "out").exists()


def test_yes_takes_the_proposal(tmp_path: Path) -> None:
    path = source(tmp_path, "id;nom\n1;ñandú\n2;x\n3;y\n".encode("cp1252"))
    assert run("init", path, "-o", tmp_path / "out", "--yes").exit_code == 0


def test_doubt_without_anyone_to_answer_is_a_refusal(tmp_path: Path) -> None:
    path = source(tmp_path, "id;nom\n1;ñandú\n2;x\n3;y\n".encode("cp1252"))
    result = run("init", path, "-o", tmp_path / "out", answers="")
    assert result.exit_code == 2
    assert "its encoding" in result.stderr.splitlines()[-1]
    assert "--yes" in result.stderr.splitlines()[-1]


def test_file_without_identifiers_is_packaged_and_told(tmp_path: Path) -> None:
    path = source(tmp_path, "nom;ville\na;x\na;x\nb;y\n")
    result = run("init", path, "-o", tmp_path / "out")
    assert result.exit_code == 0
    assert "cannot be corrected until it has a column of identifiers" in result.stderr


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04\x14\x00 an excel file", "CSV"),
        (b"id,nom\n1,\x00\n", "NUL"),
        ("id,nom\n1,é\n".encode("utf-16"), "UTF-16"),
        (b"id,id\n1,2\n", "id"),
        (b'id,nom\n1,"never closed\n', "quote"),
    ],
)
def test_file_that_is_no_csv_is_refused_in_one_sentence(
    tmp_path: Path, data: bytes, words: str
) -> None:
    said = refusal(run("init", source(tmp_path, data), "-o", tmp_path / "out"))
    assert words.lower() in said.lower()
    assert not (tmp_path / "out").exists()


def test_missing_file_is_refused(tmp_path: Path) -> None:
    said = refusal(run("init", tmp_path / "absent.csv"))
    assert said == f"Error: There is no file or folder {tmp_path / 'absent.csv'}."
    said = refusal(run("init", tmp_path / "absent.csv", lang="fr"))
    assert said == f"Erreur : Il n’y a ni fichier ni dossier {tmp_path / 'absent.csv'}."


def test_nothing_that_exists_is_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "README.md").write_text("mine")
    assert "already exists" in refusal(run("init", source(tmp_path), "-o", out))
    assert (out / "README.md").read_text() == "mine"
    assert list(out.iterdir()) == [out / "README.md"]


def test_name_with_control_characters_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    said = refusal(run("init", tmp_path / "a\x1b[2Jb.csv"))
    assert "\x1b" not in said
    assert "\\x1b" in said
