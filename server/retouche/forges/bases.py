"""How a version goes into a pack: as edits of which base, and how that base gets there.

A delta's base must be in the same pack. It is brought there once; then a version costs what was
changed, and reading it never takes git more than some deltas.
"""

from __future__ import annotations

import zlib
from contextlib import suppress

from retouche.core.edited import Edit, Edited
from retouche.forges import deltas
from retouche.forges.drafts import Fresh
from retouche.forges.objects import Kind
from retouche.forges.packfile import BROKEN, LARGEST_DELTA, PackFile
from retouche.forges.packing import Link, PackWriter, is_longer
from retouche.forges.packs import PackFolder

DEEPEST = 40
"""Most deltas that git has to put together to read an object of ours."""
COPIED = 2_000_000_000
"""Most bytes that git has to copy for that: the chains of a big file are shorter."""
MOST_EDITS = 64
"""Most edits of a delta that was put together to shorten a chain."""
LONGEST_DELTA = LARGEST_DELTA * 7 // 8
"""Most bytes that any delta of ours writes, so that it can be read here."""
LONGEST_EDITS = 1 << 18
"""Most bytes that such a delta writes, also where they are few edits."""
LONGEST = 1 << 16
"""Most bytes of one that spares a new base, which would cost a third of the file."""
PLAIN = 4096
"""Up to this size, a version is also tried whole and the shorter way is taken."""


def add(writer: PackWriter, fresh: Fresh, folder: PackFolder) -> None:
    """Add an object to a pack, unless it is there, in the shortest way that is known."""
    if writer.find(fresh.id) is not None:
        return
    if not isinstance(fresh.content, Edited) or not fresh.content.edits:
        writer.add_whole(fresh.id, fresh.kind, bytes(fresh.content))
        return
    way = _way(writer, fresh.content, fresh.kind, folder)
    if way is None or _is_better_whole(fresh.content, *way):
        writer.add_whole(fresh.id, fresh.kind, bytes(fresh.content))
    else:
        writer.add_delta(fresh.id, *way)


def cost(content: bytes | Edited, pack: PackFile | None) -> int:
    """About how many bytes a file adds to a pack."""
    if isinstance(content, Edited):
        if pack is not None and pack.index.find(bytes.fromhex(content.base_id)) is not None:
            return 0
        return len(content.base) // 3
    return len(content) // 3


def _way(
    writer: PackWriter, content: Edited, kind: Kind, folder: PackFolder
) -> tuple[Link, tuple[Edit, ...]] | None:
    """An object of the pack and its edits that give the content."""
    if not len(content) or len(content.base) > deltas.LARGEST_BASE:
        return None  # git has no deltas for them
    offset = writer.find(content.base_id)
    if offset is None:
        if kind != "blob":
            return None
        offset = _bring(writer, content, folder)
    try:
        chain = list(writer.links(offset))
    except BROKEN:  # the version is then written whole, and can be read whatever its base can
        return None
    if chain[0].size != len(content.base):
        return None  # what was edited is not what is stored
    return _shortened(chain, content.edits)


def _shortened(chain: list[Link], edits: tuple[Edit, ...]) -> tuple[Link, tuple[Edit, ...]] | None:
    """Edits of the first of a chain or, where that is too long, of one nearer to its end.

    Not always nearer: to whoever has the version before, git pushes the delta as it is stored.
    """
    deepest = max(4, min(DEEPEST, COPIED // (chain[0].size + 1)))
    if len(chain) <= deepest:
        return chain[0], edits
    best = None
    for place, link in enumerate(chain[:-1], 1):
        if link.edits is None:
            break
        base = chain[place]
        edits = deltas.composed(link.edits, edits, base.size)
        is_last = place == len(chain) - 1
        few = len(edits) <= MOST_EDITS and not is_longer(edits, LONGEST_EDITS)
        short = few or (is_last and not is_longer(edits, LONGEST))
        if short and len(chain) - place <= deepest:
            best = base, edits
    return best


def _is_better_whole(content: Edited, base: Link, edits: tuple[Edit, ...]) -> bool:
    size = len(content)
    if size > PLAIN:
        return is_longer(edits, min(size // 2, LONGEST_DELTA))
    delta = zlib.compress(deltas.encoded(edits, base.size))
    return len(zlib.compress(bytes(content), 1)) <= len(delta)


def _bring(writer: PackWriter, content: Edited, folder: PackFolder) -> int:
    """Put the base of a content into the pack: as it is stored elsewhere, or compressed anew."""
    for pack, offset in folder.holding(content.base_id):
        with suppress(*BROKEN):
            return _copied(writer, content.base_id, pack, offset)
    return writer.add_whole(content.base_id, "blob", content.base)


def _copied(writer: PackWriter, identifier: str, pack: PackFile, offset: int) -> int:
    with pack.opened() as descriptor:
        *above, root = pack.chain(descriptor, offset)
        edits = pack.change(descriptor, above)
        if edits is None or is_longer(edits, LONGEST):
            raise ValueError("not a short change of what is whole")
        name = pack.index.id_at(root.offset)[0].hex()
        base = writer.find(name)
        if base is None:
            base = writer.add_copy(name, pack, descriptor, root)
    if not above:
        return base
    return writer.add_delta(identifier, next(writer.links(base)), edits)
