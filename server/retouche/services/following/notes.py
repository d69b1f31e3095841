"""What people wrote in merge requests, brought to the pages of their proposals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retouche.core.errors import NotFound
from retouche.ports import Journal, Locks, Note, Proposal, RemoteForge, RequestState, Watch
from retouche.services.datasets import Dataset
from retouche.services.decisions import Decisions


class UpstreamNotes:
    """Reads notes when their number is another one than last time."""

    def __init__(self, journal: Journal, watch: Watch, decisions: Decisions, locks: Locks) -> None:
        self._journal = journal
        self._watch = watch
        self._decisions = decisions
        self._locks = locks

    def read(self, dataset: Dataset, remote: RemoteForge, state: RequestState) -> None:
        """Keep the notes of a merge request; an event tells of each new one, without its text.

        The notes are written before the events: what an event tells of is there to be read.
        """
        proposal = self._journal.get(dataset.name, state.proposal)
        if proposal.number != state.number or state.notes == proposal.upstream.notes:
            return
        try:
            notes = remote.notes(state.number)
        except NotFound:
            return
        self._watch.keep_notes(dataset.name, proposal.id, notes)
        with self._locks.hold(dataset.name):
            present = self._journal.get(dataset.name, proposal.id)
            for note in self._new(present, notes):
                self._decisions.record(present, "note", actor=note.author, id=note.id)
            upstream = replace(present.upstream, notes=state.notes)
            self._decisions.record(replace(present, upstream=upstream))

    def _new(self, proposal: Proposal, notes: Sequence[Note]) -> list[Note]:
        events = self._journal.events(proposal.dataset, proposal.id)
        known = {one.detail.get("id") for one in events if one.kind == "note"}
        return [one for one in notes if one.id not in known]
