"""What is particular to the embedded forge: its bytes, its speed with many, several writers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.errors import BadDataset, ForgeUnavailable, Malformed, RetoucheError
from retouche.forges.embedded import EmbeddedForge
from retouche.forges.refs import BRANCH, MERGE_REQUEST, PROPOSAL
from retouche.forges.repository import BareRepository
from retouche.ports import Forge
from tests.forges.places import NOW, accept, branch, identifier, make_forge, propose
from tests.forges.plain_git import git, is_sound, refs


@pytest.fixture
def forge(tmp_path: Path) -> EmbeddedForge:
    return make_forge(tmp_path)


def children() -> set[int]:
    """The git processes that we started and that still run."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc to see processes")
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, _, rest = path.read_text(errors="replace").partition("(")[2].rpartition(")")
            if name.startswith("git") and int(rest.split()[1]) == os.getpid():
                found.add(int(path.parent.name))
    return found


def test_it_is_a_forge(forge: EmbeddedForge) -> None:
    port: Forge = forge
    assert port.published()


def test_the_bytes_of_a_commit_are_these(forge: EmbeddedForge) -> None:
    head = propose(forge, 3)
    tree = git(forge.repository.path, "rev-parse", f"{head}^{{tree}}")
    assert git(forge.repository.path, "cat-file", "commit", head) == (
        f"tree {tree}\n"
        f"parent {forge.published()}\n"
        "author Retouche <retouche@localhost> 1722513600 +0000\n"
        "committer Retouche <retouche@localhost> 1722513600 +0000\n"
        "\n"
        "Correct 3\n"
        "\n"
        "Proposal: 0000000000000003"
    )
    trailers = git(
        forge.repository.path, "interpret-trailers", "--parse", data=b"x\n\nProposal: 1\n"
    )
    assert trailers == "Proposal: 1"


def test_commit_ids_are_these(tmp_path: Path) -> None:
    forge = make_forge(tmp_path, b"1;to do\n")
    assert forge.published() == "b7673e6b5efeec4d80d5e8f1df929ac7f6d17c83"
    assert propose(forge, 1) == "7370c37cdab3e3bb05f3f802fd5f73e88c2a72c1"


@pytest.mark.parametrize("message", ["a\0b", "a\rb", "\x1b]0;x\x07", "\ud800"])
def test_a_message_with_control_characters_is_refused(forge: EmbeddedForge, message: str) -> None:
    with pytest.raises(Malformed):
        forge.commit(
            parent=forge.published(), files={"data/a.csv": b"x"}, message=message, time=NOW
        )


@pytest.mark.parametrize("identity", ["Eve\ncommitter Admin <a@a>", "<>", "", "x", "a <b> <c>"])
def test_an_identity_that_would_forge_headers_is_refused(tmp_path: Path, identity: str) -> None:
    with pytest.raises(ValueError, match="identity"):
        BareRepository(tmp_path, identity=identity)


@pytest.mark.fault(41)
def test_times_before_the_epoch_and_far_ahead_still_make_sound_commits(
    forge: EmbeddedForge,
) -> None:
    for year in (1900, 2400):
        commit = forge.commit(
            parent=forge.published(),
            files={"data/a.csv": b"x\n"},
            message="x",
            time=datetime(year, 1, 1, tzinfo=UTC),
        )
        assert git(forge.repository.path, "log", "-1", "--format=%H", commit) == commit
    assert is_sound(forge.repository.path)


@pytest.mark.parametrize("name", ["", "-x", "a..b", "a.lock", "proposals/x", "a b", "@", "a/"])
def test_a_branch_that_git_could_misread_cannot_be_configured(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadDataset):
        EmbeddedForge(BareRepository(tmp_path), "centres", name)
    with pytest.raises(BadDataset):
        BareRepository.create(tmp_path / "new.git", name)


class Recorder:
    """Keeps what is given to `git update-ref`, and all arguments."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: set[str] = set()
        self.arguments: set[str] = set()
        real = BareRepository.git

        def record(repository: BareRepository, *arguments: str, **others: object) -> object:
            self.arguments.update(arguments)
            if arguments[0] == "update-ref":
                found = re.findall(rb"(?:update|delete) ([^\0]*)\0", bytes(others["data"]))  # type: ignore[call-overload]
                assert found
                self.names.update(name.decode() for name in found)
            return real(repository, *arguments, **others)  # type: ignore[arg-type]

        monkeypatch.setattr(BareRepository, "git", record)


texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["packed-refs", "HEAD", "refs/heads/main", "../../x", "x.lock", "-x", "--all"]),
    st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
    st.from_regex(r"[a-z][a-z0-9-]{0,9}", fullmatch=True),
)


def test_every_ref_and_argument_given_to_git_is_of_the_known_kinds(
    forge: EmbeddedForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(monkeypatch)
    tip = forge.published()
    accept(forge, 1, propose(forge, 1))

    @settings(max_examples=60)
    @given(dataset=texts, proposal=texts, revision=texts)
    def ask(dataset: str, proposal: str, revision: str) -> None:
        other = EmbeddedForge(forge.repository, dataset, "main")
        for call in (
            lambda: other.resolve(revision),
            lambda: other.contains(revision, tip),
            lambda: other.read(revision, proposal),
            lambda: other.open(
                proposal, parent=tip, files={"data/a.csv": b"x\n"}, message="x", time=NOW
            ),
            lambda: other.close(proposal),
        ):
            try:
                call()
            except RetoucheError:
                continue

    ask()
    kinds = (PROPOSAL, MERGE_REQUEST, BRANCH)
    assert all(any(kind.fullmatch(name) for kind in kinds) for name in recorder.names)
    assert {name for name in recorder.names if BRANCH.fullmatch(name)} == {"refs/heads/main"}
    known = re.compile(
        r"update-ref|--no-deref|-z|--stdin|merge-base|--is-ancestor|--end-of-options"
        r"|for-each-ref|--format=%\(objectname\) %\(refname\)|refs/merge-requests|[0-9a-f]{40}"
    )
    assert [one for one in recorder.arguments if not known.fullmatch(one)] == []
    assert is_sound(forge.repository.path)


@pytest.mark.fault(40)
def test_two_processes_that_publish_at_once_lose_nothing(
    forge: EmbeddedForge, tmp_path: Path
) -> None:
    path = forge.repository.path
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.forges.writer", str(path), str(first), str(first + 20)],
            stderr=subprocess.PIPE,
        )
        for first in (0, 20)
    ]
    for writer in writers:
        _, errors = writer.communicate(timeout=60)
        assert writer.returncode == 0, errors.decode()
    tip = forge.published()
    assert forge.read(tip, "data/a.csv") == b"".join(b"%d;done\n" % line for line in range(40))
    merged = {one.proposal for one in forge.revisions(tip)}
    assert merged == {None, *(identifier(line) for line in range(40))}
    numbers = {int(name.split("/")[2]) for name in refs(path, "refs/merge-requests")}
    assert numbers == set(range(1, 41))
    assert refs(path, "refs/heads") == {"refs/heads/main": tip}
    assert is_sound(path)


def test_threads_that_open_the_same_proposal_make_one(forge: EmbeddedForge) -> None:
    with ThreadPoolExecutor(8) as pool:
        heads = set(pool.map(lambda _: propose(forge, 5), range(16)))
    assert len(heads) == 1
    assert refs(forge.repository.path, "refs/merge-requests") == {
        "refs/merge-requests/1/head": heads.pop()
    }


def test_threads_that_open_different_proposals_get_different_numbers(
    forge: EmbeddedForge,
) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda line: propose(forge, line), range(16)))
    assert len(refs(forge.repository.path, "refs/merge-requests")) == 16
    assert len(refs(forge.repository.path, "refs/heads/proposals")) == 16


def test_numbers_go_on_after_a_restart_packed_refs_and_a_repack(forge: EmbeddedForge) -> None:
    path = forge.repository.path
    head = propose(forge, 1)
    propose(forge, 2)
    git(path, "pack-refs", "--all")
    git(path, "gc", "--quiet", "--prune=now")
    propose(forge, 3)
    again = EmbeddedForge(BareRepository(path), "centres", "main")
    propose(again, 4)
    assert sorted(refs(path, "refs/merge-requests")) == [
        f"refs/merge-requests/{number}/head" for number in (1, 2, 3, 4)
    ]
    assert propose(again, 1) == head
    accept(again, 1, head)
    assert branch(1) not in refs(path)
    assert again.published() == refs(path)["refs/heads/main"]
    assert is_sound(path)


def test_new_commits_and_packs_are_seen_by_readers_already_running(
    forge: EmbeddedForge,
) -> None:
    other = EmbeddedForge(BareRepository(forge.repository.path), "centres", "main")
    assert other.read(other.published(), "data/a.csv")
    head = propose(forge, 1)
    assert b"1;done" in other.read(head, "data/a.csv")
    git(forge.repository.path, "repack", "-a", "-d", "-q")
    second = propose(forge, 2)
    git(forge.repository.path, "repack", "-a", "-d", "-q")
    assert b"2;done" in other.read(second, "data/a.csv")
    assert b"1;done" in other.read(head, "data/a.csv")


def test_a_reader_that_was_killed_is_replaced(forge: EmbeddedForge) -> None:
    tip = forge.published()
    assert forge.read(tip, "data/a.csv")
    for process in children():
        os.kill(process, 9)
    assert forge.read(tip, "data/a.csv")


def test_readers_are_not_shared_with_a_forked_process(forge: EmbeddedForge) -> None:
    tip = forge.published()
    expected = forge.read(tip, "data/a.csv")
    child = os.fork()
    if child == 0:
        good = all(forge.read(tip, "data/a.csv") == expected for _ in range(50))
        forge.repository.close()
        os._exit(0 if good else 1)
    assert all(forge.read(tip, "data/a.csv") == expected for _ in range(50))
    assert os.waitpid(child, 0)[1] == 0
    assert forge.read(tip, "data/a.csv") == expected


def test_no_process_stays_behind_once_closed(forge: EmbeddedForge) -> None:
    before = children()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: forge.read(forge.published(), "data/a.csv"), range(64)))
    accept(forge, 1, propose(forge, 1))
    forge.repository.close()
    assert children() <= before
    assert forge.read(forge.published(), "data/a.csv")
    forge.repository.close()


def test_threads_that_come_and_go_do_not_each_start_a_process(forge: EmbeddedForge) -> None:
    tip = forge.published()
    before = children()
    for _ in range(10):
        thread = threading.Thread(target=forge.read, args=(tip, "data/a.csv"))
        thread.start()
        thread.join()
    assert len(children() - before) <= 2
    forge.repository.close()


def test_variables_of_a_surrounding_git_do_not_lead_elsewhere(
    forge: EmbeddedForge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_QUARANTINE_PATH"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    other = EmbeddedForge(BareRepository(forge.repository.path), "centres", "main")
    propose(other, 1)
    assert branch(1) in refs(forge.repository.path)


def test_hooks_are_never_run(forge: EmbeddedForge, tmp_path: Path) -> None:
    hooks = forge.repository.path / "hooks"
    hooks.mkdir()
    for name in ("reference-transaction", "update", "post-update", "pre-receive"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
        (hooks / name).chmod(0o755)
    accept(forge, 1, propose(forge, 1))
    assert not (tmp_path / "ran").exists()


def test_a_repository_that_is_gone_is_unavailable(tmp_path: Path) -> None:
    forge = EmbeddedForge(BareRepository(tmp_path / "missing.git"), "centres", "main")
    for call in (
        forge.published,
        lambda: forge.read("0" * 40, "x"),
        lambda: forge.resolve("0" * 40),
        lambda: forge.close(identifier(1)),
        lambda: forge.repository.git("fsck"),
    ):
        with pytest.raises(ForgeUnavailable):
            call()
