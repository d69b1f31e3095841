"""Publishing what is accepted of a proposal: carried over, judged, and merged by the forge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from retouche.core.errors import Conflict, Invalid
from retouche.core.judging.verdict import verdict
from retouche.ports import Proposal, Reviewer
from retouche.services.carrying import Carried, files_after
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.decisions import Decisions
from retouche.services.findings import renumbered
from retouche.services.messages import acceptance_message, proposal_message
from retouche.services.patches import operations_of
from retouche.services.reviewing.parts import Parts, Wanted, wanted_of
from retouche.services.reviewing.settlement import settle
from retouche.settings import Settings


class Publishing:
    """What publishes, under the dataset's lock."""

    def __init__(self, decisions: Decisions, settings: Settings) -> None:
        self._decisions = decisions
        self._settings = settings

    def wanted(self, dataset: Dataset, proposal: Proposal, parts: Parts) -> Wanted:
        """What of a proposal is to be published. Raises `Malformed`."""
        package = dataset.at(proposal.parent).package
        operations = operations_of(proposal, package)
        return wanted_of(parts, operations, package=package, now=dataset.at().package)

    def publish(
        self,
        dataset: Dataset,
        proposal: Proposal,
        parts: Parts,
        message: str | None,
        reviewer: Reviewer,
    ) -> Proposal:
        """Publish the parts of an open proposal on what is published now, and write that down.

        Raises what `Review.accept` does; `HeadMoved` also when somebody published meanwhile.
        """
        parent, published = dataset.at(proposal.parent), dataset.at()
        wanted = self.wanted(dataset, proposal, parts)
        carried = self._checked(proposal, wanted, parent, published)
        now = self._decisions.now()
        decision = {
            "by": reviewer.name,
            "message": message or None,
            **wanted.as_kept(),
            "previous": published.commit,
        }

        begun: list[str] = []

        def prepared(commit: str) -> None:
            begun.append(commit)
            self._decisions.begin(proposal, {**decision, "revision": commit})

        files = files_after(carried.operations, published, limit=self._settings.max_file)
        merge: Callable[..., str] = dataset.forge.merge
        if dataset.remote is not None and proposal.upstream.edited:
            merge = partial(dataset.remote.merge, as_it_is=True)
        revision = merge(
            proposal.id,
            published=published.commit,
            head=self._head(dataset, proposal, wanted, parent, now),
            files=files,
            message=acceptance_message(
                proposal.id,
                proposal.number,
                accepted=len(wanted.places),
                of=len(proposal.operations),
                cells=bool(wanted.cells),
            ),
            time=now,
            prepared=prepared,
            reviewer=reviewer,
        )
        if dataset.remote is not None and not begun:  # somebody merged it there before
            raise Conflict((), "already_decided", state="accepted")
        for content in files.values():
            published.succeeded(content)
        return self._decisions.accepted(proposal, {**decision, "revision": revision})

    def _checked(
        self,
        proposal: Proposal,
        wanted: Wanted,
        parent: DatasetRevision,
        published: DatasetRevision,
    ) -> Carried:
        """What is done to what is published. Raises `Conflict`, which is written down too, and
        `Invalid`."""
        try:
            carried = settle(wanted, parent=parent, published=published)
        except Conflict as error:
            if error.conflicts:
                self._decisions.record(replace(proposal, conflicted=True))
            raise
        report = verdict(
            carried.operations, package=published.package, before=published.snapshots()
        )
        if not report.valid:
            places = [wanted.places[one] for one in carried.origins]
            raise Invalid(renumbered(report, places).errors)
        return carried

    def _head(
        self,
        dataset: Dataset,
        proposal: Proposal,
        wanted: Wanted,
        parent: DatasetRevision,
        time: datetime,
    ) -> str:
        """The commit that is merged: the proposal's, or one of a part of it."""
        assert proposal.head is not None  # an open proposal has its commit
        if not wanted.part:
            return proposal.head
        return dataset.forge.commit(
            parent=proposal.parent,
            files=files_after(wanted.operations, parent, limit=self._settings.max_file),
            message=proposal_message(proposal.id, wanted.operations),
            time=time,
        )
