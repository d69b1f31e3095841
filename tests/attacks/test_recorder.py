"""Everything that is run during a whole job with hostile inputs, argument by argument."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import git
import pytest

from retouche.forges.refs import BRANCH, MERGE_REQUEST, PROPOSAL, TRACKED
from retouche.wiring import repository_path
from tests.datasets import Browser, delete, insert, serve, update, write_desks
from tests.hostile import HOSTILE

COMMANDS = {
    "init", "cat-file", "hash-object", "update-ref", "merge-base", "diff-tree", "for-each-ref",
    "fsck", "upload-pack", "pack-refs", "repack", "rev-list", "index-pack", "show-ref", "log",
    "rev-parse", "pack-objects", "show-index", "unpack-objects", "prune-packed", "count-objects",
}  # fmt: skip
ARGUMENT = re.compile(
    r"--?[a-z0-9][a-z0-9-]*(?:=[A-Za-z0-9%()_/ .,:+-]*)?"  # an option of ours
    r"|[0-9a-f]{40}(?:\.\.[0-9a-f]{40}|\^\{tree\})?|\^[0-9a-f]{40}"
    r"|refs/(?:heads|merge-requests|remotes|proposals)?[A-Za-z0-9._/*-]*|[a-z-]+"
)
FORBIDDEN = ("Remote", "clone_from", "clone", "set_value", "create_remote", "create_head")
EVIL = "../../evil --output=/tmp/x `id` $(id) ; @all /merge\u2028Signed-off-by: Root <r@x>"


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The arguments of every process that is started; none of GitPython's other doors opens."""
    seen: list[list[str]] = []
    begin = subprocess.Popen.__init__

    def recorded(self: Any, args: Any, *others: Any, **more: Any) -> None:
        assert not more.get("shell"), args
        seen.append([str(one) for one in args])
        assert more.get("env") is None or "GIT_INDEX_FILE" not in more["env"]
        begin(self, args, *others, **more)

    def forbidden(*_: Any, **__: Any) -> None:
        raise AssertionError("this door of GitPython is never used")

    monkeypatch.setattr(subprocess.Popen, "__init__", recorded)
    monkeypatch.setattr(git.Repo, "__init__", forbidden)
    for owner in (git.Repo, git.Remote, git.GitConfigParser):
        for name in FORBIDDEN:
            if hasattr(owner, name):
                monkeypatch.setattr(owner, name, forbidden)
    return seen


@pytest.mark.attack(
    "git-configuration", "ref-option", "ref-destroys", "ref-traversal", "other-files",
    "author-header", "commit-message",
)  # fmt: skip
def test_every_ref_path_and_argument_of_a_whole_job_has_its_form(
    tmp_path: Path, ran: list[list[str]]
) -> None:
    folder = write_desks(tmp_path / "package")
    browser = Browser(serve(tmp_path / "home", {"desks": folder}))
    people = {"name": "Eve <>\tcommitter Admin <a@a> 1 +0000", "email": "a@b.example"}
    sent: list[Any] = []
    for number, text in enumerate([EVIL, *HOSTILE.values()]):
        body = {
            "operations": [insert(id=f"k{number}", name="Desk", note=text[:5_000])],
            "comment": text[:5_000], "source": text[:2_000], "contributor": people,
        }  # fmt: skip
        answer = browser.post("/proposals", body) if plain(text) else None
        if answer is None or answer.status_code == 400:
            body = {"operations": body["operations"], "contributor": people}
            answer = browser.post("/proposals", body) if plain(text) else None
        if answer is not None and answer.status_code == 201:
            sent.append(answer.json)
    assert len(sent) > 30
    for one in sent[:4]:
        assert browser.accept(one, message=EVIL.replace("\u2028", " ")).status_code == 200
    assert browser.reject(sent[5], message=EVIL).status_code == 200
    hidden = insert(id="--upload-pack=x", name="Desk ../..")
    assert browser.accept(browser.propose(hidden).json).status_code == 200
    assert browser.accept(browser.propose(delete("--upload-pack=x")).json).status_code == 200
    assert browser.accept(browser.propose(update("01", agents="7")).json).status_code == 200
    for place in ("/revisions", "/resources/desks/rows/01/history", "/resources/desks/diff?from="):
        for wanted in ("--output=x", "main", "..", "HEAD@{1}"):
            browser.get(f"{place}{wanted if place.endswith('=') else f'?revision={wanted}'}")
    browser.client.get("/git/desks.git/info/refs?service=git-upload-pack",
                       headers={"Git-Protocol": "version=2:--exec=x"})  # fmt: skip
    check_processes(list(ran), tmp_path)
    check_repository(repository_path(tmp_path / "home", "desks"))


def plain(text: str) -> bool:
    return text.encode("utf-8", "replace").decode() == text


def check_processes(ran: list[list[str]], home: Path) -> None:
    assert ran
    for command in ran:
        assert command[0] == "git", command
        rest = command[1:]
        while rest and rest[0] == "-c":
            assert re.fullmatch(r"[a-zA-Z.]+=[a-zA-Z0-9]*", rest[1]), command
            rest = rest[2:]
        assert rest[0] in COMMANDS, command
        for one in rest[1:]:
            inside = Path(one).is_absolute() and Path(one).resolve().is_relative_to(home)
            assert inside or one == "." or ARGUMENT.fullmatch(one), command


def check_repository(path: Path) -> None:
    """Refs of our forms alone, commits of the bot alone, one file each, and no index."""

    def git_of(*command: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(path), *command], capture_output=True, text=True, check=True
        )
        return done.stdout

    kinds = (PROPOSAL, MERGE_REQUEST, BRANCH, TRACKED)
    for ref in git_of("for-each-ref", "--format=%(refname)").split():
        assert any(one.fullmatch(ref) for one in kinds), ref
    assert not (path / "index").exists()
    assert not (path / "hooks").exists()
    assert not list(path.glob("worktrees/*"))
    whole = git_of("log", "--all", "--format=%an <%ae>|%cn <%ce>|%(trailers)|%B%x00")
    assert "Eve" not in whole
    assert "Signed-off-by" not in whole
    assert "[skip" not in whole.lower()
    assert "evil" not in whole
    people = set(git_of("log", "--all", "--format=%an <%ae> %cn <%ce>").splitlines())
    assert people == {"Retouche <retouche@localhost> Retouche <retouche@localhost>"}
    changed = set(git_of("log", "--all", "--format=", "--name-only", "--min-parents=1").split())
    assert changed == {"desks.csv"}
    assert git_of("fsck", "--full", "--strict", "--no-dangling") == ""
