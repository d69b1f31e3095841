"""Proposals: check a correction, remember it durably, and carry it to the forge.

The journal row is written before anything is acknowledged; every later step may be repeated.
To a forge elsewhere the courier carries it, beside requests.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from retouche.core.errors import (
    Conflict,
    ForgeUnavailable,
    Invalid,
    Malformed,
    NoChange,
    NotAllowed,
    RateLimited,
    StorageFull,
    TooLarge,
)
from retouche.core.judging.verdict import verdict
from retouche.core.operations import Patch
from retouche.core.report import Report
from retouche.formats import check_body
from retouche.ports import (
    UNKNOWN_SENDER,
    Clock,
    Event,
    Filters,
    Journal,
    Locks,
    Pending,
    Proposal,
    State,
)
from retouche.services.carrying import carry_over
from retouche.services.courier.call import Caller
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.decisions import Decisions
from retouche.services.findings import error_to_wire, renumbered
from retouche.services.guarding.guard import Door, without_door
from retouche.services.mailing.addresses import check_contributor
from retouche.services.patches import read_patch, to_journal
from retouche.services.requesting.opening import open_request
from retouche.services.territories import touched_territories
from retouche.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A proposal that is understood: what it does to the published revision, and the verdict.

    `origins` gives for each operation its index in the request, by which `report` counts;
    `own_report` counts by `operations`.
    """

    base: str
    published: DatasetRevision
    operations: Patch
    origins: tuple[int, ...]
    report: Report
    own_report: Report


class Proposals:
    """All that can be done with proposals short of deciding on them."""

    def __init__(
        self,
        journal: Journal,
        locks: Locks,
        clock: Clock,
        settings: Settings,
        *,
        secret_key: str,
        bell: Caller,
    ) -> None:
        """`bell` calls the courier."""
        self._journal = journal
        self._locks = locks
        self._clock = clock
        self._settings = settings
        self._secret_key = secret_key.encode()
        self._bell = bell
        self.decisions = Decisions(journal, locks, clock, self.carry)

    # -- Checking -------------------------------------------------------------------------

    def validate(self, dataset: Dataset, body: Mapping[str, Any]) -> Checked:
        """Understand and check a proposal's body; writes nothing.

        Raises `Malformed` and the other refusals of `patches.read_patch`, `Conflict` when
        published cells differ from what the contributor saw, `NoChange`.
        """
        self._check_count(body)
        check_body("proposal", body)
        _check_source(body.get("source"))
        check_contributor(body.get("contributor"))
        project = body.get("project")
        if project and not project["title"].strip():
            raise Malformed("empty_value", pointer="/project/title")
        wanted = body["operations"]
        published = dataset.at()
        base = dataset.at(body["base_revision"]) if body.get("base_revision") else published
        patch = read_patch(wanted, base, max_cell=self._settings.max_cell)
        if not patch.operations:
            raise NoChange(pointer="/operations")
        carried = carry_over(patch.operations, base=base, onto=published)
        if carried.conflicts:
            raise Conflict(carried.conflicts)
        if not carried.operations:
            raise NoChange("already_published", pointer="/operations")
        operations = carried.operations
        origins = tuple(patch.origins[one] for one in carried.origins)
        report = verdict(operations, package=published.package, before=published.snapshots())
        return Checked(
            base=base.commit,
            published=published,
            operations=operations,
            origins=origins,
            report=renumbered(report, origins),
            own_report=report,
        )

    def _check_count(self, body: Any) -> None:
        """Before anything else: the check of the form costs time for every operation."""
        wanted = body.get("operations") if isinstance(body, dict) else None
        limit = self._settings.max_operations
        if isinstance(wanted, list) and len(wanted) > limit:
            raise TooLarge("too_many_operations", pointer="/operations", limit=limit)

    # -- Sending --------------------------------------------------------------------------

    def submit(
        self,
        dataset: Dataset,
        body: Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        door: Door | None = None,
    ) -> Proposal:
        """Check, remember, and carry to the forge.

        What comes from outside comes through the `door`. Gives an *open* proposal, or a *queued*
        one while the forge cannot be reached. Repeating an idempotency key with the same body
        gives the same proposal, whatever the door would say. Raises `Invalid` with the errors,
        `IdempotencyMismatch`, `RateLimited` when too many are open, and the refusals of `validate`
        and of `Door.admit`.
        """
        digest = _digest(body)
        if idempotency_key is not None:
            known = self._journal.find(dataset.name, idempotency_key, digest)
            if known is not None:
                return self._carried(dataset, known)
        if door is not None:
            door.admit(dataset)
        checked = self.validate(dataset, body)
        if not checked.report.valid:
            raise Invalid(checked.report.errors)
        waiting = self._journal.counts(dataset.name)
        limit = self._settings.max_open_proposals
        if waiting.get("open", 0) + waiting.get("queued", 0) >= limit:
            raise RateLimited("too_many_open", limit=limit, retry_after=3600)
        now = self._clock()
        contributor = body.get("contributor") or {}
        project = body.get("project")
        proposal = Proposal(
            id=secrets.token_hex(8),
            dataset=dataset.name,
            state="queued",
            base_revision=checked.base,
            parent=checked.published.commit,
            operations=tuple(
                to_journal(one, checked.published.package) for one in checked.operations
            ),
            warnings=tuple(map(error_to_wire, checked.own_report.warnings)),
            created_at=now,
            updated_at=now,
            comment=body.get("comment") or None,
            source=body.get("source") or None,
            contributor={name: text for name, text in contributor.items() if text} or None,
            locale=body.get("locale") or "fr",
            project=project is not None,
            title=" ".join(project["title"].split()) if project else None,
            territories=touched_territories(checked.operations, checked.published),
            sender=door.sender if door else UNKNOWN_SENDER,
            signs=door.signs(dataset, checked.operations, checked.published.package)
            if door
            else (),
        )
        stored = self._journal.add(proposal, idempotency_key=idempotency_key, body_hash=digest)
        return self._carried(dataset, stored)

    def _carried(self, dataset: Dataset, proposal: Proposal) -> Proposal:
        """What is in the journal is acknowledged: a forge that fails now only delays it."""
        if dataset.remote is not None:
            if proposal.state == "queued":
                self._bell.hand_over(dataset.name, proposal.id)
            return self.get(dataset, proposal.id)
        with self._locks.hold(dataset.name):
            present = self.get(dataset, proposal.id)
            if present.state != "queued":
                return present
            try:
                return self.carry(dataset, present)
            except (ForgeUnavailable, StorageFull):
                return present

    def carry(self, dataset: Dataset, proposal: Proposal) -> Proposal:
        """Put a queued proposal on a forge of ours. The caller holds the dataset's lock."""
        opened = open_request(dataset, proposal, self._settings)
        return self.decisions.opened(proposal, opened)

    # -- Following ------------------------------------------------------------------------

    def get(self, dataset: Dataset, proposal: str) -> Proposal:
        """Raises `NotFound`."""
        return self._journal.get(dataset.name, proposal)

    def page(
        self,
        dataset: Dataset,
        *,
        states: Sequence[State] = (),
        flagged: bool = False,
        project: bool | None = None,
        page: int = 1,
        page_size: int = 20,
    ) -> tuple[Sequence[Proposal], int]:
        """One page of proposals, newest first, and how many there are.

        `flagged` have signs; `project` asks for projects only, or for none of them.
        """
        offset = (page - 1) * page_size
        filters = Filters(states=states, flagged=flagged, project=project)
        return self._journal.page(dataset.name, filters, offset=offset, limit=page_size)

    def touching(
        self, dataset: Dataset, resource: str, key: Sequence[str] | None = None
    ) -> Sequence[Proposal]:
        """Pending proposals on a row."""
        return self._journal.touching(dataset.name, resource, key)

    def pending(
        self, dataset: Dataset, resource: str, keys: Sequence[Sequence[str]] | None, *, limit: int
    ) -> Sequence[Pending]:
        """What queued and open proposals do to rows, or to any of at most `limit` rows."""
        return self._journal.pending(dataset.name, resource, keys, limit=limit)

    def events(self, dataset: Dataset, proposal: str) -> Sequence[Event]:
        return self._journal.events(dataset.name, proposal)

    def counts(self, dataset: Dataset) -> Mapping[str, int]:
        return self._journal.counts(dataset.name)

    def secret(self, proposal: Proposal) -> str:
        """The follow-up secret: derived, so that it need not be kept, and 128 bits long."""
        text = f"follow-up:{proposal.dataset}:{proposal.id}".encode()
        return hmac.new(self._secret_key, text, hashlib.sha256).hexdigest()[:32]

    def is_author(self, proposal: Proposal, secret: str | None) -> bool:
        if not secret:
            return False
        return hmac.compare_digest(secret.encode(), self.secret(proposal).encode())

    def withdraw(self, dataset: Dataset, proposal: str, *, secret: str | None) -> Proposal:
        """Take a proposal back. Raises `NotAllowed`, `Conflict` when it is already decided.

        At a forge elsewhere its merge request is closed later, whatever keeps us from it now.
        """
        if not self.is_author(self.get(dataset, proposal), secret):
            raise NotAllowed("bad_secret")
        if dataset.remote is not None:
            return self._withdraw_elsewhere(dataset, proposal)
        with self._locks.hold(dataset.name):
            present = self.decisions.settled(dataset, self.get(dataset, proposal))
            if present.state == "withdrawn":
                return present
            return self.decisions.close(
                dataset, present, "withdrawn", actor="contributor", decision={}
            )

    def _withdraw_elsewhere(self, dataset: Dataset, proposal: str) -> Proposal:
        with self.decisions.turn(dataset):
            present = self.get(dataset, proposal)
            if present.state == "withdrawn":
                return present
            if present.state not in ("queued", "open"):
                raise Conflict((), "already_decided", state=present.state)
            if present.is_begun:
                self._bell.ring(dataset.name, look=True)
                raise ForgeUnavailable("decision_unsettled")
            withdrawn = self.decisions.withdrawn(present)
        self._bell.ring(dataset.name)
        return withdrawn


def _digest(body: Any) -> str:
    """The same for the same proposal, whatever was said to the door with it."""
    said = without_door(body) if isinstance(body, Mapping) else body
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _check_source(source: str | None) -> None:
    """A source is an address that a reviewer can follow, or plain words. Raises `Malformed`."""
    if source and "://" in source and not source.lower().startswith(("http://", "https://")):
        raise Malformed("bad_source", pointer="/source")
