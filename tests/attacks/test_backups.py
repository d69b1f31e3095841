"""Files that pass for backups and are made to harm: each is refused, and nothing is left of it."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import refusal, run
from tests.datasets import Browser, serve, update, write_desks

Content = dict[str, bytes]
Manifest = dict[str, Any]
Harm = Callable[[Content, Manifest], object]
PROPOSALS = "journal/proposals.jsonl"
BUNDLE = "repositories/desks.bundle"
PICKLE = b"\x80\x04\x95\x1d\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Content, Manifest]:
    """What is in a backup: its members, and its list of them."""
    folder = tmp_path_factory.mktemp("sound")
    services = serve(folder / "home", {"desks": write_desks(folder / "package")})
    assert Browser(services).propose(update("04", agents="6")).status_code == 201
    services.close()
    assert run("backup", folder / "backup.tar", "--home", folder / "home").exit_code == 0
    with tarfile.open(folder / "backup.tar", "r:") as archive:
        found = {}
        for one in archive:
            file = archive.extractfile(one)
            assert file is not None
            found[one.name] = file.read()
    manifest = json.loads(found.pop("manifest.json"))
    del found["manifest.sha256"]
    return found, manifest


def forged(content: Content, manifest: Any, *others: tarfile.TarInfo) -> bytes:
    """A backup with these members, whose every checksum is right."""
    if isinstance(manifest, dict) and isinstance(manifest.get("members"), dict):
        for name, data in content.items():
            known = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            if isinstance(manifest["members"].get(name, {}), dict):
                manifest["members"].setdefault(name, {}).update(known)
    listed = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    seal = hashlib.sha256(listed).hexdigest().encode()
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:", format=tarfile.GNU_FORMAT) as archive:
        for name, data in {
            **content,
            "manifest.json": listed,
            "manifest.sha256": seal,
        }.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
        for other in others:
            archive.addfile(other)
    return whole.getvalue()


def row(**changes: Any) -> Harm:
    """A row of the journal with other cells."""

    def harm(content: Content, _: Manifest) -> None:
        first = json.loads(content[PROPOSALS].splitlines()[0])
        content[PROPOSALS] = json.dumps(first | changes).encode() + b"\n"

    return harm


def put(name: str, data: bytes) -> Harm:
    return lambda content, _: content.update({name: data})


def about(*path: str, value: Any) -> Harm:
    """Another value in the list of what is in it."""

    def harm(_: Content, manifest: Manifest) -> None:
        place: Any = manifest
        for one in path[:-1]:
            place = place[one]
        place[path[-1]] = value

    return harm


def without(name: str) -> Harm:
    return lambda _, manifest: manifest.pop(name)


def without_member(name: str) -> Harm:
    def harm(content: Content, manifest: Manifest) -> None:
        del content[name], manifest["members"][name]

    return harm


def repository(name: str, **about: Any) -> Harm:
    """A repository of another name."""

    def harm(content: Content, manifest: Manifest) -> None:
        content[f"repositories/{name}.bundle"] = content[BUNDLE]
        manifest["repositories"][name] = {"branch": "main", "refs": 1, **about}

    return harm


def bundle(head: bytes) -> Harm:
    def harm(content: Content, _: Manifest) -> None:
        content[BUNDLE] = b"# v2 git bundle\n" + head + b"\n\n" + content[BUNDLE][-500:]

    return harm


HARMS: dict[str, Harm] = {
    "no members": without("members"),
    "members are a list": about("members", value=["secret"]),
    "a member is a text": about("members", "secret", value="x"),
    "a member of no length": about("members", "ghost", value={"sha256": "0" * 64}),
    "a member of a length below zero": about(
        "members", "ghost", value={"size": -1, "sha256": "0" * 64}
    ),
    "a member of a length that is a text": about(
        "members", "ghost", value={"size": "9", "sha256": "0" * 64}
    ),
    "a member that is not there": about("members", "ghost", value={"size": 0, "sha256": "0" * 64}),
    "no journal": without("journal"),
    "a journal that is a text": about("journal", value="sqlite"),
    "no counters": about("journal", value={"schema": "1"}),
    "counters that are texts": about("journal", "counters", value={"proposals": "1; DROP TABLE"}),
    "counters that are a list": about("journal", "counters", value=[1]),
    "a counter beyond all numbers": about("journal", "counters", value={"proposals": 1 << 80}),
    "no repositories": without("repositories"),
    "repositories are a list": about("repositories", value=["desks"]),
    "a repository that is a text": about("repositories", "desks", value="main"),
    "a repository without a bundle": about(
        "repositories", "other", value={"branch": "main", "refs": 1}
    ),
    "no secret told": without("secret"),
    "no version": without("version"),
    "elsewhere is a number": about("elsewhere", value=5),
    "elsewhere holds numbers": about("elsewhere", value=[5]),
    "a table is missing": without_member(PROPOSALS),
    "a bundle is missing": without_member(BUNDLE),
    "a repository `../../x`": repository("../../x"),
    "a repository `/tmp/x`": repository("/tmp/x"),
    "a repository `-x`": repository("-x"),
    "a repository `.git`": repository(".git"),
    "a branch `../../x`": repository("other", branch="../../x"),
    "a branch `--upload-pack=x`": repository("other", branch="--upload-pack=x"),
    "a branch that is a number": repository("other", branch=5),
    "a branch with a line end": repository("other", branch="main\n[core]"),
    "a bundle of nothing": put(BUNDLE, b""),
    "a bundle that is a pickle": put(BUNDLE, PICKLE),
    "a bundle whose header never ends": put(
        BUNDLE, b"# v2 git bundle\n" + b"0" * 40 + b" refs/heads/" + b"x" * 100_000
    ),
    "a bundle of a ref `../../x`": bundle(b"0" * 40 + b" refs/heads/../../x"),
    "a bundle of a ref `packed-refs`": bundle(b"1" * 40 + b" packed-refs"),
    "a bundle of a ref without object": bundle(b"1" * 40 + b" refs/heads/main"),
    "a bundle that needs another": bundle(b"-" + b"1" * 40 + b" before"),
    "a table that is a pickle": put(PROPOSALS, PICKLE),
    "a table of deep lists": put(PROPOSALS, b"[" * 100_000),
    "a table of numbers": put(PROPOSALS, b"5\n"),
    "a row of no columns": put(PROPOSALS, b"{}\n"),
    "a row of another table": put(PROPOSALS, b'{"id": "x", "until": 5}\n'),
    "a row with one column more": row(**{"x); DROP TABLE proposals; --": "y"}),
    "a cell that is an object": row(state={"$ref": "x"}),
    "a cell that is a list": row(id=["x"]),
    "a key that is nothing": row(sequence=None, id=None),
    "a number beyond all numbers": row(number=1 << 80),
    "a row twice": lambda content, _: content.update({PROPOSALS: content[PROPOSALS] * 2}),
}
ROOTS: dict[str, bytes] = {
    "a list": b"[]",
    "a number": b"5",
    "nothing": b"null",
    "a pickle": PICKLE,
    "deep lists": b"[" * 200_000,
    "more than a list can be": b" " * 5_000_000,
    "bytes that are no text": b"\xff\xfe",
}


def refused(folder: Path, data: bytes) -> None:
    """It is refused by one sentence, and neither a home nor anything beside it is made."""
    (folder / "hostile.tar").write_bytes(data)
    place = folder / "deep" / "home"
    place.parent.mkdir()
    said = refusal(run("restore", folder / "hostile.tar", "--home", place))
    assert len(said) < 1_000
    assert list(place.parent.iterdir()) == []
    assert sorted(one.name for one in folder.iterdir()) == ["deep", "hostile.tar"]


@pytest.mark.attack("hostile-backups")
@pytest.mark.parametrize("how", HARMS)
def test_a_hostile_backup_is_refused_whole(
    sound: tuple[Content, Manifest], tmp_path: Path, how: str
) -> None:
    content, manifest = dict(sound[0]), json.loads(json.dumps(sound[1]))
    HARMS[how](content, manifest)
    refused(tmp_path, forged(content, manifest))


@pytest.mark.attack("hostile-backups")
@pytest.mark.parametrize("how", ROOTS)
def test_a_list_that_is_none_is_refused(
    sound: tuple[Content, Manifest], tmp_path: Path, how: str
) -> None:
    refused(tmp_path, forged(sound[0], ROOTS[how]))


KINDS = {
    "a link to a file": (tarfile.SYMTYPE, "/etc/passwd"),
    "a hard link": (tarfile.LNKTYPE, "manifest.json"),
    "a device": (tarfile.CHRTYPE, ""),
    "a pipe": (tarfile.FIFOTYPE, ""),
    "a folder": (tarfile.DIRTYPE, ""),
}


@pytest.mark.attack("hostile-backups")
@pytest.mark.parametrize("kind", KINDS)
def test_a_member_that_is_no_file_is_refused(
    sound: tuple[Content, Manifest], tmp_path: Path, kind: str
) -> None:
    content, manifest = dict(sound[0]), json.loads(json.dumps(sound[1]))
    special = tarfile.TarInfo("secret")
    special.type, special.linkname = KINDS[kind]
    data = content.pop("secret")
    manifest["members"]["secret"] = {
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    refused(tmp_path, forged(content, manifest, special))


@pytest.mark.attack("hostile-backups")
def test_a_member_that_is_almost_all_hole_is_not_read(
    sound: tuple[Content, Manifest], tmp_path: Path
) -> None:
    content, manifest = dict(sound[0]), json.loads(json.dumps(sound[1]))
    manifest["members"]["secret"] = {"size": 1 << 50, "sha256": "0" * 64}
    del content["secret"]
    sparse = tarfile.TarInfo("secret")
    data = bytearray(forged(content, manifest, sparse))
    # The old form of GNU for files with holes: one part, of no bytes, at the end.
    place = data.index(b"secret\0" + b"\0" * 93)
    head = data[place : place + 512]
    head[156:157] = tarfile.GNUTYPE_SPARSE
    head[386:398] = (1 << 33).to_bytes(12, "big")
    head[386] = 0x80
    head[398:410] = b"00000000000\0"
    head[483:495] = b"\x80" + (1 << 50).to_bytes(11, "big")
    head[148:156] = b" " * 8
    head[148:156] = f"{sum(head):06o}\0 ".encode()
    data[place : place + 512] = head
    refused(tmp_path, bytes(data))


@pytest.mark.attack("hostile-backups")
def test_members_that_are_not_listed_go_nowhere(
    sound: tuple[Content, Manifest], tmp_path: Path
) -> None:
    beside = []
    for name in ("../../evil", str(tmp_path / "evil"), "hooks/post-receive", "settings.toml"):
        one = tarfile.TarInfo(name)
        one.mode = 0o755
        beside.append(one)
    content, manifest = dict(sound[0]), json.loads(json.dumps(sound[1]))
    (tmp_path / "hostile.tar").write_bytes(forged(content, manifest, *beside))
    place = tmp_path / "deep" / "home"
    assert run("restore", tmp_path / "hostile.tar", "--home", place).exit_code == 0
    found = {one.name for one in tmp_path.rglob("*")}
    assert not found & {"evil", "post-receive", "settings.toml"}
