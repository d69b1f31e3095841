"""The merge request of a proposal: one commit, one branch, and the words that go with it.

Nothing is written in the journal here.
"""

from __future__ import annotations

from retouche.core.operations import Patch
from retouche.ports import Opened, Proposal, RequestText
from retouche.services.carrying import files_after
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.messages import proposal_message
from retouche.services.patches import operations_of
from retouche.services.requesting.text import request_text
from retouche.settings import Settings


def open_request(dataset: Dataset, proposal: Proposal, settings: Settings) -> Opened:
    """Put a proposal on its forge.

    May be repeated: the same proposal gives the same commit, and what exists is adopted.
    """
    parent = dataset.at(proposal.parent)
    operations = operations_of(proposal, parent.package)
    files = files_after(operations, parent, limit=settings.max_file)
    opened = dataset.forge.open(
        proposal.id,
        parent=proposal.parent,
        files=files,
        message=proposal_message(proposal.id, operations),
        time=proposal.created_at,
        text=_text(dataset, proposal, operations, parent, settings),
    )
    for content in files.values():
        parent.succeeded(content)
    return opened


def _text(
    dataset: Dataset,
    proposal: Proposal,
    operations: Patch,
    parent: DatasetRevision,
    settings: Settings,
) -> RequestText | None:
    if dataset.remote is None:  # a forge of ours shows no text
        return None
    return request_text(
        proposal, operations, parent, base_url=settings.base_url, locale=dataset.locale
    )
