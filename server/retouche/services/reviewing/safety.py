"""Whether a proposal is trivial and safe: may be accepted beside others at one look.

Nothing unusual, in conflict, wrong or warned of; a few plain cells of one resource. What names a
row, places it, or leads a reader elsewhere is looked at on its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retouche.core.package import Package, Resource
from retouche.core.schema import Field
from retouche.ports import Proposal
from retouche.services.presentation import Presented

MOST_CELLS = 3
LEADING = frozenset({"link", "mail", "image"})
"""What a field is displayed as when its cells lead a reader elsewhere."""
FORMATS = frozenset({"uri", "email"})
SIGNS_OF_LINKS = ("://", "@", "www.")


def is_trivial(proposal: Proposal, package: Package) -> bool:
    """Whether what is written down of an open proposal has nothing against it.

    What is published is not asked: see `is_safe`.
    """
    unusual = proposal.signs or proposal.warnings or proposal.conflicted or proposal.project
    if proposal.state != "open" or unusual or proposal.is_begun or proposal.upstream.edited:
        return False
    resources = {str(one.get("resource")) for one in proposal.operations}
    if len(resources) != 1 or not resources <= package.resources.keys():
        return False
    cells = 0
    for operation in proposal.operations:
        if operation["op"] != "update":
            return False
        cells += len(operation["new"])
        resource = package.resources[str(operation["resource"])]
        if not all(_is_plain(resource, name, cell) for name, cell in _values(operation)):
            return False
    return 0 < cells <= MOST_CELLS


def is_safe(proposal: Proposal, presented: Presented, package: Package) -> bool:
    """Whether nothing speaks against it, held against what is published too."""
    moved = any(cell.moved for one in presented.operations for cell in one.cells)
    quiet = presented.mergeable and not presented.warnings and not moved
    return quiet and is_trivial(proposal, package)


def _values(operation: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each cell that is changed, as it was and as it would be."""
    old = operation.get("old") or {}
    new = operation["new"]
    return [(name, value or "") for side in (old, new) for name, value in side.items()]


def _is_plain(resource: Resource, name: str, cell: str) -> bool:
    schema = resource.schema
    field = schema.by_name.get(name)
    if field is None or name in schema.primary_key or name in (resource.geo or ()):
        return False
    return not _leads(field) and not any(one in cell.lower() for one in SIGNS_OF_LINKS)


def _leads(field: Field) -> bool:
    return (
        field.type in ("geopoint", "geojson")
        or field.display.get("as") in LEADING
        or field.descriptor.get("format") in FORMATS
    )
