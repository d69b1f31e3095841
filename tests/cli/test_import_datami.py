"""`retouche import-datami`: a package that can be checked and served, and what it says."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from tests import datami
from tests.cli.commands import refusal, run


@pytest.fixture
def page(tmp_path: Path) -> tuple[Path, Path]:
    return datami.write_page(tmp_path)


def test_the_identity_cards_become_a_package_that_is_valid(
    tmp_path: Path, page: tuple[Path, Path]
) -> None:
    path, files = page
    out = tmp_path / "out"
    result = run("import-datami", path, "-o", out, "--files", files, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["usable"] is True
    assert told["widgets"] == ["fiches-d-identite-des-france-services"]
    assert told["counts"]["unusable"] == 0
    assert (out / "france_service.csv").read_bytes() == datami.table()
    assert run("check", out).exit_code == 0
    widget = json.loads((out / "widgets" / f"{told['widgets'][0]}.json").read_text())
    assert widget["contribute"] is False
    cards, maps, _ = widget["views"]
    assert (cards["type"], maps["type"]) == ("cards", "map")
    assert len(cards["charts"]) == 12
    assert len(cards["charts"]["chart-2"]["sentences"]) == 9
    on_mini = [one["chart"] for one in cards["mini"]["blocks"] if one["type"] == "chart"]
    assert on_mini == ["chart-1", "chart-6"]
    reasons = {one["path"].rpartition(".")[2]: one["fate"] for one in told["notes"]}
    assert reasons["COMMENTED_dep_insee"] == reasons["fs_h_lundi_"] == "disabled"
    assert reasons["minivizs[7]"] == reasons["minivizs[8]"] == "disabled"


def test_it_says_in_the_reader_s_language_what_asks_for_a_person(
    tmp_path: Path, page: tuple[Path, Path]
) -> None:
    path, files = page
    result = run("import-datami", path, "-o", tmp_path / "out", "--files", files, lang="fr")
    assert "non repris (" in result.stdout
    assert "désactivé par ses auteurs (7)" in result.stdout
    assert "retouche serve" in result.stdout.splitlines()[-1]
    assert "viztype" not in result.stdout, "what is carried is counted"
    everything = run(
        "import-datami", path, "-o", tmp_path / "all", "--files", files, "--all", lang="en"
    )
    assert "viztype" in everything.stdout


def test_without_its_files_it_writes_descriptors_and_says_what_to_add(
    tmp_path: Path, page: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    result = run("import-datami", page[0], "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "Add the file:" in result.stdout
    assert "--files" in result.stdout
    names = sorted(one.name for one in (tmp_path / "out").rglob("*") if one.is_file())
    assert names == [
        "datapackage.json", "fiches-d-identite-des-france-services.json", "france_service.json",
    ]  # fmt: skip
    (tmp_path / "out" / "france_service.csv").write_bytes(datami.table())
    assert run("check", tmp_path / "out").exit_code == 0


def test_files_are_taken_from_the_two_folders_alone(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    inside = tmp_path / "site" / "pages"
    inside.mkdir(parents=True)
    files = tmp_path / "files"
    (files / "x").mkdir(parents=True)
    os.symlink(tmp_path / "secret.csv", files / "x" / "linked.csv")
    for number, reference in enumerate(
        ["../../secret.csv", "/etc/passwd.csv", "file:///etc/hosts.csv", "..%2F..%2Fsecret.csv",
         "https://a.example/linked.csv", str(tmp_path / "secret.csv")]
    ):  # fmt: skip
        page = inside / f"{number}.html"
        page.write_text(datami.html_page("datami-file", gitfile=reference), encoding="utf-8")
        out = tmp_path / f"out-{number}"
        result = run("import-datami", page, "-o", out, "--files", files, "--json")
        assert result.exit_code == 1
        assert json.loads(result.stdout)["missing"], reference
        assert not list(out.rglob("*.csv"))


def test_of_two_files_of_a_name_the_one_in_the_same_folders_is_taken(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / "files" / folder).mkdir(parents=True)
        (tmp_path / "files" / folder / "list.csv").write_text(f"id,{folder}\n1,x\n2,y\n")
    page = tmp_path / "page.html"
    page.write_text(datami.html_page("datami-file", gitfile="https://g.example/raw/two/list.csv"))
    result = run("import-datami", page, "-o", tmp_path / "out", "--files", tmp_path / "files")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "out" / "list.csv").read_text().startswith("id,two")


def test_what_cannot_be_imported_is_refused_in_a_sentence(
    tmp_path: Path, page: tuple[Path, Path]
) -> None:
    assert "no file or folder" in refusal(run("import-datami", tmp_path / "none.html"))
    plain = tmp_path / "plain.html"
    plain.write_text("<p>Hello</p>")
    assert "no Datami tag" in refusal(run("import-datami", plain))
    path, files = page
    out = tmp_path / "out"
    run("import-datami", path, "-o", out, "--files", files)
    assert "already exists" in refusal(run("import-datami", path, "-o", out, "--files", files))
    linked = tmp_path / "linked"
    (linked / "schemas").mkdir(parents=True)
    (linked / "datapackage.json").symlink_to(tmp_path / "nowhere")
    again = run("import-datami", path, "-o", linked, "--files", files)
    assert "already exists" in refusal(again)
    assert sorted(one.name for one in linked.rglob("*")) == ["datapackage.json", "schemas"]
    assert not (tmp_path / "nowhere").exists()
    wiki = tmp_path / "wiki.html"
    wiki.write_text(datami.html_page("datami-explowiki", wikilist="https://w.example/c"))
    result = run("import-datami", wiki, "-o", tmp_path / "wiki")
    assert result.exit_code == 1
    assert not (tmp_path / "wiki").exists()
