"""Each file of the CSV corpus through the real doors: the command, the import, the API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from retouche.cli.home import Home
from retouche.cli.targets import bring, targets
from retouche.core.errors import TooLarge, UnreadableFile
from tests.cli.commands import run
from tests.datasets import Browser, field, insert, serve, update
from tests.faults.corpus import BOM, CASES, HEAD, SOUND, Case

SCHEMA = {"fields": [field("id"), field("name"), field("note")], "primaryKey": "id"}
LIMIT = 1_000_000
LANGUAGES = ("en", "fr")
ids = [f"{one.row}-{one.name}" for one in CASES]


def package(folder: Path, data: bytes) -> Path:
    folder.mkdir(parents=True)
    (folder / "list.csv").write_bytes(data)
    resource = {
        "name": "list",
        "path": "list.csv",
        "encoding": "utf-8",
        "schema": SCHEMA,
        "retouche": {"editable": True},
    }
    descriptor = {"name": "list", "title": "List", "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    return folder


def in_words(text: str) -> str:
    """Without the typography of French, which the sentences leave to the border."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("'", "’")


def findings(folder: Path, language: str) -> tuple[int, dict[str, Any]]:
    result = run("check", folder, "--format", "json", lang=language)
    (found,) = json.loads(result.stdout)["resources"]
    return result.exit_code, found


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_the_check_says_what_is_wrong_and_where(tmp_path: Path, case: Case) -> None:
    folder = package(tmp_path / "package", case.data)
    for place, language in enumerate(LANGUAGES):
        status, found = findings(folder, language)
        wrong = case.outcome == "refused" or (case.outcome == "reported" and case.level == "errors")
        assert (status, found["valid"]) == ((1, False) if wrong else (0, True))
        if case.code is None:
            assert found["errors"] == found["warnings"] == []
            continue
        one = found[case.level][0]
        assert one["code"] == case.code
        assert one["line"] == (case.line or 1)
        assert case.words is not None
        assert case.words[place] in in_words(one["message"])


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_server_takes_what_it_can_read_and_nothing_else(tmp_path: Path, case: Case) -> None:
    folder = package(tmp_path / "package", case.data)
    home = Home(tmp_path / "home")
    if case.outcome == "refused":
        with pytest.raises(UnreadableFile) as refused, home.locked():
            bring(home, targets(folder), max_file=LIMIT)
        assert refused.value.reason == case.code
        assert refused.value.values.get("line") in (case.line, None)
        assert not home.datasets()
    else:
        with home.locked():
            bring(home, targets(folder), max_file=LIMIT)
        services = home.services()
        assert services.catalogue.get("list").at().data("list")[:] == case.data
        services.close()


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_file_that_git_brought_is_corrected_to_the_byte_or_refused(
    tmp_path: Path, case: Case
) -> None:
    """As when somebody pushed it: nothing stood at a door."""
    list_ = Browser(serve(tmp_path / "home", {"list": package(tmp_path / "p", case.data)}), "list")
    correction = update("2", "list", name="New")
    if case.outcome == "refused":
        assert case.words is not None
        for place, language in enumerate(LANGUAGES):
            spoken = {"Accept-Language": language}
            for answer in (
                list_.get("/resources/list/rows", headers=spoken),
                list_.post("/proposals", {"operations": [correction]}, headers=spoken),
            ):
                assert (answer.status_code, answer.json["code"]) == (422, "unreadable_file")
                assert case.words[place] in in_words(answer.json["detail"])
        assert list_.get("").status_code in (200, 422)
        assert list_.get("/proposals").json["data"] == []
    else:
        rows = list_.get("/resources/list/rows").json["data"]
        assert [one["id"].lstrip("0") for one in rows] == (
            ["1", "2"] if b"Bee" in case.data else []
        )
        added = insert("list", id="9", name="Zoe")
        if b"Bee" in case.data:
            sent = list_.propose(correction)
            assert sent.status_code == 201, sent.json
            assert list_.accept(sent.json).status_code == 200
            assert list_.file("list") == case.corrected
            assert list_.accept(list_.propose(added).json).status_code == 200
            assert list_.file("list") == case.grown
        else:
            assert list_.accept(list_.propose(added).json).status_code == 200
            assert list_.file("list") == HEAD + b"9,Zoe,\n"
    list_.services.close()


def test_a_correction_of_a_short_row_or_beside_a_long_one_leaves_the_rest(tmp_path: Path) -> None:
    data = HEAD + b"1,Ann\n2,Bee,y,z\n3,Cid,w\n"
    list_ = Browser(serve(tmp_path / "home", {"list": package(tmp_path / "p", data)}), "list")
    for key, old, new in (("3", b"Cid", "Cyd"), ("1", b"Ann", "Anne")):
        sent = list_.propose(update(key, "list", name=new))
        assert list_.accept(sent.json).status_code == 200
        data = data.replace(old, new.encode())
        assert list_.file("list") == data
    list_.services.close()


def test_a_file_over_the_limit_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    data = HEAD + b"1," + b"a" * (LIMIT + 1) + b",x\n"
    home = Home(tmp_path / "home")
    with pytest.raises(TooLarge), home.locked():
        bring(home, targets(package(tmp_path / "package", data)), max_file=LIMIT)
    assert not home.datasets()


def test_a_cell_over_the_limit_is_refused_and_one_in_the_file_is_in_nobodys_way(
    tmp_path: Path,
) -> None:
    data = BOM + HEAD + b"1," + b"a" * 10_000_000 + b",x\n2,Bee,y\n"
    list_ = Browser(serve(tmp_path / "home", {"list": package(tmp_path / "p", data)}), "list")
    answer = list_.propose(update("2", "list", name="b" * 64_001))
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")
    assert list_.accept(list_.propose(update("2", "list", name="New")).json).status_code == 200
    assert list_.file("list") == data.replace(b"Bee", b"New")
    list_.services.close()


def test_ten_thousand_columns_are_read_and_corrected(tmp_path: Path) -> None:
    more = b"".join(b",c%d" % n for n in range(10_000))
    data = HEAD.strip() + more + b"\n2,Bee,y" + b",1" * 10_000 + b"\n"
    list_ = Browser(serve(tmp_path / "home", {"list": package(tmp_path / "p", data)}), "list")
    assert list_.accept(list_.propose(update("2", "list", name="New")).json).status_code == 200
    assert list_.file("list") == data.replace(b"Bee", b"New")
    list_.services.close()


def test_every_row_of_the_corpus_has_cases_and_no_two_have_a_name() -> None:
    assert len({one.row for one in CASES}) == 14
    assert len(set(ids)) == len(CASES)
    assert SOUND.count(b"\n") == 3
