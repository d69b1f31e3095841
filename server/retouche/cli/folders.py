"""Data package folders on this disk: read as packages, written once, and told from one another.

Only files inside the folder are read; what a descriptor names cannot lead outside.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from retouche.core.errors import BadDataset, NotFound
from retouche.core.package import DESCRIPTOR, Package, Resource, safe_path
from retouche.services.following.tips import check_usable
from retouche.services.widget_checks import (
    OUTLINES,
    OUTLINES_END,
    WIDGET_END,
    WIDGETS,
    check_views,
)

TABLES = (".csv", ".tsv", ".txt")


class Folder:
    """A folder that holds a data package."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._root = path.resolve()

    def read(self, path: str) -> bytes:
        """The bytes of a file of the package. Raises `NotFound`, and `BadDataset` outside."""
        found = (self._root / safe_path(path)).resolve()
        if not found.is_relative_to(self._root):
            raise BadDataset("unsafe_path", path=path[:200])
        try:
            return found.read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise NotFound("unknown_file", path=path[:200], revision=str(self.path))

    def package(self) -> Package:
        """Raises `BadDataset`, also for rules, additions and widgets that cannot be applied."""
        package = Package.read(self.read)
        check_usable(package)
        check_views(package, self.views(), self.read)
        return package

    def views(self) -> list[str]:
        """The files that say how the dataset is shown: widgets, and outlines for their maps."""
        endings = ((WIDGETS, WIDGET_END), (OUTLINES, OUTLINES_END))
        return [
            f"{folder}/{one.name}"
            for folder, end in endings
            for one in sorted((self._root / folder).glob(f"*{end}"))
        ]

    def data(self, resource: Resource) -> bytes:
        """The bytes of a resource. Raises `BadDataset` where its file is missing."""
        try:
            return self.read(resource.path)
        except NotFound:
            raise BadDataset("file_missing", path=resource.path) from None

    @property
    def described(self) -> bool:
        return (self.path / DESCRIPTOR).is_file()

    def names(self) -> list[str]:
        """The files that make the dataset what it is. Raises `BadDataset`."""
        package = self.package()
        schemas = [resource.descriptor.get("schema") for resource in package.resources.values()]
        return [
            DESCRIPTOR,
            *(resource.path for resource in package.resources.values()),
            *(one for one in schemas if isinstance(one, str)),
            *self.views(),
        ]

    def digest(self) -> str:
        """The same for the same description and data, whatever else the folder holds."""
        hashed = hashlib.sha256()
        for name in self.names():
            hashed.update(f"{name}\0".encode() + hashlib.sha256(self.read(name)).digest())
        return hashed.hexdigest()


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write new files; nothing that exists is replaced. Raises `FileExistsError`."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)


def write_durably(path: Path, data: bytes) -> None:
    """Replace a file so that a power cut leaves the old or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def is_table(path: Path) -> bool:
    """Whether the name is that of a CSV file."""
    return path.name.lower().endswith(TABLES)
