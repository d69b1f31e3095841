"""A proposal on its way to a forge elsewhere: the network first, then a word in the journal.

The dataset's lock is never held while the forge is asked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog

from retouche.core.errors import ForgeRefused, ForgeUnavailable, RetoucheError, StorageFull
from retouche.ports import Clock, Journal, Locks, Proposal
from retouche.services.datasets import Dataset
from retouche.services.decisions import Decisions
from retouche.services.requesting.opening import Weigh, open_request
from retouche.settings import Settings

AGAIN = timedelta(hours=1)
"""When a proposal that was refused is tried again: somebody may have changed the rules."""
LOG = structlog.get_logger()


class Carriage:
    """What is done at a forge elsewhere with our own right. Every step may be repeated.

    Both calls raise `ForgeUnavailable` and `StorageFull` when all of the dataset must wait; what
    keeps one proposal alone is written beside it, and raises nothing.
    """

    def __init__(
        self,
        journal: Journal,
        decisions: Decisions,
        locks: Locks,
        clock: Clock,
        settings: Settings,
        *,
        weigh: Weigh | None = None,
    ) -> None:
        """`weigh` tells the impact of one revision on another, for merge requests."""
        self._journal = journal
        self._decisions = decisions
        self._locks = locks
        self._clock = clock
        self._settings = settings
        self._weigh = weigh

    def carry(self, dataset: Dataset, proposal: Proposal) -> None:
        """Open the merge request of a queued proposal.

        What was withdrawn meanwhile gets its number too, so that it is known what to close.
        """
        try:
            opened = open_request(dataset, proposal, self._settings, self._weigh)
        except ForgeRefused as error:
            self._set_aside(dataset, proposal, error.reason, error.values.get("detail"))
        except (ForgeUnavailable, StorageFull):
            self._note_attempt(dataset, proposal)
            raise
        except RetoucheError as error:
            self._set_aside(dataset, proposal, error.reason)
        except Exception:  # a fault of ours with one proposal does not keep the others
            LOG.exception("not_carried", dataset=dataset.name, proposal=proposal.id)
            self._set_aside(dataset, proposal, "not_carried")
        else:
            with self._locks.hold(dataset.name):
                present = self._journal.get(dataset.name, proposal.id)
                if present.state in ("queued", "withdrawn"):
                    self._decisions.opened(present, opened)

    def close(self, dataset: Dataset, proposal: Proposal) -> None:
        """Close the merge request of a proposal that has ended here, if it has one."""
        try:
            dataset.forge.close(proposal.id)
        except ForgeRefused as error:
            self._set_aside(dataset, proposal, error.reason, error.values.get("detail"))
        except (ForgeUnavailable, StorageFull):
            raise
        except Exception:
            LOG.exception("not_closed", dataset=dataset.name, proposal=proposal.id)
            self._set_aside(dataset, proposal, "not_carried")
        else:
            with self._locks.hold(dataset.name):
                present = self._journal.get(dataset.name, proposal.id)
                if present.is_to_be_closed:
                    self._decisions.ended(present, present.state, present.decision or {})

    def _set_aside(
        self, dataset: Dataset, proposal: Proposal, reason: str, detail: str | None = None
    ) -> None:
        """Write why a proposal is not taken; it is tried again in a while."""
        again = (self._clock() + AGAIN).isoformat()
        told = {"dataset": dataset.name, "proposal": proposal.id, "reason": reason}
        LOG.warning("refused", **told, detail=detail)
        self._note_attempt(dataset, proposal, refused=reason, refused_detail=detail, retry_at=again)

    def _note_attempt(
        self,
        dataset: Dataset,
        proposal: Proposal,
        *,
        refused: str | None = None,
        refused_detail: str | None = None,
        retry_at: str | None = None,
    ) -> None:
        with self._locks.hold(dataset.name):
            present = self._journal.get(dataset.name, proposal.id)
            if present.state != proposal.state:
                return
            upstream = replace(
                present.upstream,
                refused=refused,
                refused_detail=refused_detail,
                retry_at=retry_at,
                attempts=present.upstream.attempts + 1,
            )
            self._decisions.record(replace(present, upstream=upstream))
