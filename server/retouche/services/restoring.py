"""What a power cut took from a forge of ours is made anew: the journal keeps the edits themselves.

Where writes are durable when the disk says so, there is nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from retouche.core.errors import ForgeUnavailable
from retouche.ports import Journal, Proposal
from retouche.services.carrying import files_after
from retouche.services.datasets import Dataset
from retouche.services.messages import proposal_message
from retouche.services.patches import operations_of
from retouche.settings import Settings

BATCH = 500
"""Proposals that are read from the journal at a time."""


@runtime_checkable
class Restorable(Protocol):
    """A forge whose refs are ours alone."""

    def restore(self, proposal: str, *, number: int, head: str, is_open: bool) -> None:
        """Make the refs of a proposal anew where they are gone; those that are there stay."""
        ...


def restore(dataset: Dataset, journal: Journal, settings: Settings) -> list[str]:
    """Give each proposal its merge request back, and each open one its commit and its branch.

    Gives a line for each that could not be restored; none stops the others. The caller holds the
    dataset's lock.
    """
    failures: list[str] = []
    forge = dataset.forge
    if not isinstance(forge, Restorable):
        return failures
    for proposal in _all(journal, dataset.name):
        if proposal.head is None or proposal.number is None or proposal.erased:
            continue
        is_open = proposal.state == "open"
        try:
            if is_open:
                _commit(dataset, proposal, settings)
            forge.restore(proposal.id, number=proposal.number, head=proposal.head, is_open=is_open)
        except Exception as error:  # each proposal stands alone; the reason is reported
            failures.append(f"{dataset.name} {proposal.id}: {error!r}")
    return failures


def _commit(dataset: Dataset, proposal: Proposal, settings: Settings) -> None:
    """Write the commit of an open proposal again. Raises `ForgeUnavailable` when it is another."""
    parent = dataset.at(proposal.parent)
    operations = operations_of(proposal, parent.package)
    made = dataset.forge.commit(
        parent=proposal.parent,
        files=files_after(operations, parent, limit=settings.max_file),
        message=proposal_message(proposal.id, operations),
        time=proposal.created_at,
    )
    if made != proposal.head:
        raise ForgeUnavailable()


def _all(journal: Journal, dataset: str) -> Iterator[Proposal]:
    offset = 0
    while True:
        found, _ = journal.page(dataset, offset=offset, limit=BATCH)
        yield from found
        if len(found) < BATCH:
            return
        offset += BATCH
