"""`retouche serve` on a GitLab project: a real server, merge requests, and faults."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from retouche.cli.home import RECORD, Home
from retouche.cli.targets import bring, targets
from tests.cli.commands import refusal, run
from tests.cli.projects import bot_token, desks_project, write_toml
from tests.cli.test_serve import Serving, serving
from tests.datasets import DESKS, update, write_desks
from tests.forges.plain_git import git
from tests.gitlab_double import GitLab, Project

API = "/api/v1/datasets/desks"


def brought(target: Path, home: Path) -> None:
    """Make of a home what the first start of a server makes of it."""
    place = Home(home)
    with place.locked():
        bring(place, targets(target), max_file=10_000_000)


@pytest.fixture
def gitlab() -> Iterator[GitLab]:
    with GitLab() as started:
        yield started


@pytest.fixture
def project(gitlab: GitLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("RETOUCHE_POLL", "0.5")
    made = desks_project(gitlab, tmp_path)
    write_toml(tmp_path, made.clone_url, bot_token(gitlab))
    return made


def eventually(look: Callable[[], Any], *, seconds: float = 20.0) -> Any:
    """What `look` gives once it is true."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found or time.monotonic() > end:
            assert found
            return found
        time.sleep(0.1)


def correct(server: Serving, key: str = "01", **new: str) -> dict[str, Any]:
    sent: dict[str, Any] = server.post(f"{API}/proposals", {"operations": [update(key, **new)]})
    return sent


def is_open(server: Serving, proposal: str) -> None:
    """Wait until a proposal is at its forge."""
    eventually(lambda: server.get(f"{API}/proposals/{proposal}")["state"] == "open")


def test_correction_becomes_a_merge_request_and_its_merge_is_shown(
    project: Project, gitlab: GitLab, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with serving(tmp_path / "retouche.toml", home) as server:
        assert server.get(f"{API}/resources/desks/rows/01")["data"]["phone"] == "04 65 71 00 01"
        sent = correct(server, phone="04 65 71 00 99")
        is_open(server, sent["id"])
        [request] = project.requests.values()
        assert request.source_branch == f"proposals/desks/{sent['id']}"
        assert server.get(f"{API}/proposals/{sent['id']}")["merge_request"]["number"] == 1
        project.merge(1, by="maintainer")
        eventually(lambda: server.get(f"{API}/proposals/{sent['id']}")["state"] == "accepted")
        row = server.get(f"{API}/resources/desks/rows/01")
        assert row["data"]["phone"] == "04 65 71 00 99"
        server.stop()
    with serving(tmp_path / "retouche.toml", home) as server:  # again, from the mirror
        assert server.get(f"{API}/proposals/{sent['id']}")["state"] == "accepted"
        server.stop()


def test_gitlab_that_is_down_at_the_first_start_is_one_sentence(
    project: Project, gitlab: GitLab, tmp_path: Path
) -> None:
    gitlab.stop()
    home = tmp_path / "home"
    result = run("serve", tmp_path / "retouche.toml", "--home", home, "--port", "0")
    assert "cannot be read" in refusal(result)
    assert not Home(home).datasets()
    french = run("serve", tmp_path / "retouche.toml", "--home", home, "--port", "0", lang="fr")
    assert "ne peut pas être lu" in refusal(french)
    for said in (refusal(result), refusal(french)):
        assert "tried again" not in said, "nothing tries: the server has ended"
        assert "\\u" not in said


def test_gitlab_that_is_down_later_is_said_and_corrections_wait_for_it(
    project: Project, gitlab: GitLab, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    brought(tmp_path / "retouche.toml", home)
    gitlab.stop()
    with serving(tmp_path / "retouche.toml", home) as server:
        assert "What was published last is served" in server.errors.read_text()
        with urlopen(f"{server.url}{API}/resources/desks/data.csv", timeout=5) as response:
            assert response.read() == DESKS.encode()
        sent = correct(server, phone="04 65 71 00 99")
        assert sent["state"] == "queued"
        assert not project.requests
        gitlab.start()
        eventually(lambda: project.requests, seconds=40)
        is_open(server, sent["id"])
        server.stop()
    assert len(project.requests) == 1


@pytest.mark.parametrize("damage", ["empty", "gone"])
def test_a_mirror_that_is_damaged_is_made_anew_at_the_next_start(
    project: Project,
    gitlab: GitLab,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    damage: str,
) -> None:
    home = tmp_path / "home"
    brought(tmp_path / "retouche.toml", home)
    packs = list((home / "repositories").glob("*.git/objects/pack/*.pack"))
    assert packs
    for one in packs:
        one.unlink()
        if damage == "empty":
            one.touch()
    gitlab.stop()
    brought(tmp_path / "retouche.toml", home)
    assert "could not be made anew" in capsys.readouterr().err
    gitlab.start()
    brought(tmp_path / "retouche.toml", home)
    (mirror,) = (home / "repositories").glob("*.git")
    assert git(mirror, "cat-file", "blob", "main:desks.csv") + "\n" == DESKS


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("datapackage.json", b"{", "datapackage.json"),
        ("datapackage.json", None, "datapackage.json"),
        ("desks.csv", b'id,name\n"01,x\n', "desks.csv"),
        ("widgets/more.json", b'{"resource": "nope", "views": []}', "widgets/more.json"),
    ],
)
def test_project_that_cannot_be_served_is_refused_and_forgotten(
    project: Project, tmp_path: Path, path: str, data: bytes | None, said: str
) -> None:
    project.push("main", {path: data})
    home = tmp_path / "home"
    result = run("serve", tmp_path / "retouche.toml", "--home", home, "--port", "0")
    assert said in refusal(result)
    assert not Home(home).datasets()


def test_secret_that_is_missing_is_named(project: Project, tmp_path: Path) -> None:
    (tmp_path / "token").unlink()
    result = run("serve", tmp_path / "retouche.toml", "--home", tmp_path / "home", "--port", "0")
    assert str(tmp_path / "token") in refusal(result)


def test_home_remembers_where_the_project_is_and_no_secret(
    project: Project, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with serving(tmp_path / "retouche.toml", home) as server:
        correct(server, phone="04 65 71 00 99")
        eventually(lambda: project.requests)
        server.stop()
    record = json.loads((home / RECORD).read_text())["desks"]
    assert record["source"] == project.clone_url
    assert record["gitlab"]["token_file"] == str(tmp_path / "token")
    token = (tmp_path / "token").read_bytes()
    held = [one for one in home.rglob("*") if one.is_file() and token in one.read_bytes()]
    assert held == []
    assert token.decode() not in server.errors.read_text()


def test_dataset_of_another_place_is_not_replaced(
    project: Project, gitlab: GitLab, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    write_desks(tmp_path / "own")
    embedded = tmp_path / "embedded.toml"
    embedded.write_text('[[datasets]]\nname = "desks"\nrepository = "own"\n')
    brought(embedded, home)
    arguments = ("--home", home, "--port", "0")
    assert "retouche move" in refusal(run("serve", tmp_path / "retouche.toml", *arguments))

    other = tmp_path / "other"
    brought(tmp_path / "retouche.toml", other)
    arguments = ("--home", other, "--port", "0")
    assert "lives in the GitLab project" in refusal(run("serve", embedded, *arguments))
    second = gitlab.project("open-data/second", seed=tmp_path / "seed.git")
    second.member("bot", 30)
    write_toml(tmp_path, second.clone_url, bot_token(gitlab))
    assert "another source" in refusal(run("serve", tmp_path / "retouche.toml", *arguments))


def test_terminal_decides_with_a_maintainers_own_token(
    project: Project, gitlab: GitLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    with serving(tmp_path / "retouche.toml", home) as server:
        first = correct(server, phone="04 65 71 00 99")
        second = correct(server, "03", agents="5")
        eventually(lambda: len(project.requests) == 2)
        for one in (first, second):
            is_open(server, one["id"])
        told = refusal(run("proposals", "accept", "desks", first["id"], "--home", home))
        assert "RETOUCHE_REVIEWER_TOKEN" in told
        monkeypatch.setenv("RETOUCHE_REVIEWER_TOKEN", "worth nothing")
        told = refusal(run("proposals", "accept", "desks", first["id"], "--home", home))
        assert "RETOUCHE_REVIEWER_TOKEN" in told
        monkeypatch.setenv("RETOUCHE_REVIEWER_TOKEN", gitlab.token("maintainer"))
        accepted = run("proposals", "accept", "desks", first["id"], "--home", home)
        assert accepted.exit_code == 0, accepted.output
        options = ("--home", home, "--reason", "wrong")
        rejected = run("proposals", "reject", "desks", second["id"], *options)
        assert rejected.exit_code == 0, rejected.output
        server.stop()
    assert {one.state for one in project.requests.values()} == {"merged", "closed"}
    shown = run("proposals", "show", "desks", first["id"], "--home", home, "--format", "json")
    assert json.loads(shown.stdout)["decision"]["by"] == "maintainer"


def test_health_counts_the_last_days_of_the_token(
    project: Project, gitlab: GitLab, tmp_path: Path
) -> None:
    write_toml(tmp_path, project.clone_url, bot_token(gitlab, days=20))
    with serving(tmp_path / "retouche.toml", tmp_path / "home") as server:

        def health() -> Any:
            return server.get("/health")["datasets"]["desks"]

        eventually(lambda: health()["token"])
        assert health()["status"] == "degraded"
        assert health()["token"]["status"] == "ending"
        assert health()["token"]["days"] in (19, 20)
        server.stop()
