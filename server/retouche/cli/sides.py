"""The two sides of a comparison: a file on the disk or at a revision, with its schema.

The schema is that of the data package around the file; a lone file is read as `init` would.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from retouche.cli.checkout import Checkout
from retouche.cli.folders import Folder
from retouche.cli.terminal import Refusal, doubts
from retouche.core.dialect import Dialect
from retouche.core.errors import NotFound
from retouche.core.guessing.inference import infer
from retouche.core.guessing.sniffing import sniff
from retouche.core.package import DESCRIPTOR, Package, Resource
from retouche.core.schema import Schema
from retouche.core.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One version of a file. `resource` is None for a file outside any data package."""

    name: str
    data: bytes
    resource: Resource | None

    def table(self, dialect: Dialect | None = None) -> Table:
        """The parsed file. Raises `UnreadableFile`, and refuses to guess a doubtful dialect."""
        if self.resource is not None:
            return Table.parse(self.data, self.resource.dialect)
        if dialect is None:
            sniffed = sniff(self.data)
            if not sniffed.certain:
                raise Refusal("unsure", path=self.name, doubts=doubts(sniffed.doubts))
            dialect = sniffed.dialect
        return Table.parse(self.data, dialect)


def side(text: str) -> Side:
    """Read `PATH`, or `REV:PATH` where no file is called so."""
    path = Path(text)
    if path.exists() or ":" not in text:
        return _on_disk(path)
    revision, _, inside = text.partition(":")
    checkout = Checkout.required(Path.cwd())
    commit = checkout.commit(revision)
    if inside.startswith("./"):  # as git has it: from here, not from the root
        inside = str(PurePosixPath(checkout.relative(Path.cwd())) / inside[2:])
    try:
        data = checkout.read(commit, inside)
    except NotFound:
        raise Refusal("no_such_path", path=text) from None
    return Side(name=text, data=data, resource=_resource_at(checkout, commit, inside))


def resource_of(path: Path) -> Resource | None:
    """The resource that a file on the disk is, by the nearest data package above it."""
    for folder in path.resolve().parents:
        if (folder / DESCRIPTOR).is_file():
            return _named(Folder(folder).package(), path.resolve().relative_to(folder).as_posix())
    return None


def lone_schema(table: Table) -> Schema:
    """The schema that `init` would propose: enough to tell rows apart."""
    inferred = infer(table.header, table.columns(range(len(table.header))))
    return Schema.from_descriptor(inferred.schema)


def _on_disk(path: Path) -> Side:
    if not path.is_file():
        raise Refusal("no_such_path", path=path)
    return Side(name=str(path), data=path.read_bytes(), resource=resource_of(path))


def _resource_at(checkout: Checkout, commit: str, path: str) -> Resource | None:
    for folder in PurePosixPath(path).parents:
        name = "" if str(folder) == "." else str(folder)
        package = checkout.package(commit, name)
        if package is not None:
            return _named(package, str(PurePosixPath(path).relative_to(folder)))
    return None


def _named(package: Package, path: str) -> Resource | None:
    return next((one for one in package.resources.values() if one.path == path), None)
