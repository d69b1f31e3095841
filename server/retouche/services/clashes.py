"""Which open proposals clash with what was just published on a forge of ours."""

from __future__ import annotations

from dataclasses import replace

from retouche.core.errors import RetoucheError
from retouche.core.operations import Update
from retouche.ports import Journal, Proposal
from retouche.services.carrying import carry_over
from retouche.services.datasets import Dataset
from retouche.services.decisions import Decisions
from retouche.services.patches import from_wire, operations_of


def flag_others(
    dataset: Dataset, accepted: Proposal, journal: Journal, decisions: Decisions
) -> None:
    """Mark the open proposals that now clash, and those that no longer do."""
    published = dataset.at()
    for other in _on_same_rows(dataset, accepted, journal):
        base = dataset.at(other.parent)
        operations = operations_of(other, base.package)
        try:
            clash = bool(carry_over(operations, base=base, onto=published).conflicts)
        except RetoucheError:  # its row or resource is gone: what was published stays so
            clash = True
        if clash != other.conflicted:
            decisions.record(replace(other, conflicted=clash), "conflicted")


def _on_same_rows(dataset: Dataset, accepted: Proposal, journal: Journal) -> list[Proposal]:
    parent = dataset.at(accepted.parent)
    others: dict[str, Proposal] = {}
    for item in accepted.operations:
        one = from_wire(item, parent.package)
        keys = {one.key}
        if isinstance(one, Update):
            schema = parent.package.resource(one.resource).schema
            keys.add(schema.key_after(one.key, one.new) or one.key)
        for key in keys:
            for other in journal.touching(dataset.name, one.resource, key):
                others[other.id] = other
    return list(others.values())
