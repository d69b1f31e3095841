"""Scenarios: projects while they are drafted, by whoever has their address.

One is kept in the journal alone. What it would make of the data is a commit that no ref reaches,
made when it is asked for and always the same, so that it may be dropped at any time.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson

from retouche.core.errors import (
    Conflict,
    HeadMoved,
    IdempotencyMismatch,
    Invalid,
    Malformed,
    NoChange,
    NotFound,
    RateLimited,
    TooLarge,
)
from retouche.core.judging.verdict import verdict
from retouche.core.operations import Patch
from retouche.core.report import Report
from retouche.formats import check_body
from retouche.ports import Clock, Proposal, Scenario, Scenarios
from retouche.services.carrying import files_after
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.findings import renumbered
from retouche.services.guarding.guard import Door
from retouche.services.patches import ReadPatch, read_patch
from retouche.services.proposals import Proposals
from retouche.settings import Settings

MOST_A_DAY = 50
"""Scenarios that one sender may make in a day for a dataset."""
MOST = 5_000
"""Scenarios that a dataset has at most."""
MOST_BYTES = 200_000
"""Bytes of the operations of one, as JSON."""
MOST_COMPARED = 4
KEPT_COMMITS = 1_000
"""Scenarios whose commit a process remembers."""
MESSAGE = "Draft\n"
"""Of its commit: nothing that somebody wrote."""
UNWRITABLE = frozenset({"encoding", "quote"})
"""Rules without which there is no file to look at."""


class Drafting:
    """What can be done with scenarios."""

    def __init__(
        self, memory: Scenarios, proposals: Proposals, clock: Clock, settings: Settings
    ) -> None:
        self._memory = memory
        self._proposals = proposals
        self._clock = clock
        self._settings = settings
        self._commits: dict[tuple[str, str, int], str] = {}

    # -- Writing ----------------------------------------------------------------------------

    def make(self, dataset: Dataset, body: Any, *, door: Door | None = None) -> Scenario:
        """Begin a scenario.

        Raises `Malformed`, `TooLarge`, the refusals of `patches.read_patch` and of `Door.admit`,
        `Invalid` for a cell that the file cannot hold, and `RateLimited`.
        """
        self._check(body)
        if door is not None:
            door.admit(dataset)
        now = self._clock()
        sender = door.sender.address if door else None
        self._check_room(dataset, sender)
        base = dataset.at(body.get("base_revision")).commit
        scenario = Scenario(
            id=secrets.token_hex(16),
            dataset=dataset.name,
            title=_title(body),
            base_revision=base,
            operations=tuple(body["operations"]),
            created_at=now,
            updated_at=now,
            locale=body.get("locale") or "fr",
            sender=sender,
        )
        self._check_writable(dataset, scenario)
        self._memory.add(scenario)
        return scenario

    def write(
        self, dataset: Dataset, identifier: str, body: Any, *, door: Door | None = None
    ) -> Scenario:
        """Write a scenario over, whose `version` was seen.

        Raises as `make`, `NotFound`, `HeadMoved` when somebody else wrote meanwhile, and
        `Conflict` for one that was submitted.
        """
        self._check(body)
        if "version" not in body:
            raise Malformed("missing_property", pointer="", property="version")
        present = self._memory.get(dataset.name, identifier)
        if door is not None:
            door.admit_draft(dataset)
        if present.version != body["version"]:
            raise HeadMoved("scenario_moved", present=present.version)
        if present.proposal is not None:
            raise Conflict((), "scenario_submitted")
        base = body.get("base_revision")
        changed = replace(
            present,
            title=_title(body),
            base_revision=dataset.at(base).commit if base else present.base_revision,
            operations=tuple(body["operations"]),
            updated_at=self._clock(),
            locale=body.get("locale") or present.locale,
        )
        self._check_writable(dataset, changed)
        return self._memory.update(changed, seen=present.version)

    def delete(self, dataset: Dataset, identifier: str) -> None:
        """Forget a scenario. Raises `NotFound`."""
        self._memory.delete(dataset.name, identifier)

    def _check(self, body: Any) -> None:
        """Raises `Malformed` and `TooLarge`, as for the body of a proposal."""
        wanted = body.get("operations") if isinstance(body, dict) else None
        limit = self._settings.max_operations
        if isinstance(wanted, list) and len(wanted) > limit:
            raise TooLarge("too_many_operations", pointer="/operations", limit=limit)
        check_body("scenario", body)
        if body["operations"]:
            check_body("proposal", {"operations": body["operations"]})
        size = len(orjson.dumps(body["operations"]))
        if size > MOST_BYTES:
            raise TooLarge("scenario_too_large", pointer="/operations", size=size, limit=MOST_BYTES)

    def _check_room(self, dataset: Dataset, sender: str | None) -> None:
        if self._memory.count(dataset.name) >= MOST:
            raise RateLimited("too_many_scenarios", limit=MOST, retry_after=86_400)
        if sender is None:
            return
        day = self._clock() - timedelta(days=1)
        if self._memory.count(dataset.name, sender=sender, since=day) >= MOST_A_DAY:
            raise RateLimited("too_many_scenarios_day", limit=MOST_A_DAY, retry_after=3_600)

    def _check_writable(self, dataset: Dataset, scenario: Scenario) -> None:
        """Whether there is a file of it: what else is wrong may be put right later."""
        base, patch = self._read(dataset, scenario)
        report = verdict(patch.operations, package=base.package, before=base.snapshots())
        refused = tuple(one for one in report.errors if one.rule in UNWRITABLE)
        if refused:
            raise Invalid(renumbered(Report(errors=refused), patch.origins).errors)
        files_after(patch.operations, base, limit=self._settings.max_file)

    # -- Reading ----------------------------------------------------------------------------

    def get(self, dataset: Dataset, identifier: str) -> Scenario:
        """Raises `NotFound`."""
        return self._memory.get(dataset.name, identifier)

    def several(self, dataset: Dataset, identifiers: Sequence[str]) -> Sequence[Scenario]:
        """Up to four scenarios in the order asked for.

        Raises `Malformed`, and `NotFound` when one of them does not exist.
        """
        wanted = list(dict.fromkeys(identifiers))
        if not 1 <= len(wanted) <= MOST_COMPARED:
            raise Malformed("scenarios_compared", pointer="scenario", limit=MOST_COMPARED)
        found = self._memory.of_ids(dataset.name, wanted)
        if len(found) < len(wanted):
            raise NotFound("unknown_scenario")
        return found

    def report(self, dataset: Dataset, scenario: Scenario) -> Report:
        """What would be wrong with it as a proposal, had nothing been published since."""
        base, patch = self._read(dataset, scenario)
        found = verdict(patch.operations, package=base.package, before=base.snapshots())
        return renumbered(found, patch.origins)

    def commit(self, dataset: Dataset, identifier: str) -> str:
        """The commit of what a scenario makes of its base. Raises `NotFound`."""
        scenario = self._memory.get(dataset.name, identifier)
        known = (dataset.name, scenario.id, scenario.version)
        made = self._commits.get(known)
        if made is not None and self._is_there(dataset, made):
            return made
        base, patch = self._read(dataset, scenario)
        made = base.commit
        if patch.operations:
            made = self._made(dataset, scenario, base, patch.operations)
        if len(self._commits) >= KEPT_COMMITS:
            self._commits.pop(next(iter(self._commits)), None)
        self._commits[known] = made
        return made

    def _made(
        self, dataset: Dataset, scenario: Scenario, base: DatasetRevision, operations: Patch
    ) -> str:
        files = files_after(operations, base, limit=self._settings.max_file)
        commit = dataset.forge.commit(
            parent=base.commit, files=files, message=MESSAGE, time=scenario.created_at
        )
        for content in files.values():
            base.succeeded(content)
        return commit

    def _is_there(self, dataset: Dataset, commit: str) -> bool:
        try:
            dataset.forge.resolve(commit)
        except NotFound:  # maintenance dropped what no ref reaches
            return False
        return True

    def _read(self, dataset: Dataset, scenario: Scenario) -> tuple[DatasetRevision, ReadPatch]:
        dataset.have(scenario.base_revision)
        base = dataset.at(scenario.base_revision)
        return base, read_patch(scenario.operations, base, max_cell=self._settings.max_cell)

    # -- Submitting -------------------------------------------------------------------------

    def submit(
        self, dataset: Dataset, identifier: str, body: Any, *, door: Door | None = None
    ) -> tuple[Proposal, bool]:
        """Propose what a scenario does, once: again, it gives the same proposal.

        Also tells whether who asks is who has sent it: many may have the address of a scenario,
        and only one of them the right to follow its proposal. They send the same, from the same
        network. Raises `NotFound`, `HeadMoved` when the version that was seen is not the present
        one, and all that `Proposals.submit` raises.
        """
        check_body("submission", body)
        scenario = self._memory.get(dataset.name, identifier)
        if scenario.proposal is None:
            if body.get("version", scenario.version) != scenario.version:
                raise HeadMoved("scenario_moved", present=scenario.version)
            if not scenario.operations:
                raise NoChange(pointer="/operations")
        sent = {name: value for name, value in body.items() if name != "version"}
        try:
            proposal = self._proposals.submit(
                dataset,
                {
                    **sent,
                    "base_revision": scenario.base_revision,
                    "operations": list(scenario.operations),
                    "project": {"title": scenario.title},
                },
                idempotency_key=f"scenario:{scenario.id}",
                door=door,
            )
        except IdempotencyMismatch:
            present = self._memory.get(dataset.name, identifier)
            if present.proposal is None:
                raise
            return self._proposals.get(dataset, present.proposal), False
        settled = self._memory.settle(dataset.name, scenario.id, proposal.id)
        if settled.proposal != proposal.id:
            return self._proposals.get(dataset, settled.proposal or proposal.id), False
        known = proposal.sender.address
        return proposal, door is None or (known is not None and known == door.sender.address)


def _title(body: Mapping[str, Any]) -> str:
    title = " ".join(str(body["title"]).split())
    if not title:
        raise Malformed("empty_value", pointer="/title")
    return title
