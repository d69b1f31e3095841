"""What of a forge elsewhere is served: its tip, once that is fit for it.

A version that is not is held back, and the last good one stays.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from retouche.core.errors import BadDataset, ForgeUnavailable, RetoucheError, StorageFull
from retouche.ports import Fetched, Journal, Locks, RemoteForge, Watch
from retouche.services.datasets import Dataset
from retouche.services.decisions import Decisions, undecided
from retouche.services.following.keeping import published_or_none
from retouche.services.following.tips import check_tip
from retouche.services.following.transitions import is_within

LOG = structlog.get_logger()


class Serving:
    """Fetches and publishes, notes what all servers serve, and what is held back."""

    def __init__(self, journal: Journal, watch: Watch, decisions: Decisions, locks: Locks) -> None:
        self._journal = journal
        self._watch = watch
        self._decisions = decisions
        self._locks = locks

    def serve(self, dataset: Dataset, remote: RemoteForge) -> Fetched:
        """Fetch, and serve what can be served."""
        while True:
            seen = self._watch.outlook(dataset.name).served
            before = published_or_none(remote)
            fetched = remote.fetch()
            tip = fetched.tip
            if tip is None:
                branch = fetched.branch or dataset.branch
                values = {"branch": branch, "default_branch": fetched.default_branch}
                self._hold(dataset, None, BadDataset("branch_gone", **values))
                return fetched
            if tip == before:
                if seen != tip and not self._watch.note_served(dataset.name, tip, seen=seen):
                    continue
                self._hold(dataset, None, None)
                return fetched
            try:
                check_tip(dataset, tip, published=before)
            except (ForgeUnavailable, StorageFull):
                raise
            except RetoucheError as error:
                self._hold(dataset, tip, error)
                return fetched
            # What another server served last may never have come here.
            last = seen or before
            if last is not None and not is_within(dataset, last, tip):
                self._tell_rewritten(dataset, last, tip)
            with self._locks.hold(dataset.name):
                # A decision may have published more than was fetched: that is not taken back.
                if published_or_none(remote) != before:
                    continue
                if self._watch.note_served(dataset.name, tip, seen=seen):
                    remote.publish(tip)
                    self._hold(dataset, None, None)
                    return fetched

    def _hold(self, dataset: Dataset, tip: str | None, error: RetoucheError | None) -> None:
        """Note why what is there is not served; nothing when it is."""
        present = self._watch.outlook(dataset.name)
        now = replace(
            present,
            held=tip,
            held_reason=error.reason if error else None,
            held_values={
                name: value if isinstance(value, str | int) else str(value)
                for name, value in (error.values if error else {}).items()
                if value is not None
            },
        )
        if now != present:
            self._watch.note_outlook(now)
            if error:
                LOG.warning("held", dataset=dataset.name, commit=tip, reason=error.reason)

    def _tell_rewritten(self, dataset: Dataset, before: str, tip: str) -> None:
        """Tell every undecided proposal, before the new history is served and once."""
        for proposal in undecided(self._journal, dataset.name):
            with self._locks.hold(dataset.name):
                present = self._journal.get(dataset.name, proposal.id)
                events = self._journal.events(dataset.name, proposal.id)
                told = any(
                    one.kind == "history_rewritten" and one.detail.get("tip") == tip
                    for one in events
                )
                if present.state in ("queued", "open") and not told:
                    self._decisions.record(present, "history_rewritten", before=before, tip=tip)
