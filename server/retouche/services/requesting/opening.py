"""The merge request of a proposal: one commit, one branch, and the words that go with it.

Nothing is written in the journal here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeAlias

import structlog

from retouche.core.edited import Edited
from retouche.core.operations import Patch
from retouche.ports import Opened, Proposal, RequestText
from retouche.services.carrying import files_after
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.impact.report import ImpactReport
from retouche.services.messages import proposal_message
from retouche.services.patches import operations_of
from retouche.services.requesting.impact import impact_part
from retouche.services.requesting.text import request_text
from retouche.settings import Settings

Weigh: TypeAlias = Callable[[DatasetRevision, DatasetRevision], ImpactReport]
"""Tells what changes in the indicators between two revisions of a dataset."""

PATIENCE = 5.0
"""Seconds that a merge request waits for its impact; it goes without one after that."""
LOG = structlog.get_logger()


def open_request(
    dataset: Dataset, proposal: Proposal, settings: Settings, weigh: Weigh | None = None
) -> Opened:
    """Put a proposal on its forge.

    May be repeated: the same proposal gives the same commit, and what exists is adopted.
    """
    parent = dataset.at(proposal.parent)
    operations = operations_of(proposal, parent.package)
    files = files_after(operations, parent, limit=settings.max_file)
    message = proposal_message(proposal.id, operations)
    report = None
    if dataset.remote is not None and weigh is not None:
        report = _weighed(dataset, proposal, parent, files, message, weigh)
    opened = dataset.forge.open(
        proposal.id,
        parent=proposal.parent,
        files=files,
        message=message,
        time=proposal.created_at,
        text=_text(dataset, proposal, operations, parent, settings, report),
    )
    for content in files.values():
        parent.succeeded(content)
    return opened


def _weighed(
    dataset: Dataset,
    proposal: Proposal,
    parent: DatasetRevision,
    files: Mapping[str, Edited],
    message: str,
    weigh: Weigh,
) -> ImpactReport | None:
    """The impact of a proposal, when it is known soon. Nothing of it keeps the proposal."""
    if not parent.package.extension.get("indicators"):
        return None
    found: SimpleQueue[ImpactReport | None] = SimpleQueue()

    def work() -> None:
        try:
            commit = dataset.forge.commit(
                parent=parent.commit, files=files, message=message, time=proposal.created_at
            )
            found.put(weigh(parent, dataset.at(commit)))
        except Exception:  # the merge request goes without it
            LOG.exception("not_weighed", dataset=dataset.name, proposal=proposal.id)
            found.put(None)

    Thread(target=work, name="weighing", daemon=True).start()
    try:
        return found.get(timeout=PATIENCE)
    except Empty:
        LOG.warning("not_weighed", dataset=dataset.name, proposal=proposal.id, seconds=PATIENCE)
        return None


def _text(
    dataset: Dataset,
    proposal: Proposal,
    operations: Patch,
    parent: DatasetRevision,
    settings: Settings,
    report: ImpactReport | None,
) -> RequestText | None:
    if dataset.remote is None:  # a forge of ours shows no text
        return None
    return request_text(
        proposal,
        operations,
        parent,
        base_url=settings.base_url,
        locale=dataset.locale,
        impact=None if report is None else impact_part(report, dataset.locale),
    )
