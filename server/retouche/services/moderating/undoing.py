"""Undo: one proposal that takes back what accepted ones wrote, and overwrites nobody else.

It is a proposal like the others: reviewers decide on it, and it can be undone in its turn.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from retouche.core.errors import (
    ForgeUnavailable,
    Malformed,
    NoChange,
    NotFound,
    StorageFull,
    TooLarge,
)
from retouche.core.messages.moderating import undo_comment
from retouche.core.operations import Patch
from retouche.core.undoing import Kept, Undone, Written, undo
from retouche.ports import Clock, Event, Filters, Journal, Locks, Proposal, Reviewer, Revision
from retouche.services.carrying import files_after
from retouche.services.courier.call import Caller
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.history import History
from retouche.services.moderating.choices import Between, Choice, Listed, SourceOf
from retouche.services.moderating.moderating import Moderating
from retouche.services.moderating.rules import valid
from retouche.services.moderating.taken import parts_of
from retouche.services.patches import to_journal
from retouche.services.proposals import Proposals
from retouche.settings import Settings

TIMES = 5
"""An undo may have so many times the operations of a contributor's proposal."""
PAGE = 500
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an undo would do: `proposals` are taken back, oldest publication first."""

    proposals: tuple[Proposal, ...]
    published: DatasetRevision
    operations: Patch
    kept: tuple[Kept, ...]


class Undoing:
    """Taking back what was accepted."""

    def __init__(
        self,
        proposals: Proposals,
        journal: Journal,
        history: History,
        moderating: Moderating,
        locks: Locks,
        clock: Clock,
        settings: Settings,
        *,
        bell: Caller,
    ) -> None:
        """`bell` calls the courier."""
        self._proposals = proposals
        self._journal = journal
        self._history = history
        self._moderating = moderating
        self._locks = locks
        self._clock = clock
        self._settings = settings
        self._bell = bell

    @property
    def most(self) -> int:
        """How many operations an undo may have."""
        return TIMES * self._settings.max_operations

    # -- Looking ----------------------------------------------------------------------------

    def preview(
        self, dataset: Dataset, choice: Choice, *, progress: Progress | None = None
    ) -> Preview:
        """What would be set back and what not, against what is published now. Writes nothing.

        Raises `NotFound` for a proposal that is not there or whose source is not known,
        `Malformed` for a choice of nothing, `TooLarge` for more operations than `most`.
        """
        published = dataset.at()
        chosen = self._in_order(dataset, self._chosen(dataset, choice, published), published)
        written: dict[str, list[Written]] = {}
        kept: list[Kept] = []
        for place, proposal in enumerate(chosen):
            for one in parts_of(dataset, proposal, published, place=place):
                if one.written is not None:
                    written.setdefault(one.resource, []).append(one.written)
                elif one.unread is not None:
                    kept.append(Kept(why=one.unread, resource=one.resource, key=()))
            if progress is not None:
                progress(place + 1, len(chosen))
        found = [_undone(published, name, parts) for name, parts in sorted(written.items())]
        operations = tuple(operation for one in found for operation in one.operations)
        if len(operations) > self.most:
            raise TooLarge("undo_too_large", count=len(operations), limit=self.most)
        operations, refused = valid(operations, published)
        return Preview(
            proposals=tuple(chosen),
            published=published,
            operations=operations,
            kept=(*dict.fromkeys(kept), *(each for one in found for each in one.kept), *refused),
        )

    # -- Proposing --------------------------------------------------------------------------

    def propose(
        self,
        dataset: Dataset,
        choice: Choice,
        reviewer: Reviewer,
        *,
        locale: str = "fr",
        progress: Progress | None = None,
    ) -> Proposal:
        """Make the proposal, or give the one that does the same and is not decided yet.

        A pause, a block or a full queue do not keep it. Raises as `preview`, and `NoChange`.
        """
        preview = self.preview(dataset, choice, progress=progress)
        if not preview.operations:
            raise NoChange("nothing_to_undo")
        published = preview.published
        files_after(preview.operations, published, limit=self._settings.max_file)
        now = self._clock()
        undone = [one.id for one in preview.proposals]
        proposal = Proposal(
            id=secrets.token_hex(8),
            dataset=dataset.name,
            state="queued",
            base_revision=published.commit,
            parent=published.commit,
            operations=tuple(to_journal(one, published.package) for one in preview.operations),
            created_at=now,
            updated_at=now,
            comment=undo_comment(undone, len(preview.kept), locale),
            locale=locale,
        )
        stored = self._stored(proposal)
        if stored.id == proposal.id:
            detail = {"proposals": undone, "kept": len(preview.kept)}
            event = Event(
                proposal=stored.id, time=now, kind="undo", actor=reviewer.name, detail=detail
            )
            with self._locks.hold(dataset.name):  # others may be carrying it already
                self._journal.update(self._proposals.get(dataset, stored.id), event)
        return self._opened(dataset, stored)

    def _stored(self, proposal: Proposal) -> Proposal:
        """The proposal in the journal, or the undecided one of the same operations.

        The key under which it is written holds a space, which no contributor's may.
        """
        text = json.dumps(proposal.operations, sort_keys=True, default=dict)
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        number = 0
        while True:
            key = f"undo {digest} {number}"
            stored = self._journal.add(proposal, idempotency_key=key, body_hash=digest)
            if stored.id == proposal.id or stored.state in ("queued", "open"):
                return stored
            number += 1

    def _opened(self, dataset: Dataset, proposal: Proposal) -> Proposal:
        """What is in the journal is acknowledged: a forge that fails now only delays it."""
        if dataset.remote is not None:
            if proposal.state == "queued":
                self._bell.hand_over(dataset.name, proposal.id)
            return self._proposals.get(dataset, proposal.id)
        with self._locks.hold(dataset.name):
            present = self._proposals.get(dataset, proposal.id)
            if present.state != "queued":
                return present
            try:
                return self._proposals.carry(dataset, present)
            except (ForgeUnavailable, StorageFull):
                return present

    # -- Which proposals --------------------------------------------------------------------

    def _chosen(
        self, dataset: Dataset, choice: Choice, published: DatasetRevision
    ) -> Sequence[Proposal]:
        match choice:
            case Listed():
                if not choice.proposals:
                    raise Malformed("nothing_chosen_to_undo")
                named = dict.fromkeys(choice.proposals)
                return [self._proposals.get(dataset, one) for one in named]
            case SourceOf():
                proposal = self._proposals.get(dataset, choice.proposal)
                found = self._moderating.of_source(proposal, choice.by)
                if not found:
                    raise NotFound("source_not_known", proposal=proposal.id)
                return found
            case Between():
                if choice.end is not None and choice.end <= choice.start:
                    raise Malformed("range_upside_down")
                return list(self._published_in(dataset, choice, published))

    def _published_in(
        self, dataset: Dataset, choice: Between, published: DatasetRevision
    ) -> Iterator[Proposal]:
        """Accepted proposals whose commits are of a time."""
        within = {
            one.id
            for one in self._revisions(dataset, published.commit)
            if choice.start <= one.time and (choice.end is None or one.time < choice.end)
        }
        offset, total = 0, 1
        while offset < total:
            page, total = self._journal.page(
                dataset.name, Filters(states=("accepted",)), offset=offset, limit=PAGE
            )
            yield from (one for one in page if (one.decision or {}).get("revision") in within)
            offset += PAGE

    def _in_order(
        self, dataset: Dataset, chosen: Sequence[Proposal], published: DatasetRevision
    ) -> list[Proposal]:
        """The accepted ones in the order in which they were published."""
        accepted = [one for one in chosen if one.state == "accepted"]
        wanted = {str((one.decision or {}).get("revision")): one for one in accepted}
        order: dict[str, int] = {}
        for number, one in enumerate(self._revisions(dataset, published.commit)):
            if len(order) == len(wanted):
                break
            if one.id in wanted:
                order[one.id] = number
        # Those that the history does not have are told as such: their order is of no matter.
        return [wanted[one] for one in sorted(wanted, key=lambda one: -order.get(one, 1 << 62))]

    def _revisions(self, dataset: Dataset, commit: str) -> Iterator[Revision]:
        """The published history, newest first."""
        page, total = 1, 1
        while (page - 1) * PAGE < total:
            found, total = self._history.revisions(dataset, commit, page=page, page_size=PAGE)
            yield from (one.revision for one in found)
            page += 1


def _undone(published: DatasetRevision, name: str, parts: Sequence[Written]) -> Undone:
    snapshot = published.snapshot(name)
    return undo(
        parts,
        resource=name,
        table=snapshot.table,
        schema=snapshot.resource.schema,
        index=snapshot.index,
    )
