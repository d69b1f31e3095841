"""`retouche check`: verdicts, exit codes, and the formats that GitLab reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.cli.commands import commit, inside, refusal, run
from tests.datasets import DESKS, write_desks

FAULTY = DESKS.replace(",84003,", ",99999,").replace(",3,2021", ",1,2021")


def test_valid_package_is_zero(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    result = run("check", folder)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["desks: valid, 4 rows", "cities: valid, 4 rows"]
    with inside(folder):
        assert run("check").exit_code == 0


def test_faults_are_told_at_their_line_with_the_column_title(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package", desks=FAULTY)
    result = run("check", folder)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"{folder.as_posix()}/desks.csv:2: ")
    assert "Code de la commune" in lines[0]
    assert any("desks.csv:3: " in line and "Nombre d’agents" in line for line in lines)
    assert "desks: 2 error(s), 0 warning(s), 4 rows" in lines


def test_french_is_spoken_when_asked(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package", desks=FAULTY)
    assert (
        "desks : 2 erreur(s), 0 avertissement(s), 4 lignes"
        in run("check", folder, lang="fr").stdout
    )
    result = run("check", folder, "--lang", "fr", lang="en")
    assert "erreur(s)" in result.stdout
    assert "«\u00a0Code de la commune\u00a0»" in result.stdout


def test_json_has_the_errors_of_the_interface(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package", desks=FAULTY)
    result = run("check", folder, "--format", "json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["valid"] is False
    desks = found["resources"][0]
    assert [one["code"] for one in desks["errors"]] == ["foreign-key", "constraint-error"]
    assert desks["errors"][1] | {"message": ""} == {
        "code": "constraint-error",
        "message": "",
        "resource": "desks",
        "row_key": {"id": "02"},
        "field": "agents",
        "value": "1",
        "rule": "minimum",
        "row_number": 2,
        "line": 3,
    }


def test_codequality_is_as_gitlab_documents_it(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "repository" / "data", desks=FAULTY)
    commit(folder.parent)
    issues = json.loads(run("check", folder, "--format", "codequality").stdout)
    assert [one["location"] for one in issues] == [
        {"path": "data/desks.csv", "lines": {"begin": 2}},
        {"path": "data/desks.csv", "lines": {"begin": 3}},
    ]
    assert {one["severity"] for one in issues} == {"major"}
    assert [one["check_name"] for one in issues] == ["foreign-key", "constraint-error"]
    assert all(one["description"] for one in issues)
    moved = "\n".join([DESKS.splitlines()[0], *reversed(FAULTY.splitlines()[-2:]), ""])
    assert moved  # the same row elsewhere keeps its fingerprint
    marks = {one["fingerprint"] for one in issues}
    assert len(marks) == 2
    write_desks(folder, desks=FAULTY.replace("\n", "\r\n", 1))
    again = json.loads(run("check", folder, "--format", "codequality").stdout)
    assert {one["fingerprint"] for one in again} == marks


def test_codequality_of_a_valid_package_is_an_empty_list(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    assert json.loads(run("check", folder, "--format", "codequality").stdout) == []


def test_junit_has_a_failure_per_error(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package", desks=FAULTY)
    result = run("check", folder, "--format", "junit")
    suites = ElementTree.fromstring(result.stdout)
    assert suites.get("failures") == "2"
    cases = [case.get("name") for case in suites.findall("testsuite[@name='desks']/testcase")]
    assert cases == ["01 · city_code · foreign-key", "02 · agents · minimum"]
    sound = suites.findall("testsuite[@name='cities']/testcase")
    assert [len(case) for case in sound] == [0]


def test_several_formats_go_into_files(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package", desks=FAULTY)
    report, quality = tmp_path / "junit.xml", tmp_path / "quality.json"
    result = run(
        *("check", folder, "--format", "text,junit,codequality"),
        *("--output", f"junit={report}", "--output", f"codequality={quality}"),
    )
    assert result.exit_code == 1
    assert "desks: 2 error(s)" in result.stdout
    assert ElementTree.parse(report).getroot().tag == "testsuites"
    assert len(json.loads(quality.read_text())) == 2


def test_one_format_goes_into_a_file_by_its_name_alone(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    out = tmp_path / "out.json"
    result = run("check", folder, "--format", "json", "--output", out)
    assert result.stdout == ""
    assert json.loads(out.read_text())["valid"] is True


def test_only_what_is_new_since_a_revision_is_told(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "repository", desks=FAULTY)
    base = commit(folder)
    assert run("check", folder, "--against", base).exit_code == 0
    write_desks(folder, desks=FAULTY.replace(",2022-05-06,", ",2022-13-06,"))
    result = run("check", folder, "--against", "HEAD")
    assert result.exit_code == 1
    assert len([line for line in result.stdout.splitlines() if "desks.csv:" in line]) == 1
    assert "2022-13-06" in result.stdout
    commit(folder)
    assert run("check", folder, "--against", "HEAD~1").exit_code == 1
    assert run("check", folder, "--against", "main").exit_code == 0


def test_package_that_is_new_answers_for_everything(tmp_path: Path) -> None:
    top = tmp_path / "repository"
    top.mkdir()
    (top / "README").write_text("nothing yet")
    commit(top)
    folder = write_desks(top / "data", desks=FAULTY)
    assert run("check", folder, "--against", "HEAD").exit_code == 1


def test_unreadable_file_is_invalid_and_not_a_failure_to_run(tmp_path: Path) -> None:
    folder = write_desks(
        tmp_path / "package", desks=b"id,name\n<<<<<<< ours\n1,a\n=======\n2,b\n>>>>>>> x\n"
    )
    result = run("check", folder)
    assert result.exit_code == 1
    assert "desks: cannot be read" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["absent"], "no file or folder"),
        (["."], "no datapackage.json"),
        (["package", "--against", "HEAD"], "not in a git repository"),
        (["package", "--output", "x=y"], "--output"),
        (["package", "--format", "text,json", "--output", "file"], "--output"),
    ],
)
def test_what_cannot_run_is_two_with_one_sentence(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    write_desks(tmp_path / "package")
    with inside(tmp_path):
        if "--output" in arguments and "--format" not in arguments:
            arguments = [*arguments, "--format", "text,json"]
        assert words in refusal(run("check", *arguments))


def test_unknown_revision_is_refused(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "repository")
    commit(folder)
    for revision in ("nope", "--help", "0" * 40):
        result = run("check", folder, f"--against={revision}")
        assert "no revision" in refusal(result)


def test_unknown_format_is_a_usage_error(tmp_path: Path) -> None:
    assert run("check", tmp_path, "--format", "yaml").exit_code == 2


@pytest.mark.parametrize(
    "descriptor", ["{", "[]", '{"resources": []}', '{"resources": [{"name": "a"}]}']
)
def test_unusable_descriptor_is_two(tmp_path: Path, descriptor: str) -> None:
    (tmp_path / "datapackage.json").write_text(descriptor)
    assert refusal(run("check", tmp_path)).startswith("Error: ")


def test_missing_file_of_a_resource_is_two(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    (folder / "desks.csv").unlink()
    assert "desks.csv" in refusal(run("check", folder))


def test_file_outside_the_package_is_never_read(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    (folder / "desks.csv").unlink()
    (tmp_path / "secret.csv").write_text(DESKS)
    (folder / "desks.csv").symlink_to(tmp_path / "secret.csv")
    assert refusal(run("check", folder)).startswith("Error: ")


UNUSABLE = [
    ({"type": "boolean", "trueValues": 5}, "trueValues"),
    ({"type": "boolean", "falseValues": "no"}, "falseValues"),
    ({"type": "number", "decimalChar": 5}, "decimalChar"),
    ({"type": "number", "groupChar": [" "]}, "groupChar"),
    ({"type": "number", "bareNumber": "x"}, "bareNumber"),
    ({"type": "date", "format": 5}, "format"),
    ({"type": "integer", "constraints": {"minimum": "many"}}, "minimum"),
    ({"type": "array", "arrayItem": {"constraints": 5}}, "arrayItem"),
    ({"constraints": {"pattern": "(?=a)b"}}, "(?=a)b"),
    ({"type": ["x"]}, "type"),
]


@pytest.mark.parametrize(("field", "words"), UNUSABLE, ids=[words for _, words in UNUSABLE])
def test_schema_that_cannot_be_applied_is_refused_alike_by_check_and_serve(
    tmp_path: Path, field: dict[str, Any], words: str
) -> None:
    folder = write_desks(tmp_path / "package")
    descriptor = json.loads((folder / "datapackage.json").read_text())
    fields = descriptor["resources"][0]["schema"]["fields"]
    fields[-1] = {"name": "note", **field}
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    said = refusal(run("check", folder))
    assert words in said
    home = tmp_path / "home"
    assert refusal(run("serve", folder, "--home", home, "--port", "0")) == said
    assert not (home / "repositories").exists()


@pytest.mark.parametrize(("lang", "told"), [("en", "Was “name” meant?"), ("fr", "« name »")])
def test_widget_that_cannot_be_shown_is_refused(tmp_path: Path, lang: str, told: str) -> None:
    folder = write_desks(tmp_path / "package")
    view = {"type": "table", "columns": ["id", "nam"]}
    widget = {"resource": "desks", "views": [view]}
    (folder / "widgets" / "more.json").write_text(json.dumps(widget))
    said = refusal(run("check", folder, lang=lang)).replace("\u00a0", " ")
    assert "widgets/more.json" in said
    assert "/views/0/columns/1" in said
    assert told in said


def test_outlines_that_cannot_be_drawn_are_refused(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    (folder / "outlines").mkdir()
    (folder / "outlines" / "areas.geojson").write_text('{"type": "Polygon"}')
    assert "outlines/areas.geojson" in refusal(run("check", folder))
