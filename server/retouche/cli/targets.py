"""What `serve` was asked to serve, brought into the home.

A data package folder, a git repository, a CSV, a TOML file that names several, or nothing.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import retouche
from retouche import configuration
from retouche.cli.checkout import Checkout
from retouche.cli.folders import Folder, is_table, write_folder
from retouche.cli.home import Home, Imported
from retouche.cli.mirrors import bring_project
from retouche.cli.terminal import Refusal, doubts, locale, note, patience
from retouche.core.errors import BadDataset, NotFound, TooLarge
from retouche.core.gate import expect_header
from retouche.core.guessing.sniffing import sniff
from retouche.core.table import Table
from retouche.forges.importer import current_branch, is_repository
from retouche.remote import Remote
from retouche.services.packaging import package, slug
from retouche.web.paths import RESERVED

BUNDLED = "france-services"
BUNDLED_SOURCE = "bundled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One dataset to serve. `source` is how the home remembers where it came from.

    `path` is a folder or a CSV to be brought in as it stands; `history` a repository, here or at
    an https address, of which a branch is brought in; `remote` a GitLab project that is mirrored.
    """

    name: str
    source: str
    path: Path = Path()
    branch: str = "main"
    history: Path | str | None = None
    remote: Remote | None = None


def targets(asked: Path | None) -> list[Target]:
    """What a TARGET names, not yet read. Raises `BadConfiguration`."""
    if asked is None:
        return [Target(name=BUNDLED, path=bundled(), source=BUNDLED_SOURCE)]
    if not asked.exists():
        raise Refusal("no_such_path", path=asked)
    if asked.is_file() and asked.suffix.lower() == ".toml":
        return [_configured(one) for one in configuration.read(asked)]
    return [_on_disk(asked)]


def bundled() -> Path:
    """The France Services sample: inside an installed package, or beside it in a checkout."""
    inside = Path(retouche.__file__).parent
    for folder in (inside / "bundled" / BUNDLED, inside.parents[1] / "datasets" / BUNDLED):
        if Folder(folder).described:
            return folder
    raise Refusal("no_bundled")


def bring(home: Home, wanted: Iterable[Target], *, max_file: int) -> None:
    """Import the targets that the home does not hold yet, and tell which sources have changed."""
    for target in wanted:
        with patience("importing", name=target.name):
            _bring(home, target, max_file=max_file)


def _bring(home: Home, target: Target, *, max_file: int) -> None:
    if target.remote is not None:
        bring_project(home, target.name, target.remote)
    elif target.history is not None:
        _bring_history(home, target, target.history)
    elif target.path.is_file():
        _bring_table(home, target, target.path, max_file=max_file)
    else:
        _bring_folder(home, target, target.path, max_file=max_file)


def _on_disk(path: Path, *, name: str | None = None) -> Target:
    source = str(path.resolve())
    if path.is_file():
        if not is_table(path):
            raise Refusal("not_a_target", path=path)
        chosen = slug(path.stem)
        chosen = f"{chosen}-data" if chosen in RESERVED else chosen
        return Target(name=name or chosen, path=path, source=source)
    folder = Folder(path)
    if not folder.described:
        raise Refusal("no_descriptor", path=path)
    return Target(
        name=_allowed(name or slug(folder.package().name or path.resolve().name)),
        path=path,
        source=source,
    )


def _configured(one: configuration.Served) -> Target:
    name, path = _allowed(one.name), one.folder
    if one.remote is not None:
        for secret in one.remote.places:
            if secret.found() is None:
                raise Refusal("secret_missing", place=secret.place, name=name)
        return Target(name=name, source=one.remote.repository, remote=one.remote)
    if path is not None and not path.exists():
        raise Refusal("no_such_path", path=path)
    if path is None:
        branch = one.branch or current_branch(one.repository)
        return Target(name=name, source=one.repository, branch=branch, history=one.repository)
    if is_repository(path) and (one.branch or not Folder(path).described):
        branch = one.branch or current_branch(path)
        return Target(name=name, source=one.repository, branch=branch, history=path)
    return _on_disk(path, name=name)


def _allowed(name: str) -> str:
    if name in RESERVED:
        raise Refusal("reserved_name", name=name)
    return name


def _bring_table(home: Home, target: Target, path: Path, *, max_file: int) -> None:
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if _known(home, target, digest):
        return
    _within(len(data), path.name, max_file)
    sniffed = sniff(data)
    if not sniffed.certain:
        raise Refusal("unsure", path=path, doubts=doubts(sniffed.doubts))
    made = package(data, sniffed.dialect, stem=path.stem, locale=locale())
    if not made.key:
        note("keyless", name=made.name)
    with tempfile.TemporaryDirectory(prefix="retouche-") as folder:
        write_folder(Path(folder), made.files)
        imported = Imported(source=target.source, digest=digest, branch=target.branch)
        home.bring_folder(target.name, Path(folder), imported=imported, max_file=max_file)


def _bring_folder(home: Home, target: Target, path: Path, *, max_file: int) -> None:
    folder = Folder(path)
    digest = folder.digest()
    if _known(home, target, digest):
        return
    # What cannot be served is refused before it is brought in.
    for resource in folder.package().resources.values():
        if (path / resource.path).is_symlink():  # links are not brought in
            raise BadDataset("file_missing", path=resource.path)
        data = folder.data(resource)
        _within(len(data), resource.path, max_file)
        expect_header(Table.parse(data, resource.dialect), resource.schema)
    if not _bring_with_history(home, target, folder, digest=digest):
        imported = Imported(source=target.source, digest=digest, branch=target.branch)
        home.bring_folder(target.name, path, imported=imported, max_file=max_file)


def _bring_with_history(home: Home, target: Target, folder: Folder, *, digest: str) -> bool:
    """Import the commits that led to a folder; False unless it is just as it was committed."""
    checkout = Checkout.around(folder.path)
    if checkout is None or checkout.root != folder.path.resolve():
        return False
    try:
        branch = checkout.branch()
        commit = checkout.commit(f"refs/heads/{branch}")
        if any(checkout.read(commit, name) != folder.read(name) for name in folder.names()):
            return False
        imported = Imported(source=target.source, digest=digest, branch=branch)
        home.bring_history(target.name, folder.path, imported=imported)
    except (NotFound, BadDataset, Refusal):
        return False  # not committed, or a shallow clone: its files are what there is
    finally:
        checkout.close()
    return True


def _bring_history(home: Home, target: Target, source: Path | str) -> None:
    digest = str(source)
    if isinstance(source, Path):
        digest = Checkout.required(source).commit(f"refs/heads/{target.branch}")
    if _known(home, target, digest):
        return
    imported = Imported(source=target.source, digest=digest, branch=target.branch)
    home.bring_history(target.name, source, imported=imported)
    try:
        served = home.serves(target.name)
    except BadDataset:
        home.forget(target.name)
        raise
    if not served:
        home.forget(target.name)
        raise Refusal(
            "not_published", repository=target.source, name=target.name, branch=target.branch
        )


def _known(home: Home, target: Target, digest: str) -> bool:
    """Whether the home holds the target already; says so when its source is another one now."""
    if not home.holds(target.name):
        return False
    known = home.knows(target.name)
    source = known.source if known else "?"
    if known is not None and known.remote is not None:
        raise Refusal("lives_elsewhere", name=target.name, source=source)
    if known is None or (known.digest != digest and source != target.source):
        raise Refusal("dataset_taken", home=home.path, name=target.name, source=source)
    if known.digest != digest:
        note("changed_source", source=target.history or target.path, home=home.path)
    return True


def _within(size: int, path: str, limit: int) -> None:
    if size > limit:
        raise TooLarge("file_too_large", path=path, size=size, limit=limit)
