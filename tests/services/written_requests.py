"""Datasets in memory, and the texts of merge requests on them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from retouche.core.judging.verdict import verdict
from retouche.core.operations import Patch
from retouche.ports import Forge, Journal, Proposal, RequestText, Revision
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.findings import error_to_wire
from retouche.services.patches import read_patch, to_journal
from retouche.services.requesting.text import request_text
from retouche.services.shelf import Shelf
from retouche.shelves.folder import FolderCabinet
from tests.datasets import DESKS, write_desks

COMMIT = "c0ffee" + "0" * 34
ID = "0123456789abcdef"
SITE = "https://retouche.example"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Files:
    """A forge of one commit, in memory."""

    is_remote = False

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def published(self) -> str:
        return COMMIT

    def resolve(self, revision: str) -> str:
        return revision

    def read(self, commit: str, path: str) -> bytes:
        return self._files[path]

    def blob(self, commit: str, path: str) -> str:
        return hashlib.sha1(self._files[path]).hexdigest()

    def blobs(self, commit: str, paths: Iterable[str]) -> Mapping[str, str]:
        return {path: self.blob(commit, path) for path in paths}

    def files(self, commit: str, folder: str = "") -> Sequence[str]:
        return sorted(path for path in self._files if path.rpartition("/")[0] == folder)

    def revisions(self, start: str, *, stop: str | None = None) -> Iterator[Revision]:
        return iter(())


def dataset(files: Mapping[str, bytes], cache: Path, name: str = "desks") -> DatasetRevision:
    """The one revision of a dataset that these files make."""
    shelf = Shelf(50_000_000, FolderCabinet(cache, capacity=0))
    forge = cast(Forge, Files(files))
    return Dataset(name, forge, cast(Journal, None), shelf).at()


def folder_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def with_json(files: Mapping[str, bytes], path: str, change: Any) -> dict[str, bytes]:
    """The files with one JSON file changed by a function."""
    value = json.loads(files[path])
    change(value)
    return {**files, path: json.dumps(value).encode()}


def desks(cache: Path, **others: Any) -> DatasetRevision:
    folder = write_desks(cache / "source", **others)
    return dataset(folder_files(folder), cache / "cache")


def described(cache: Path, change: Callable[[Any], None]) -> DatasetRevision:
    """The desks with another descriptor."""
    files = folder_files(write_desks(cache / "source"))
    return dataset(with_json(files, "datapackage.json", change), cache / "cache")


def desks_with(column: str, text: str) -> str:
    """The desks with a text in a cell of the first row."""
    rows = list(csv.reader(io.StringIO(DESKS)))
    rows[1][rows[0].index(column)] = text
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


def proposed(
    revision: DatasetRevision, *operations: Mapping[str, Any], **others: Any
) -> tuple[Proposal, Patch]:
    """A proposal as the journal keeps it, and its operations."""
    patch = read_patch(operations, revision, max_cell=64_000).operations
    report = verdict(patch, package=revision.package, before=revision.snapshots())
    proposal = Proposal(
        id=ID,
        dataset=revision.dataset.name,
        state="queued",
        base_revision=COMMIT,
        parent=COMMIT,
        operations=tuple(to_journal(one, revision.package) for one in patch),
        warnings=tuple(map(error_to_wire, report.warnings)),
        created_at=NOW,
        updated_at=NOW,
        **others,
    )
    return proposal, patch


def written(
    revision: DatasetRevision,
    *operations: Mapping[str, Any],
    locale: str = "en",
    base_url: str = SITE,
    **others: Any,
) -> RequestText:
    """The text of a merge request for these operations of a request's body."""
    proposal, patch = proposed(revision, *operations, **others)
    return request_text(proposal, patch, revision, base_url=base_url, locale=locale)
