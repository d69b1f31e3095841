"""The home folder of a server: which datasets it holds, where they came from, and bringing one in.

A source is imported once. What is in the home afterwards is the truth: edits are made there, and a
later change of the source never replaces them.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from retouche.cli.checkout import Checkout
from retouche.cli.folders import write_durably
from retouche.cli.terminal import Refusal
from retouche.configuration import BadConfiguration, served_of
from retouche.connection import Connection
from retouche.core.package import SLUG
from retouche.forges.importer import import_folder, import_history
from retouche.locks import FileLocks
from retouche.remote import Remote
from retouche.services.following.tips import check_usable
from retouche.services.widget_checks import check_views
from retouche.settings import Settings
from retouche.wiring import Services, build, check_mails, repository_path

RECORD = "datasets.json"
IMPORTING = "~import"
GATE = ".serving"
"""A lock whose name no dataset can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What is remembered of an import. `digest` tells whether the source has changed since."""

    source: str
    digest: str
    branch: str = "main"
    remote: Remote | None = None
    """The GitLab project that the repository is a mirror of."""

    def entry(self) -> dict[str, Any]:
        """How it is written."""
        texts = {"source": self.source, "digest": self.digest, "branch": self.branch}
        return {**texts, GITLAB: self.remote.entry()} if self.remote else texts


GITLAB = "gitlab"
KNOWN = frozenset({"source", "digest", "branch", GITLAB})


class Home:
    """A home folder, made when something is first brought into it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def datasets(self) -> Mapping[str, Imported]:
        """The datasets by name, in the order of their names."""
        found = self._record()
        for repository in (self.path / "repositories").glob("*.git"):
            if repository.stem not in found:  # put there by hand
                branch = Checkout(repository, repository).branch()
                found[repository.stem] = Imported(source="", digest="", branch=branch)
        return {
            name: self._present(name, found[name]) for name in sorted(found) if self.holds(name)
        }

    def _present(self, name: str, known: Imported) -> Imported:
        # A project's default branch may be renamed there: the mirror tells what it is called now.
        if known.remote is None:
            return known
        repository = repository_path(self.path, name)
        return replace(known, branch=Checkout(repository, repository).branch())

    def holds(self, name: str) -> bool:
        return repository_path(self.path, name).is_dir()

    def serves(self, name: str) -> bool:
        """Whether the published commit has a data package at its top. Raises `BadDataset`."""
        checkout = Checkout.required(repository_path(self.path, name))
        try:
            branch = self.datasets()[name].branch
            commit = checkout.commit(f"refs/heads/{branch}")
            package = checkout.package(commit, "")
            if package is not None:
                check_usable(package)
                views = checkout.views(commit)
                check_views(package, views, lambda path: checkout.read(commit, path))
            return package is not None
        finally:
            checkout.close()

    def forget(self, name: str) -> None:
        """Take back an import that nobody has seen."""
        shutil.rmtree(repository_path(self.path, name))
        self._write({one: what for one, what in self._record().items() if one != name})

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep a second server from importing the same source at the same time."""
        with FileLocks(self.path / "locks").hold(IMPORTING):
            yield

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Hold what several servers may hold at a time, and `alone` waits for."""
        with self._gate() as gate:
            fcntl.flock(gate, fcntl.LOCK_SH)
            yield

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Keep servers from starting; False when one runs."""
        with self._gate() as gate:
            try:
                fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def _gate(self) -> IO[bytes]:
        folder = self.path / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / GATE).open("ab")

    def bring_folder(self, name: str, folder: Path, *, imported: Imported, max_file: int) -> None:
        """Import a data package folder as the first commit of a new repository."""
        self._remember(name, imported)
        import_folder(
            folder,
            repository_path(self.path, name),
            branch=imported.branch,
            message=f"Import {name}\n",
            time=datetime.now(UTC).replace(microsecond=0),
            max_file=max_file,
            leave_out=[self.path],
        )

    def bring_history(self, name: str, source: Path | str, *, imported: Imported) -> None:
        """Import a branch of a git repository with all its history."""
        self._remember(name, imported)
        import_history(source, repository_path(self.path, name), branch=imported.branch)

    def remember_project(self, name: str, remote: Remote) -> None:
        """Note what is configured of a project, and make its mirror, empty, where there is none."""
        # It brings what speaks to GitLab, which few commands need.
        from retouche.forges.gitlab.mirror import make_mirror

        known = self._record().get(name)
        branch = known.branch if known else remote.branch or "main"
        source = remote.repository
        imported = Imported(source=source, digest="", branch=branch, remote=remote)
        if imported != known:
            self._remember(name, imported)
        make_mirror(repository_path(self.path, name), remote.branch)

    def _remember(self, name: str, imported: Imported) -> None:
        # Before the import: without its repository an entry is nothing, and after a kill the
        # repository must not be without its entry.
        self.path.mkdir(parents=True, exist_ok=True)
        self._write({**self._record(), name: imported})

    def _write(self, record: Mapping[str, Imported]) -> None:
        text = json.dumps({one: value.entry() for one, value in record.items()}, indent=2)
        write_durably(self.path / RECORD, f"{text}\n".encode())

    def knows(self, name: str) -> Imported | None:
        """What is remembered of a dataset that the home holds."""
        return self._record().get(name) if self.holds(name) else None

    def services(self, settings: Settings | None = None) -> Services:
        """The services over all datasets of the home. Refuses an empty home."""
        datasets = self.datasets()
        if not datasets:
            raise Refusal("empty_home", home=self.path)
        # What a command decides is told to the server that runs, if one does.
        return build(settings or read_settings(self.path), self.served(datasets), works=False)

    def served(self, names: Iterable[str]) -> dict[str, str | Connection]:
        """What each dataset is served from: a branch of its repository here, or a project."""
        known = self.datasets()
        return {
            name: one.remote.connection() if one.remote else one.branch
            for name, one in ((name, known[name]) for name in names)
        }

    def _record(self) -> dict[str, Imported]:
        try:
            record = json.loads((self.path / RECORD).read_bytes())
        except FileNotFoundError:
            return {}
        except (ValueError, RecursionError) as error:
            raise Refusal("bad_record", path=self.path / RECORD, detail=error) from error
        if not isinstance(record, dict):
            raise Refusal("bad_record", path=self.path / RECORD, detail=type(record).__name__)
        return {name: self._imported(name, one) for name, one in record.items()}

    def _imported(self, name: str, entry: Any) -> Imported:
        path = self.path / RECORD
        texts = dict(entry) if isinstance(entry, dict) else {}
        remote = texts.pop(GITLAB, None)
        whole = {"source", "digest"} <= texts.keys() <= KNOWN and SLUG.fullmatch(name)
        if not (whole and all(isinstance(one, str) for one in texts.values())):
            raise Refusal("bad_record", path=path, detail=name)
        if remote is None:
            return Imported(**texts)
        try:
            served = served_of({**remote, "name": name}, path.absolute())
        except (BadConfiguration, TypeError) as error:
            raise Refusal("bad_record", path=path, detail=name) from error
        if served.remote is None:
            raise Refusal("bad_record", path=path, detail=name)
        return Imported(**texts, remote=served.remote)


def read_settings(home: Path, *, base_url: str | None = None) -> Settings:
    """The settings of the environment, over this home. Raises `Refusal` for what is no value."""
    try:
        found = Settings.from_environment(home=home, base_url=base_url)
        check_mails(found)
        return found
    except ValueError as error:
        raise Refusal("bad_setting", detail=error) from error
