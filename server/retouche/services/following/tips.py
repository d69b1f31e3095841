"""Whether a version that was fetched can be served: if not, the one before it stays.

Must not move anything: it looks, and says what is wrong.
"""

from __future__ import annotations

from retouche.core.errors import (
    BadDataset,
    ForgeUnavailable,
    NotFound,
    RetoucheError,
    StorageFull,
    UnreadableFile,
)
from retouche.core.indicators import indicators_of
from retouche.core.judging.judge import judge
from retouche.core.mapping import mappings_of
from retouche.core.package import Package, Resource
from retouche.formats import check_extensions
from retouche.services.datasets import Dataset, DatasetRevision


def check_usable(package: Package) -> None:
    """Refuse what every verdict, page or figure would stumble over. Raises `BadDataset`."""
    check_extensions(package)
    mappings_of(package)
    for name, resource in package.resources.items():
        try:
            judge(resource.schema)
        except BadDataset as error:
            raise BadDataset(error.reason, **{"resource": name, **error.values}) from None
    indicators_of(package)


def check_tip(dataset: Dataset, tip: str, *, published: str | None) -> None:
    """Refuse a commit that would take from readers what they can read at the published one.

    Raises `BadDataset` for its description, or where a file is none any more (it was removed or
    moved, or is a link), and `UnreadableFile` with the path for one that could be read before.
    A resource that the descriptor no longer names is none of it.
    """
    try:
        after = dataset.at(tip)
    except NotFound as error:
        raise BadDataset(error.reason, **error.values) from None
    check_usable(after.package)
    before = None if published is None else _usable(dataset, published)
    for resource in after.package.resources.values():
        if before is None or not _is_same(before, after, resource):
            _check_file(after, resource, before)


def _usable(dataset: Dataset, commit: str) -> DatasetRevision | None:
    """The published version; None when it cannot be read itself: then anything is better."""
    try:
        return dataset.at(commit)
    except (BadDataset, NotFound):
        return None


def _is_same(before: DatasetRevision, after: DatasetRevision, resource: Resource) -> bool:
    known = before.package.resources.get(resource.name)
    if known is None or known.fingerprint != resource.fingerprint:
        return False
    try:
        return before.blob(resource.name) == after.blob(resource.name)
    except NotFound:
        return False


def _check_file(after: DatasetRevision, resource: Resource, before: DatasetRevision | None) -> None:
    try:
        after.blob(resource.name)
    except NotFound:
        if before is not None and not _is_there(before, resource.name):
            return
        raise BadDataset("file_not_regular", path=resource.path) from None
    try:
        _read(after, resource.name)
    except UnreadableFile as error:
        if before is not None and not _is_readable(before, resource.name):
            return
        values = {**error.values, "resource": resource.name, "path": resource.path}
        raise UnreadableFile(error.reason, **values) from None


def _is_there(revision: DatasetRevision, name: str) -> bool:
    try:
        return bool(revision.blob(name))
    except NotFound:
        return False


def _is_readable(revision: DatasetRevision, name: str) -> bool:
    try:
        _read(revision, name)
    except (ForgeUnavailable, StorageFull):
        raise  # this passes, and would else let a broken file be served
    except RetoucheError:
        return False
    return True


def _read(revision: DatasetRevision, name: str) -> None:
    """Read a file as far as the byte-level gate asks for. Raises `UnreadableFile`."""
    _ = revision.snapshot(name).table
