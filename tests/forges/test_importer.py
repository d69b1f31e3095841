"""Importing a folder or a history: bytes and commits as they are, once, and never by halves."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from retouche.core.errors import BadDataset, StorageFull, TooLarge
from retouche.forges import importer
from retouche.forges.importer import current_branch, import_folder, import_history, is_repository
from retouche.forges.repository import BareRepository
from retouche.forges.twins import Twins
from tests.forges.contract import CSV, seed
from tests.forges.places import NOW
from tests.forges.plain_git import git, is_sound


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    package = tmp_path / "package"
    for name, data in {
        "a.csv": CSV,
        "deep/er/b.csv": b"",
        "deep.csv": b"\xff\xfe\0",
        "é è.csv": b"x\r\n",
        ".gitlab-ci.yml": b"{}",
        ".env": b"SECRET=1",
        ".git/config": b"[core]",
        ".hidden/c.csv": b"x",
        "deep/.DS_Store": b"x",
    }.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_bytes(data)
    (tmp_path / "secret").write_text("secret")
    (package / "link.csv").symlink_to(tmp_path / "secret")
    (package / "linked").symlink_to(tmp_path)
    os.mkfifo(package / "pipe.csv")
    return package


def imported(folder: Path, repository: Path, **others: object) -> bool:
    return import_folder(
        folder,
        repository,
        message="Import\n",
        time=NOW,
        **others,  # type: ignore[arg-type]
    )


def leftovers(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if ".tmp-" in one.name)


@pytest.mark.attack("hostile-repository")
def test_regular_files_are_imported_byte_for_byte_and_nothing_else(
    folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "home" / "x.git"
    assert imported(folder, path)
    names = git(path, "-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", "main")
    assert names.splitlines() == [
        ".gitlab-ci.yml",
        "a.csv",
        "deep.csv",
        "deep/er/b.csv",
        "é è.csv",
    ]
    made = BareRepository(path)
    tip = made.resolve("main")
    for name in names.splitlines():
        assert made.read(tip, name) == (folder / name).read_bytes()
    assert git(path, "log", "--format=%an %ae %cI %s") == (
        "Retouche retouche@localhost 2024-08-01T12:00:00+00:00 Import"
    )
    assert is_sound(path)


def test_importing_again_changes_nothing(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.git"
    assert imported(folder, path)
    tip = BareRepository(path).resolve("main")
    (folder / "a.csv").write_bytes(b"other")
    assert not imported(folder, path)
    assert not import_history(seed(tmp_path / "seed.git"), path)
    assert BareRepository(path).resolve("main") == tip


def test_the_servers_own_home_inside_the_folder_is_not_imported(folder: Path) -> None:
    home = folder / "home"
    (home / "repositories").mkdir(parents=True)
    (home / "journal.sqlite").write_text("names and addresses")
    assert imported(folder, home / "repositories" / "x.git", leave_out=[home])
    files = git(home / "repositories" / "x.git", "ls-tree", "-r", "--name-only", "main")
    assert "home" not in files


def test_a_file_over_the_limit_is_refused_by_name(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(TooLarge) as refused:
        imported(folder, tmp_path / "x.git", max_file=3)
    assert refused.value.values == {"path": "a.csv", "limit": 3}
    assert not (tmp_path / "x.git").exists()
    assert leftovers(tmp_path) == []


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty" / "deeper").mkdir(parents=True)
    for name in ("empty", "missing"):
        with pytest.raises(BadDataset):
            imported(tmp_path / name, tmp_path / "x.git")
    assert not (tmp_path / "x.git").exists()


def test_a_name_that_git_refuses_is_refused(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "git~1").write_text("x")
    with pytest.raises(BadDataset):
        imported(tmp_path / "package", tmp_path / "x.git")


def test_a_failure_half_way_leaves_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> str:
        raise StorageFull()

    with monkeypatch.context() as patch:
        patch.setattr(Twins, "publish", full)
        with pytest.raises(StorageFull):
            imported(folder, tmp_path / "x.git")
    assert leftovers(tmp_path) == []
    assert imported(folder, tmp_path / "x.git")


def test_a_kill_half_way_leaves_nothing_that_counts(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.git"
    child = os.fork()
    if child == 0:
        importer.os.sync = lambda: time.sleep(60)  # type: ignore[attr-defined]
        imported(folder, path)
        os._exit(0)
    while not list(tmp_path.glob("x.git.tmp-*/refs/heads/main")):
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert not path.exists()
    assert len(leftovers(tmp_path)) == 1
    assert imported(folder, path)
    assert leftovers(tmp_path) == []


def test_two_imports_at_once_make_one_repository(folder: Path, tmp_path: Path) -> None:
    barrier = threading.Barrier(4)

    def start(_: int) -> bool:
        barrier.wait()
        return imported(folder, tmp_path / "x.git")

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(start, range(4))) == [False, False, False, True]
    assert is_sound(tmp_path / "x.git")


def test_a_history_is_kept_whole_on_its_branch(tmp_path: Path) -> None:
    source = seed(tmp_path / "seed.git")
    git(source, "branch", "other", "main~1")
    git(source, "tag", "v1", "main~1")
    path = tmp_path / "x.git"
    assert import_history(source, path)
    assert git(path, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
    assert git(path, "rev-list", "main") == git(source, "rev-list", "main")
    assert BareRepository(path).branch() == "main"
    assert is_sound(path)


def test_another_branch_can_be_the_published_one(tmp_path: Path) -> None:
    source = seed(tmp_path / "seed.git")
    git(source, "branch", "data/v2", "main~1")
    assert import_history(source, tmp_path / "x.git", branch="data/v2")
    made = BareRepository(tmp_path / "x.git")
    assert made.branch() == "data/v2"
    assert made.resolve("data/v2") == git(source, "rev-parse", "data/v2")


def test_a_working_copy_is_imported_at_its_current_branch(tmp_path: Path) -> None:
    source = tmp_path / "copy"
    git(tmp_path, "clone", "--quiet", str(seed(tmp_path / "seed.git")), str(source))
    git(source, "checkout", "--quiet", "-b", "work")
    (source / "b.csv").write_text("not committed")
    hook = source / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    assert current_branch(source) == "work"
    assert import_history(source, tmp_path / "x.git")
    made = BareRepository(tmp_path / "x.git")
    assert made.read(made.resolve("work"), "b.csv") == b"x\n\n"
    assert not (tmp_path / "ran").exists()


def test_repositories_are_told_from_folders(folder: Path, tmp_path: Path) -> None:
    bare = seed(tmp_path / "seed.git")
    git(tmp_path, "clone", "--quiet", str(bare), str(tmp_path / "copy"))
    assert is_repository(bare)
    assert is_repository(tmp_path / "copy")
    assert not is_repository(tmp_path / "copy" / "data")
    assert not is_repository(tmp_path)


@pytest.mark.parametrize("branch", ["missing", "-x", "main~1", "proposals/x"])
def test_a_branch_that_is_not_there_or_not_plain_is_refused(tmp_path: Path, branch: str) -> None:
    with pytest.raises(BadDataset):
        import_history(seed(tmp_path / "seed.git"), tmp_path / "x.git", branch=branch)
    assert not (tmp_path / "x.git").exists()
    assert leftovers(tmp_path) == []


def test_an_empty_or_missing_source_is_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "empty.git")
    for source in (tmp_path / "empty.git", tmp_path / "missing.git"):
        for branch in ("main", None):
            with pytest.raises(BadDataset):
                import_history(source, tmp_path / "x.git", branch=branch)


def test_a_shallow_clone_is_refused_as_such(tmp_path: Path) -> None:
    source = seed(tmp_path / "seed.git")
    shallow = tmp_path / "shallow.git"
    git(tmp_path, "clone", "--quiet", "--bare", "--depth=1", f"file://{source}", str(shallow))
    with pytest.raises(BadDataset) as refused:
        import_history(shallow, tmp_path / "x.git", branch="main")
    assert refused.value.reason == "history_shallow"


@pytest.mark.attack("hostile-repository")
def test_a_history_with_broken_objects_is_refused(tmp_path: Path) -> None:
    source = seed(tmp_path / "seed.git")
    tree = git(source, "rev-parse", "main^{tree}")
    commit = f"tree {tree}\nauthor no date\ncommitter no date\n\nx\n".encode()
    bad = git(source, "hash-object", "--literally", "-t", "commit", "-w", "--stdin", data=commit)
    (source / "refs" / "heads" / "main").write_text(f"{bad}\n")
    with pytest.raises(BadDataset):
        import_history(source, tmp_path / "x.git", branch="main")


@pytest.mark.attack("clone-address-command")
@pytest.mark.parametrize(
    "source",
    [
        "http://example.org/x.git",
        "git://example.org/x.git",
        "ssh://example.org/x.git",
        "git@example.org:x.git",
        "ext::sh -c touch% /tmp/x",
        "file:///etc",
        "/etc",
        "--upload-pack=touch x",
        "https://user:token@example.org/x.git",
        "https://example.org/x.git\n",
        "https://-x",
        "",
    ],
)
def test_only_plain_https_addresses_are_fetched(tmp_path: Path, source: str) -> None:
    with pytest.raises(BadDataset) as refused:
        import_history(source, tmp_path / "x.git", branch="main")
    assert refused.value.reason == "bad_repository_url"
    assert "token" not in str(refused.value)


@pytest.mark.attack("clone-address-command")
def test_git_itself_refuses_other_transports_too(tmp_path: Path) -> None:
    made = BareRepository.create(tmp_path / "x.git", "main")
    for address in ("ext::sh -c true", "http://127.0.0.1:1/", "ssh://127.0.0.1:1/"):
        output = made.git("ls-remote", "--end-of-options", address, accept=range(256))
        assert b"not allowed" in output.errors


@pytest.mark.attack("hostile-repository")
def test_settings_of_a_new_repository_are_the_safe_ones(tmp_path: Path) -> None:
    BareRepository.create(tmp_path / "x.git", "main")
    for name, value in {
        "core.fsync": "committed,reference",
        "core.hookspath": "/dev/null",
        "core.symlinks": "false",
        "gc.auto": "0",
        "pack.usebitmaps": "false",
        "receive.denynonfastforwards": "true",
        "transfer.fsckobjects": "true",
    }.items():
        assert git(tmp_path / "x.git", "config", name) == value
