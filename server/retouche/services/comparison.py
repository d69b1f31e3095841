"""A corrected copy of a file becomes the operations of a proposal. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from retouche.core.comparing.comparison import Comparison, compare
from retouche.core.comparing.headings import columns
from retouche.core.errors import (
    NotEditable,
    RetoucheError,
    TooLarge,
    UnreadableFile,
)
from retouche.core.package import Resource
from retouche.services.copies import read_csv
from retouche.services.datasets import DatasetRevision
from retouche.services.sheets import ARCHIVE, read_xlsx
from retouche.services.turns import Turns

PATIENCE = 20.0
"""Seconds that a copy waits for its turn."""
WAITING = 3
"""Copies that may wait; each keeps a thread, of which readers need some."""
# A large one takes seconds of a worker and many times its bytes: one is read at a time.
_TURNS = Turns(waiting=WAITING, patience=PATIENCE)


def compare_copy(
    found: DatasetRevision, resource: str, data: bytes, *, delete: bool, most: int
) -> Comparison:
    """What a copy, CSV or XLSX, changes of a resource, in at most so many operations.

    Raises `NotEditable`, `UnreadableFile`, `TooLarge`, and `RateLimited` when others are compared.
    """
    _check_editable(found.package.resource(resource))
    if not data:
        raise UnreadableFile("empty_file")
    snapshot = found.snapshot(resource)
    fields, key = snapshot.all_fields, snapshot.resource.schema.primary_key
    with _TURNS.take(), _of_the_copy():
        read = read_xlsx if data.startswith(ARCHIVE) else read_csv
        upload = read(data, snapshot)
        matched = columns(upload.header, fields)
        if not matched.has(key):
            raise UnreadableFile("upload_key_columns", expected=key, found=upload.header)
        compared = compare(snapshot, upload, matched, delete=delete)
    if len(compared.operations) > most:
        raise TooLarge("too_many_changes", count=len(compared.operations), limit=most)
    return compared


def _check_editable(resource: Resource) -> None:
    if not resource.schema.primary_key:
        raise NotEditable("no_primary_key", resource=resource.name)
    if not resource.editable:
        raise NotEditable("not_editable_resource", resource=resource.name)


@contextmanager
def _of_the_copy() -> Iterator[None]:
    """Say of a refusal that it is about the file that was sent."""
    try:
        yield
    except RetoucheError as error:
        error.pointer = error.pointer or "file"
        raise
