"""No more mails about a proposal: its address is erased, and with it all that could write to it."""

from __future__ import annotations

from dataclasses import replace

from retouche.ports import Journal, Locks, Proposal
from retouche.services.datasets import Dataset


def stop_mails(dataset: Dataset, proposal: str, journal: Journal, locks: Locks) -> Proposal:
    """Erase the mail address of a proposal. Again does nothing more. Raises `NotFound`.

    The keyed hash of the address stays until the retention period ends: without it, whoever sent
    the proposal could begin anew as often as they like.
    """
    with locks.hold(dataset.name):
        present = journal.get(dataset.name, proposal)
        given = dict(present.contributor or {})
        if given.pop("email", None) is None:
            return present
        stopped = replace(present, contributor=given or None)
        journal.update(stopped)
        return stopped
