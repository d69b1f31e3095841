"""Following a forge elsewhere: what it has is fetched and served; what became of proposals is told.

The forge is the truth and webhooks are hints: each round reads what is there, so that rounds may
be repeated, and what happened between two of them may have come in any order. No lock is held
over the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from retouche.core.errors import ForgeRefused, NotFound
from retouche.ports import (
    Clock,
    Journal,
    Locks,
    Outlook,
    Proposal,
    RequestState,
    Watch,
)
from retouche.services.datasets import Dataset
from retouche.services.decisions import Decisions, undecided
from retouche.services.following.notes import UpstreamNotes
from retouche.services.following.remaking import Remaking, would_remake
from retouche.services.following.rounds import SWEEP, Memory, Round, alone
from retouche.services.following.serving import Serving
from retouche.services.following.sightings import Sightings
from retouche.services.following.transitions import is_within
from retouche.settings import Settings

OVERLAP = timedelta(minutes=10)
"""What a reading takes in of the time before the last: clocks differ, and searches lag."""
REMADE = 200
"""Proposals that are made anew in one round; the others are in the next ones."""
HINTS = 20
"""Merge requests that deliveries name and no list has, read in one round."""
LOOKS = 2_000
"""Proposals that are held against what is published in one round."""


class Following:
    """Brings datasets, and what is known of their proposals, to what their forges have."""

    def __init__(
        self,
        journal: Journal,
        watch: Watch,
        decisions: Decisions,
        locks: Locks,
        clock: Clock,
        settings: Settings,
    ) -> None:
        self._journal = journal
        self._watch = watch
        self._decisions = decisions
        self._locks = locks
        self._clock = clock
        self._settings = settings
        self._remaking = Remaking(journal, decisions, locks, settings)
        self._sightings = Sightings(journal, self._remaking, clock, settings)
        self._serving = Serving(journal, watch, decisions, locks)
        self._notes = UpstreamNotes(journal, watch, decisions, locks)
        self._memories: dict[str, Memory] = {}

    def follow(self, dataset: Dataset, *, full: bool = False) -> None:
        """Do one round: a dataset is followed by one thread at a time.

        `full` looks at all merge requests, as the first round of a process does. Raises
        `ForgeUnavailable`: what was not reached is looked at in the next round.
        """
        remote = dataset.remote
        if remote is None:
            return
        memory = self._memories.setdefault(dataset.name, Memory())
        started = self._clock()
        outlook = self._watch.outlook(dataset.name)
        full = full or memory.heads is None or _is_due(outlook, started)
        fetched = self._serving.serve(dataset, remote)
        here = Round(
            dataset=dataset,
            remote=remote,
            memory=memory,
            fetched=fetched,
            published=remote.published(),
            full=full,
        )
        self._look(here, since=None if full else outlook.polled_at)
        self._put_back(here)
        self._hold_against(here)
        memory.heads, memory.doubtful = fetched.heads, here.doubtful
        memory.astray = here.astray
        self._note(here, started)

    def _look(self, here: Round, *, since: datetime | None) -> None:
        """Look at the merge requests that changed since, and at those that are in doubt."""
        doubtful, listed = self._doubtful(here), set[str]()
        changed = list(here.remote.requests(since=since and since - OVERLAP))
        for state in chain(changed, self._hinted(here, {one.number for one in changed})):
            with alone(here, state.proposal):
                if self._request(here, state):
                    listed.add(state.proposal)
        if here.full:  # those that a whole list leaves out are there no more
            known = undecided(self._journal, here.dataset.name)
            doubtful |= {one.id for one in known if one.state == "open"}
        for identifier in sorted(doubtful - listed):
            with alone(here, identifier):
                self._reread(here, identifier)

    def _hinted(self, here: Round, listed: set[int]) -> Iterator[RequestState]:
        """Merge requests that deliveries name and the list leaves out: its clock is not ours."""
        deliveries = self._watch.deliveries(here.dataset.name)
        named = {one.number: None for one in deliveries if one.number is not None}
        for number in [one for one in named if one not in listed][:HINTS]:
            with suppress(NotFound, ForgeRefused):  # not there, or not one of a proposal
                yield here.remote.request(number)

    def _note(self, here: Round, started: datetime) -> None:
        """Note when the round began, and what only a full one asks for."""
        present = self._watch.outlook(here.dataset.name)
        noted = replace(present, polled_at=started)
        if here.full:
            end = here.remote.token_end()
            noted = replace(noted, swept_at=started, token_ends=end.isoformat() if end else None)
        self._watch.note_outlook(noted)

    # -- Merge requests ---------------------------------------------------------------------

    def _doubtful(self, here: Round) -> set[str]:
        """Proposals to be read one by one: their branch moved, or something is left open."""
        memory, name = here.memory, here.dataset.name
        found = memory.doubtful | {one.id for one in self._journal.unfinished(name)}
        old, new = memory.heads or {}, here.fetched.heads
        for identifier in {one for one, _ in old.items() ^ new.items()} - found:
            with suppress(NotFound):  # a branch of somebody else
                proposal = self._journal.get(name, identifier)
                seen = new.get(identifier), proposal.upstream.branch_deleted
                if proposal.state == "open" and seen != (proposal.head, False):
                    found.add(identifier)
        return found

    def _request(self, here: Round, state: RequestState) -> bool:
        """Look at a merge request of a list, which may be older than what is known by now.

        Tells whether it is the one of a proposal.
        """
        try:
            proposal = self._journal.get(here.dataset.name, state.proposal)
        except NotFound:
            return False  # a branch of somebody else
        if proposal.state == "queued":
            here.doubtful.add(proposal.id)  # who carries it finds it there
            return True
        if next(self._sightings.steps(here, proposal, state), None) is not None:
            state = here.remote.request(state.number)
            self._take(here, proposal, state)
        elif state.state == "merged" and proposal.state == "open":
            # It is published when what was published with it is no longer held back.
            here.doubtful.add(proposal.id)
        self._notes.read(here.dataset, here.remote, state)
        return proposal.number == state.number

    def _reread(self, here: Round, identifier: str) -> None:
        try:
            proposal = self._journal.get(here.dataset.name, identifier)
        except NotFound:
            return
        if proposal.state == "queued":
            here.doubtful.add(identifier)  # what became of it may be older than its opening
            return
        if proposal.number is None:
            return
        try:
            state = here.remote.request(proposal.number)
        except NotFound:  # somebody deleted it
            state = RequestState(
                number=proposal.number,
                proposal=identifier,
                url=proposal.merge_request_url,
                state="closed",
                head=None,
                target=here.branch,
                notes=proposal.upstream.notes,
            )
        if state.proposal == identifier:
            self._take(here, proposal, state)
            self._notes.read(here.dataset, here.remote, state)

    def _take(self, here: Round, proposal: Proposal, state: RequestState) -> None:
        """Write down what became of a proposal, unless it was changed since it was looked at."""
        merged_other = state.state == "merged" and state.head not in (None, proposal.head)
        if merged_other and proposal.state != "accepted":
            here.remote.recall(state.number)
        found = list(self._sightings.steps(here, proposal, state))
        if not found:
            if proposal.state == "open" and (state.state == "merged" or proposal.is_begun):
                here.doubtful.add(proposal.id)
            return
        with self._locks.hold(here.dataset.name):
            if self._journal.get(here.dataset.name, proposal.id) != proposal:
                here.doubtful.add(proposal.id)
                return
            for step in found:
                self._decisions.record(
                    step.proposal, step.kind, actor=step.actor, **dict(step.detail)
                )
        if found[-1].proposal.state == "open":
            here.memory.waiting.add(proposal.id)

    # -- Proposals against what is published ------------------------------------------------

    def _hold_against(self, here: Round) -> None:
        """Mark and make anew what the published version changed for; a part of it if it is much."""
        memory, dataset = here.memory, here.dataset
        memory.waiting |= self._touched(here)
        memory.published = here.published
        remade = 0
        for identifier in sorted(memory.waiting)[:LOOKS]:
            if remade >= REMADE:
                break
            done = True
            with alone(here, identifier):
                proposal = self._journal.get(dataset.name, identifier)
                standing = self._remaking.mark(dataset, proposal)
                proposal = self._journal.get(dataset.name, identifier)
                if standing is None:  # it is not there yet, or something is about to be decided
                    done = proposal.state not in ("queued", "open")
                elif would_remake(proposal, standing):
                    done = self._is_free(dataset)
                    remade += done and self._remaking.remake(dataset, proposal, standing)
            if done:
                memory.waiting.discard(identifier)

    def _put_back(self, here: Round) -> None:
        """Have proposals whole again of which an acceptance that came to nothing left a part."""
        for identifier, head in here.parts.items():
            with alone(here, identifier):
                proposal = self._journal.get(here.dataset.name, identifier)
                if self._is_free(here.dataset) and not proposal.is_begun:
                    self._remaking.put_back(here.dataset, proposal, head)
                else:
                    here.doubtful.add(identifier)

    def _is_free(self, dataset: Dataset) -> bool:
        """Whether nobody is deciding: a branch must not be moved under a reviewer's hand."""
        with self._locks.attempt(dataset.name, seconds=0) as free:
            return free

    def _touched(self, here: Round) -> set[str]:
        """Open proposals that touch a file which is another one by now."""
        old, dataset = here.memory.published, here.dataset
        if old == here.published:
            return set()
        if old is None or not is_within(dataset, old, here.published):
            return {one.id for one in undecided(self._journal, dataset.name)}
        before, after = dataset.at(old), dataset.at(here.published)
        names = {*before.package.resources, *after.package.resources}
        if before.package is after.package:
            paths = {one.path: name for name, one in after.package.resources.items()}
            blobs = dataset.forge.blobs(old, paths).items()
            same = blobs & dataset.forge.blobs(here.published, paths).items()
            names -= {paths[path] for path, _ in same}
        return {one.id for name in names for one in self._journal.touching(dataset.name, name)}


def _is_due(outlook: Outlook, now: datetime) -> bool:
    """Whether all merge requests are to be read: also when the clock was put back, which must not
    hide what changed since."""
    polled, swept = outlook.polled_at, outlook.swept_at
    if polled is None or swept is None or polled > now:
        return True
    return not timedelta(0) <= now - swept < SWEEP
