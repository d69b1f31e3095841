"""Open proposals held against what is published: marked, or made anew where git would refuse them.

Whatever somebody wrote at the forge is left alone. Must not decide on a proposal. Only those that
touch a file that changed are looked at, so the work grows with the open proposals of that file.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import structlog

from retouche.core.errors import (
    ForgeRefused,
    ForgeUnavailable,
    HeadMoved,
    RetoucheError,
    StorageFull,
)
from retouche.ports import Journal, Locks, Proposal
from retouche.services.carrying import files_after
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.decisions import Decisions
from retouche.services.findings import error_to_wire
from retouche.services.following.distance import Distance
from retouche.services.following.standing import Standing, marks_of, standing_of
from retouche.services.following.transitions import is_within
from retouche.services.messages import proposal_message
from retouche.services.patches import operations_of, to_journal
from retouche.services.requesting.text import conflict_note
from retouche.settings import Settings

LOG = structlog.get_logger()
CONFLICT = "retouche::conflict"
INVALID = "retouche::invalid"


class Remaking:
    """Marks and re-makes open proposals of a dataset, one at a time."""

    def __init__(
        self, journal: Journal, decisions: Decisions, locks: Locks, settings: Settings
    ) -> None:
        self._journal = journal
        self._decisions = decisions
        self._locks = locks
        self._settings = settings
        self._distance = Distance()
        self._within: dict[str, bool] = {}
        self._within_what = ""

    def mark(self, dataset: Dataset, proposal: Proposal) -> Standing | None:
        """Hold a proposal against what is published, and write down and tell how it stands.

        None when it is not open, or was changed meanwhile. The forge is told before the journal
        is: a kill between the two tells it again. Raises `ForgeUnavailable`.
        """
        if proposal.state != "open" or proposal.is_begun:
            return None
        standing = standing_of(dataset, proposal)
        steps = marks_of(proposal, standing)
        if not steps:
            return standing
        self._tell(dataset, proposal, steps[-1][0], standing)
        with self._locks.hold(dataset.name):
            if self._journal.get(dataset.name, proposal.id) != proposal:
                return None
            for changed, kind in steps:
                self._decisions.record(changed, kind)
        return standing

    def remake(self, dataset: Dataset, proposal: Proposal, standing: Standing) -> bool:
        """Put a commit on what is published in the place of the proposal's, where git's own merge
        would not do what ours does; tell whether that was done.

        Raises `ForgeUnavailable`: what was done then is found at the next look.
        """
        remote = dataset.remote
        assert remote is not None  # only proposals at forges elsewhere come here
        published, operations = standing.published, standing.left
        if not would_remake(proposal, standing):
            return False
        assert proposal.head is not None  # an open proposal has its commit
        files = files_after(operations, published, limit=self._settings.max_file)
        if self._is_within(published, proposal.parent) and (
            self._is_far(proposal, published)
            or remote.merges_alike(published=published.commit, head=proposal.head, files=files)
        ):
            return False
        if self._journal.get(dataset.name, proposal.id) != proposal:
            return False
        try:
            head = remote.remake(
                proposal.id,
                replaces=proposal.head,
                parent=published.commit,
                files=files,
                message=proposal_message(proposal.id, operations),
                time=proposal.created_at,
            )
        except HeadMoved:  # somebody wrote to it: that is seen when the branch is looked at
            return False
        for content in files.values():
            published.succeeded(content)
        self._remade(dataset, proposal, remade(proposal, head, standing))
        return True

    def _is_within(self, published: DatasetRevision, commit: str) -> bool:
        """Whether a commit is in the published history: proposals have few parents among them."""
        if self._within_what != published.commit:
            self._within, self._within_what = {}, published.commit
        if commit not in self._within:
            self._within[commit] = is_within(published.dataset, commit, published.commit)
        return self._within[commit]

    def _is_far(self, proposal: Proposal, published: DatasetRevision) -> bool:
        """Whether nothing was published near what a proposal changes: its head is one commit on
        its parent, so that git then merges as we do."""
        parent = published.dataset.at(proposal.parent)
        operations = operations_of(proposal, parent.package)
        return self._distance.is_far(operations, parent=parent, published=published)

    def recognise(
        self, dataset: Dataset, proposal: Proposal, head: str, *, made: bool
    ) -> Proposal | None:
        """What a proposal is with a head that the journal does not know, when it is one of ours.

        A kill, a lost answer, or an acceptance that came to nothing keep a head from the journal.
        The proposal itself when `head` holds only a part of it, None when the head is not ours.
        `made` tells that the mirror knows it as ours; else it must be the very commit that
        re-making gives.
        """
        if proposal.upstream.edited or dataset.remote is None:
            return None
        try:
            commit = next(iter(dataset.forge.revisions(head)))
            if len(commit.parents) != 1 or commit.proposal != proposal.id:
                return None
            standing = standing_of(dataset, proposal, onto=commit.parents[0])
            files = files_after(standing.left, standing.published, limit=self._settings.max_file)
            if not made:
                again = dataset.forge.commit(
                    parent=standing.published.commit,
                    files=files,
                    message=proposal_message(proposal.id, standing.left),
                    time=proposal.created_at,
                )
                return remade(proposal, head, standing) if again == head else None
            blobs = dataset.forge.blobs(head, files)
            changed = set(dataset.remote.changed(commit.parents[0], head))
        except (ForgeUnavailable, StorageFull):
            raise
        except RetoucheError:
            return None
        whole = changed <= files.keys() and blobs == {path: one.id for path, one in files.items()}
        return remade(proposal, head, standing) if whole and not standing.clashes else proposal

    def put_back(self, dataset: Dataset, proposal: Proposal, head: str) -> None:
        """Have the whole of a proposal on its branch again, where `head` holds a part of it."""
        remote = dataset.remote
        assert remote is not None  # only proposals at forges elsewhere come here
        if proposal.state != "open":
            return
        parent = dataset.at(proposal.parent)
        operations = operations_of(proposal, parent.package)
        with suppress(HeadMoved):
            again = remote.remake(
                proposal.id,
                replaces=head,
                parent=proposal.parent,
                files=files_after(operations, parent, limit=self._settings.max_file),
                message=proposal_message(proposal.id, operations),
                time=proposal.created_at,
            )
            if again != proposal.head:
                self._remade(dataset, proposal, replace(proposal, head=again))

    def _remade(self, dataset: Dataset, before: Proposal, after: Proposal) -> None:
        with self._locks.hold(dataset.name):
            if self._journal.get(dataset.name, before.id) == before:
                self._decisions.record(after, "remade", head=after.head, parent=after.parent)

    def _tell(
        self, dataset: Dataset, before: Proposal, after: Proposal, standing: Standing
    ) -> None:
        """Say in the merge request what changed of how its proposal stands."""
        remote, number = dataset.remote, before.number
        assert remote is not None  # only proposals at forges elsewhere come here
        assert number is not None  # an open proposal has its merge request
        told, was = after.upstream.told, before.upstream.told
        labels = {
            CONFLICT: (was is not None, told is not None),
            INVALID: (before.upstream.invalid, after.upstream.invalid),
        }
        add = [name for name, (old, new) in labels.items() if new and not old]
        remove = [name for name, (old, new) in labels.items() if old and not new]
        if add or remove:
            _unless_refused(dataset, lambda: remote.label(number, add=add, remove=remove))
        if told is not None and told != was and standing.conflicts:
            base = self._settings.base_url
            note = conflict_note(
                standing.conflicts,
                standing.published.package,
                locale=dataset.locale,
                url=f"{base}/{dataset.name}/proposals/{before.id}" if base else "",
            )
            _unless_refused(dataset, lambda: remote.say(number, note))


def remade(proposal: Proposal, head: str, standing: Standing) -> Proposal:
    """A proposal whose commit was made anew on another one."""
    package = standing.published.package
    # A warning is told by the place of its operation: what is published already has none.
    places = {origin: place for place, origin in enumerate(_origins(standing))}
    warnings = (
        map(error_to_wire, standing.report.warnings)
        if standing.report
        else (
            {**one, "operation": places.get(one["operation"])}
            for one in proposal.warnings
            if one.get("operation") is None or one["operation"] in places
        )
    )
    return replace(
        proposal,
        head=head,
        parent=standing.published.commit,
        operations=tuple(to_journal(one, package) for one in standing.left),
        warnings=tuple(warnings),
    )


def would_remake(proposal: Proposal, standing: Standing) -> bool:
    """Whether a proposal is one to be made anew: nobody wrote to it, and nothing clashes."""
    seen = proposal.upstream
    if proposal.state != "open" or proposal.is_begun:
        return False
    if seen.edited or seen.branch_deleted or seen.invalid or seen.target is not None:
        return False
    at_home = proposal.parent == standing.published.commit
    return not at_home and not standing.clashes and bool(standing.left)


def _origins(standing: Standing) -> tuple[int, ...]:
    return standing.carried.origins if standing.carried else ()


def _unless_refused(dataset: Dataset, tell: Callable[[], None]) -> None:
    """Telling is a courtesy: a forge that does not take it keeps nobody from the rest."""
    try:
        tell()
    except ForgeRefused as error:
        LOG.warning("not told", dataset=dataset.name, reason=error.reason)
