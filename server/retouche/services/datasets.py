"""Datasets and their revisions: what stands where, at which commit.

Everything derived from bytes is cached by blob id, so it can never be stale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from retouche.core.edited import Data, Edit, Edited
from retouche.core.errors import BadDataset, ForgeUnavailable, NotFound
from retouche.core.memo import Memo
from retouche.core.package import Package
from retouche.core.reading.snapshot import Snapshot
from retouche.ports import CloneSource, Forge, Journal, RemoteForge
from retouche.services.shelf import Shelf
from retouche.services.widget_checks import (
    OUTLINES,
    WIDGET_END,
    WIDGETS,
    is_widget,
    name_of,
    read_widget,
)

COMMIT = re.compile(r"[0-9a-f]{40}")
PROPOSAL = re.compile(r"proposal:([0-9a-f]{16})")
SCENARIO = re.compile(r"scenario:([0-9a-f]{32})")
EARLIER = 20
"""Commits in which an earlier version of a file is looked for."""


class Dataset:
    """A data repository that is served under a name."""

    def __init__(
        self,
        name: str,
        forge: Forge,
        journal: Journal,
        shelf: Shelf,
        *,
        branch: str = "main",
        clone: CloneSource | None = None,
        locale: str = "fr",
    ) -> None:
        self.name = name
        self.forge = forge
        self.clone = clone
        self.branch = branch
        self.locale = locale
        """The language of what is written at a forge elsewhere."""
        self._journal = journal
        self._shelf = shelf
        self._described: Described | None = None
        self.find: Callable[[Dataset, str, bool], bool] = _nowhere
        """Looks elsewhere for a commit that is missing here, and that the journal names (or not);
        tells whether it may be here by now."""
        self.draft: Callable[[Dataset, str], str] = _undrafted
        """Makes the commit of a scenario, by its id. Raises `NotFound`."""

    @property
    def remote(self) -> RemoteForge | None:
        """The forge when it lives elsewhere and other people write to it; None for ours."""
        return cast(RemoteForge, self.forge) if self.forge.is_remote else None

    def at(self, revision: str | None = None) -> DatasetRevision:
        """The dataset at a commit id, a branch, `proposal:{id}` or `scenario:{id}`; None is the
        published one.

        Raises `NotFound` for a revision that does not exist.
        """
        if revision is None:
            return self._revision(self.forge.published())
        of_proposal = PROPOSAL.fullmatch(revision)
        if of_proposal is not None:
            proposal = self._journal.get(self.name, of_proposal.group(1))
            if proposal.head is None:
                raise NotFound("proposal_without_head", proposal=proposal.id)
            return self._revision(self._resolved(proposal.head, named=True))
        of_scenario = SCENARIO.fullmatch(revision)
        if of_scenario is not None:
            return self._revision(self.draft(self, of_scenario.group(1)))
        pinned = COMMIT.fullmatch(revision) is not None
        commit = self._resolved(revision) if pinned else self.forge.resolve(revision)
        return self._revision(commit, pinned=pinned)

    def have(self, commit: str) -> None:
        """Bring a commit that the journal names, where it is missing here. Raises `NotFound`."""
        self._resolved(commit, named=True)

    def _resolved(self, commit: str, *, named: bool = False) -> str:
        """A full commit id, once it is here. What another server published may not be yet."""
        try:
            return self.forge.resolve(commit)
        except NotFound:
            if self.remote is None or not self.find(self, commit, named):
                raise
            return self.forge.resolve(commit)

    def _revision(self, commit: str, *, pinned: bool = False) -> DatasetRevision:
        package = self._shelf.packages.get((self.name, commit), lambda: self._package(commit))
        return DatasetRevision(
            dataset=self, commit=commit, package=package, pinned=pinned, _shelf=self._shelf
        )

    def _package(self, commit: str) -> Package:
        """The package at a commit: the same object as long as nothing that describes it changes,
        so that what is derived from its schemas lasts as well."""
        last = self._described
        if last is not None and self._is_alike(commit, last):
            return last.package
        try:
            self.forge.resolve(commit)
        except NotFound:  # a ref leads to it, so the repository is damaged, and not the package
            raise ForgeUnavailable() from None
        paths: list[str] = []

        def read(path: str) -> bytes:
            paths.append(path)
            return self.forge.read(commit, path)

        package = Package.read(read)
        self._described = Described(package, commit, tuple(paths))
        return package

    def _is_alike(self, commit: str, described: Described) -> bool:
        """Whether a commit has the very files that a package was read from."""
        found = self.forge.blobs(commit, described.paths)
        try:
            return found == self.forge.blobs(described.commit, described.paths)
        except NotFound:  # somebody's maintenance dropped that commit
            return False


def _nowhere(dataset: Dataset, commit: str, named: bool) -> bool:
    return False


def _undrafted(dataset: Dataset, scenario: str) -> str:
    raise NotFound("unknown_scenario")


@dataclass(frozen=True, slots=True)
class Described:
    """A package, and the files of a commit that it was read from."""

    package: Package
    commit: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetRevision:
    """A dataset at one commit. `pinned` when the commit id itself was asked for."""

    dataset: Dataset
    commit: str
    package: Package
    pinned: bool
    _shelf: Shelf

    def blob(self, resource: str) -> str:
        """The id of the resource's file: equal ids, equal bytes."""
        return self.dataset.forge.blob(self.commit, self.package.resource(resource).path)

    def data(self, resource: str) -> Data:
        """The bytes of the file, mapped where they are kept on disk. Raises `NotFound`."""
        path = self.package.resource(resource).path
        forge = self.dataset.forge
        return self._shelf.data(self.blob(resource), lambda: forge.read(self.commit, path))

    def snapshot(self, resource: str) -> Snapshot:
        """The parsed file. Raises `NotFound` and `UnreadableFile`."""
        described, blob = self.package.resource(resource), self.blob(resource)
        return self._shelf.snapshot(
            described,
            blob,
            lambda: self.data(resource),
            parents=lambda: self._earlier(described.path, blob),
        )

    def edited(self, resource: str, edits: Sequence[Edit]) -> Edited:
        """The resource's file with edits, which are in order and do not overlap."""
        return Edited(self.snapshot(resource).data, self.blob(resource), tuple(edits))

    def succeeded(self, content: Edited) -> None:
        """Say that a version of a file is one of this revision's files with edits.

        Called when the version is committed; whoever reads it then derives it from this one.
        """
        self._shelf.succeeded(content)

    def _earlier(self, path: str, blob: str) -> str | None:
        """The blob id that a file had before it got this one, if that was not long ago."""
        forge = self.dataset.forge
        try:
            for one in islice(forge.revisions(self.commit), 1, EARLIER):
                before = forge.blob(one.id, path)
                if before != blob:
                    return before
        except NotFound:
            pass
        return None

    def snapshots(self) -> Mapping[str, Snapshot]:
        """All resources' snapshots by name, each read when it is asked for."""
        return _Snapshots(self)

    def widgets(self) -> dict[str, dict[str, Any]]:
        """The widget descriptors by name, without those that cannot be used."""
        read = {name_of(path): self._widget(path) for path in self._widget_paths()}
        return {name: one for name, one in read.items() if not isinstance(one, BadDataset)}

    def unusable_widgets(self) -> list[str]:
        """The names of the descriptors that are there and cannot be used."""
        read = {name_of(path): self._widget(path) for path in self._widget_paths()}
        return [name for name, one in read.items() if isinstance(one, BadDataset)]

    def widget(self, name: str) -> dict[str, Any]:
        """One descriptor. Raises `NotFound`, and `BadDataset` when it cannot be used."""
        path = f"{WIDGETS}/{name}{WIDGET_END}"
        paths = self._widget_paths()
        if path not in paths:
            raise NotFound(
                "unknown_widget", widget=name[:80], known=[name_of(one) for one in paths]
            )
        found = self._widget(path)
        if isinstance(found, BadDataset):
            raise BadDataset(found.reason, **found.values)
        return found

    def outlines(self, name: str) -> bytes:
        """The bytes of a file of the folder `outlines`. Raises `NotFound`."""
        return self.dataset.forge.read(self.commit, f"{OUTLINES}/{name}")

    def _widget_paths(self) -> list[str]:
        return [path for path in self.dataset.forge.files(self.commit, WIDGETS) if is_widget(path)]

    def _widget(self, path: str) -> dict[str, Any] | BadDataset:
        """A descriptor as it was read and checked, or what is wrong with it."""
        forge, checked = self.dataset.forge, _CHECKED(self.package)
        blob = path, forge.blob(self.commit, path)
        if blob not in checked:
            try:
                checked[blob] = read_widget(
                    path, lambda one: forge.read(self.commit, one), self.package
                )
            except BadDataset as error:
                checked[blob] = error.with_traceback(None)
        return checked[blob]


_CHECKED: Memo[Package, dict[tuple[str, str], dict[str, Any] | BadDataset]] = Memo(lambda _: {})
"""What is known of the descriptors that a package has been seen with, by path and blob id."""


class _Snapshots(Mapping[str, Snapshot]):
    def __init__(self, revision: DatasetRevision) -> None:
        self._revision = revision

    def __getitem__(self, name: str) -> Snapshot:
        if name not in self._revision.package.resources:
            raise KeyError(name)
        return self._revision.snapshot(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._revision.package.resources)

    def __len__(self) -> int:
        return len(self._revision.package.resources)


class Catalogue:
    """The datasets of a server, by name."""

    def __init__(self, datasets: Mapping[str, Dataset]) -> None:
        self._datasets = dict(datasets)

    def __iter__(self) -> Iterator[Dataset]:
        return iter(self._datasets.values())

    def __len__(self) -> int:
        return len(self._datasets)

    def get(self, name: str) -> Dataset:
        """Raises `NotFound`."""
        try:
            return self._datasets[name]
        except KeyError:
            raise NotFound("unknown_dataset", dataset=name[:80])
