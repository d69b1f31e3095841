"""Folders of a revision: find a file, replace files, build anew. Writes only through its store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from retouche.core.edited import Edited
from retouche.core.errors import BadDataset
from retouche.core.package import safe_path
from retouche.forges.objects import FILE, FOLDER, Entry, Kind, decode_tree, encode_tree


class Source(Protocol):
    def load(self, identifier: str, kind: Kind) -> bytes:
        """The bytes of an object that must exist."""
        ...


class Store(Source, Protocol):
    def save(self, kind: Kind, content: bytes | Edited, *, over: str | None = None) -> str:
        """Take an object to be written; give its id. `over` is the one it takes the place of."""
        ...


def name_bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")


def folder(store: Source, tree: str) -> tuple[Entry, ...]:
    return decode_tree(store.load(tree, "tree"))


def find(store: Source, tree: str, path: str) -> Entry | None:
    """The entry at a path; None where there is none. Links are never followed."""
    *above, last = name_bytes(path).split(b"/")
    for part in above:
        entry = _named(folder(store, tree), part)
        if entry is None or not entry.is_folder:
            return None
        tree = entry.id
    return _named(folder(store, tree), last)


def files_at(store: Source, tree: str, paths: Iterable[str]) -> dict[str, str]:
    """The ids of those paths that are regular files. Each folder is read once."""
    folders: dict[str, dict[bytes, Entry]] = {}

    def entry(tree: str, name: bytes) -> Entry | None:
        if tree not in folders:
            folders[tree] = {one.name: one for one in reversed(folder(store, tree))}
        return folders[tree].get(name)

    found: dict[str, str] = {}
    for path in paths:
        at, parts = Entry(FOLDER, b"", tree), name_bytes(path).split(b"/")
        for part in parts:
            inside = entry(at.id, part) if at.is_folder else None
            if inside is None:
                break
            at = inside
        else:
            if at.is_file:
                found[path] = at.id
    return found


def replaced(store: Store, tree: str, files: Mapping[str, bytes | Edited]) -> str:
    """Write the tree with the bytes of some regular files replaced; modes and all else stay.

    Raises `BadDataset` for a path that is hidden, unsafe, not there, a link or a submodule.
    """
    for path in files:
        if any(part.startswith(".") for part in safe_path(path).split("/")):
            raise BadDataset("unsafe_path", path=path[:200])
        entry = find(store, tree, path)
        if entry is None or not entry.is_file:
            raise BadDataset("not_a_regular_file", path=path[:200])
    return _replaced(store, tree, {tuple(path.split("/")): data for path, data in files.items()})


def built(store: Store, files: Mapping[bytes, str]) -> str:
    """Write the folders that hold blobs, given as paths to blob ids; give the tree's id."""
    entries: list[Entry] = []
    below: dict[bytes, dict[bytes, str]] = {}
    for path, blob in files.items():
        name, slash, rest = path.partition(b"/")
        if slash:
            below.setdefault(name, {})[rest] = blob
        else:
            entries.append(Entry(FILE, name, blob))
    entries += [Entry(FOLDER, name, built(store, inner)) for name, inner in below.items()]
    return store.save("tree", encode_tree(entries))


def _replaced(store: Store, tree: str, files: Mapping[tuple[str, ...], bytes | Edited]) -> str:
    """Replace files that are known to be there."""
    entries = {one.name: one for one in folder(store, tree)}
    below: dict[bytes, dict[tuple[str, ...], bytes | Edited]] = {}
    for path, data in files.items():
        name = name_bytes(path[0])
        if len(path) > 1:
            below.setdefault(name, {})[path[1:]] = data
        else:
            entries[name] = replace(entries[name], id=store.save("blob", data))
    for name, inner in below.items():
        entries[name] = replace(entries[name], id=_replaced(store, entries[name].id, inner))
    return store.save("tree", encode_tree(entries.values()), over=tree)


def _named(entries: tuple[Entry, ...], name: bytes) -> Entry | None:
    return next((one for one in entries if one.name == name), None)
