"""Quality of a resource and of a dataset, computed once per version of the files."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence

from retouche.core.errors import RetoucheError
from retouche.core.report import Report
from retouche.ports import Cabinet
from retouche.services.datasets import DatasetRevision
from retouche.services.quality.computing import Computing
from retouche.services.quality.figures import (
    FieldQuality,
    Findings,
    Overall,
    counted,
    figures_of,
    inspected,
    overall,
    part_of,
)
from retouche.services.shelf import MADE_BY, Cache

VERSIONS = 100
PATIENCE = 2.0
"""Seconds that a request waits for figures that are not there yet."""
FIGURES = "quality"
SIZE = 1_000
"""Versions whose figures a process remembers: some kilobytes each."""


class Quality:
    """Quality figures, kept per version of a file: on disk, so that no process asks twice."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet
        self._findings: Cache[Findings] = Cache(VERSIONS, lambda _: 1)
        self._figures: Cache[Sequence[FieldQuality]] = Cache(SIZE, lambda _: 1)
        self._checking = threading.Lock()
        self._computing = Computing()

    def report(self, revision: DatasetRevision, resource: str) -> Report:
        """The whole-file verdict, with the first errors of each kind and column."""
        return self._found(revision, resource).report

    def fields(self, revision: DatasetRevision, resource: str) -> Sequence[FieldQuality]:
        """Figures per field, in the order of the file; personal fields are left out.

        Raises `NotFound` and `UnreadableFile`.
        """
        return self._figures.get(
            version(revision, resource), lambda: self._kept(revision, resource)
        )

    def soon(self, revision: DatasetRevision, resource: str, *, seconds: float) -> bool:
        """Whether the figures can be had at once, if need be after some seconds.

        What is not there is computed beside requests. Raises `NotFound`.
        """
        return self.is_known(revision, resource) or self._computing.wait(
            version(revision, resource), lambda: self.fields(revision, resource), seconds=seconds
        )

    def report_soon(self, revision: DatasetRevision, resource: str, *, seconds: float) -> bool:
        """The same of the report, which each process makes for itself. Raises `NotFound`."""
        key = version(revision, resource)
        return self._findings.present(key) is not None or self._computing.wait(
            f"report {key}", lambda: self.report(revision, resource), seconds=seconds
        )

    def is_known(self, revision: DatasetRevision, resource: str) -> bool:
        """Whether the figures are there, so that no file is read for them."""
        key = version(revision, resource)
        if self._figures.present(key) is not None:
            return True
        return self._cabinet.drawer(key).get(FIGURES) is not None

    def counted(self, revision: DatasetRevision) -> Mapping[str, Sequence[FieldQuality]]:
        """Figures of the fields that count, by resource; of those that can be read."""
        found: dict[str, Sequence[FieldQuality]] = {}
        for name, fields in counted(revision.package).items():
            wanted = {one.name for one in fields}
            try:
                figures = self.fields(revision, name)
            except RetoucheError:
                continue
            found[name] = [one for one in figures if one.field in wanted]
        return found

    def overall(self, revision: DatasetRevision, resource: str | None = None) -> Overall:
        """Figures of all that counts, in the whole dataset or in one resource."""
        figures = self.counted(revision)
        names = figures if resource is None else [resource]
        return overall(one for name in names for one in figures.get(name, ()))

    def _kept(self, revision: DatasetRevision, resource: str) -> Sequence[FieldQuality]:
        drawer = self._cabinet.drawer(version(revision, resource))
        part = drawer.get(FIGURES)
        if part is None:
            part = drawer.keep(FIGURES, part_of(self._found(revision, resource).figures))
        return figures_of(part)

    def _found(self, revision: DatasetRevision, resource: str) -> Findings:
        key = version(revision, resource)
        found = self._findings.present(key)
        if found is None:
            # Threads that ask for the same version wait for the first one to check it.
            with self._checking:
                found = self._findings.get(key, lambda: inspected(revision, resource))
        return found


def version(revision: DatasetRevision, resource: str) -> str:
    """What the verdict on a file depends on: the bytes and the rules of it and its neighbours.

    Raises `NotFound`.
    """
    package = revision.package
    own = package.resource(resource)
    concerned = {resource, *(key.resource or resource for key in own.schema.foreign_keys)}
    parts = [
        f"{name} {package.resources[name].fingerprint} {revision.blob(name)}"
        for name in sorted(concerned)
        if name in package.resources
    ]
    return hashlib.sha256("\n".join([FIGURES, MADE_BY, resource, *parts]).encode()).hexdigest()
