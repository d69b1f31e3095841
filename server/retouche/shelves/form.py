"""How a part lies in a file: a prefix with a checksum, a header in JSON, arrays one after another.

Reads and writes one open file; knows no folder, and trusts nothing that it reads.
"""

from __future__ import annotations

import json
import mmap
import os
import resource
import struct
import zlib
from collections.abc import Iterator
from threading import Lock
from typing import Any
from weakref import WeakSet

import numpy as np

from retouche.core.edited import Data
from retouche.core.parts import Part

VERSION = 1
MAGIC = b"RETOUCHE"
PREFIX = struct.Struct("<8sIIQI4x")
"""Magic, format version, length of the header, size of the file, checksum of all else."""
ALIGNED = 64
SMALL = 1 << 16
"""Bytes below which a file is read rather than mapped: a mapping costs a descriptor."""
SHARE = 4
"""Of the descriptors that a process may have, the part that mappings may take: with none left
neither a connection could be taken nor git be asked."""
KINDS = "biuf"
_MAPPED = WeakSet[mmap.mmap]()
_GUARD = Lock()


class Damaged(Exception):
    """A file is not what was written."""


def write(descriptor: int, name: str, part: Part) -> int:
    """Write a part to a new file; give its size. Raises `OSError`."""
    arrays = {key: np.ascontiguousarray(one) for key, one in part.arrays.items()}
    described = [[key, one.dtype.str, list(one.shape)] for key, one in arrays.items()]
    header = json.dumps({"name": name, "arrays": described, "meta": dict(part.meta)}).encode()
    pieces: list[bytes | memoryview] = [header]
    size = PREFIX.size + len(header)
    for one in arrays.values():
        padding = bytes(-size % ALIGNED)
        pieces.append(padding)
        size += len(padding) + one.nbytes
        if one.nbytes:
            pieces.append(one.reshape(-1).view(np.uint8).data)
    checksum = zlib.crc32(PREFIX.pack(MAGIC, VERSION, len(header), size, 0))
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
    write_all(descriptor, PREFIX.pack(MAGIC, VERSION, len(header), size, checksum))
    for piece in pieces:
        write_all(descriptor, piece)
    return size


def read(descriptor: int, name: str, *, place: str, sound: bool) -> Part:
    """The part in a file; `sound` when it was found whole before. Raises `Damaged`."""
    data = view(descriptor)
    if not sound:
        _check(data)
    _, _, length, _, _ = PREFIX.unpack(data[: PREFIX.size])
    header = json.loads(data[PREFIX.size : PREFIX.size + length])
    if header["name"] != name:
        raise Damaged
    arrays = dict(_arrays(data, header["arrays"], PREFIX.size + length))
    return Part(arrays, header["meta"], place=place, mapped=isinstance(data, mmap.mmap))


def view(descriptor: int) -> Data:
    """All bytes of a file: mapped when there are many, and not too many files are mapped."""
    size = os.fstat(descriptor).st_size
    if size < SMALL or _are_many_mapped():
        return _read(descriptor, size)
    mapped = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    with _GUARD:
        _MAPPED.add(mapped)
    return mapped


def _are_many_mapped() -> bool:
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return most != resource.RLIM_INFINITY and len(_MAPPED) * SHARE >= most


def _read(descriptor: int, size: int) -> bytes:
    content = bytearray()
    while len(content) < size and (more := os.pread(descriptor, size - len(content), len(content))):
        content += more
    return bytes(content)


def write_all(descriptor: int, piece: bytes | memoryview) -> None:
    left = memoryview(piece)
    while left:
        left = left[os.write(descriptor, left) :]


def _check(data: Data) -> None:
    """Raise `Damaged` unless every byte is as it was written by this version of the form."""
    if len(data) < PREFIX.size:
        raise Damaged
    magic, version, length, size, checksum = PREFIX.unpack(data[: PREFIX.size])
    if magic != MAGIC or version != VERSION or size != len(data):
        raise Damaged
    found = zlib.crc32(PREFIX.pack(magic, version, length, size, 0))
    with memoryview(data) as whole, whole[PREFIX.size :] as rest:
        found = zlib.crc32(rest, found)
    if found != checksum or data[PREFIX.size - 4 : PREFIX.size] != bytes(4):
        raise Damaged


def _arrays(data: Data, described: list[Any], at: int) -> Iterator[tuple[str, Any]]:
    for key, kind, shape in described:
        dtype = np.dtype(kind)
        if dtype.kind not in KINDS:
            raise Damaged
        count = int(np.prod(shape, dtype=np.int64))
        at += -at % ALIGNED
        if count:
            found = np.frombuffer(data, dtype, count, at).reshape(shape)
        else:
            found = np.empty(shape, dtype)
            found.flags.writeable = False
        yield key, found
        at += count * dtype.itemsize
