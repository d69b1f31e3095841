"""Scenarios in the journal's database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, delete, func, insert, select, update
from sqlalchemy.engine import Row

from retouche.core.errors import HeadMoved, NotFound
from retouche.journals.database import Database
from retouche.journals.rows import json_text, time_text
from retouche.journals.tables import SCENARIOS
from retouche.ports import Scenario

PLAIN = ("dataset", "id", "title", "base_revision", "version", "locale", "sender", "proposal")


class SqlScenarios:
    """`ports.Scenarios`. Safe for threads, and across fork."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, scenario: Scenario) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(SCENARIOS).values(_values(scenario)))

    def get(self, dataset: str, scenario: str) -> Scenario:
        with self._database.reading() as connection:
            query = select(SCENARIOS).where(_one(dataset, scenario))
            found = connection.execute(query).one_or_none()
        if found is None:
            raise NotFound("unknown_scenario")
        return _scenario(found)

    def update(self, scenario: Scenario, *, seen: int) -> Scenario:
        columns = SCENARIOS.c
        here = _one(scenario.dataset, scenario.id)
        values = _values(scenario) | {"version": seen + 1}
        with self._database.writing() as connection:
            unchanged = and_(here, columns.version == seen)
            written = connection.execute(update(SCENARIOS).where(unchanged).values(values))
            found = connection.execute(select(SCENARIOS).where(here)).one_or_none()
        if found is None:
            raise NotFound("unknown_scenario")
        if not written.rowcount:
            raise HeadMoved("scenario_moved", present=found.version)
        return _scenario(found)

    def settle(self, dataset: str, scenario: str, proposal: str) -> Scenario:
        columns = SCENARIOS.c
        here = _one(dataset, scenario)
        values = {"proposal": proposal, "version": columns.version + 1}
        with self._database.writing() as connection:
            free = and_(here, columns.proposal.is_(None))
            connection.execute(update(SCENARIOS).where(free).values(values))
            found = connection.execute(select(SCENARIOS).where(here)).one_or_none()
        if found is None:
            raise NotFound("unknown_scenario")
        return _scenario(found)

    def delete(self, dataset: str, scenario: str) -> None:
        with self._database.writing() as connection:
            gone = connection.execute(delete(SCENARIOS).where(_one(dataset, scenario)))
        if not gone.rowcount:
            raise NotFound("unknown_scenario")

    def drop(
        self,
        *,
        before: datetime | None = None,
        dataset: str | None = None,
        proposal: str | None = None,
    ) -> int:
        columns = SCENARIOS.c
        wanted = []
        if before is not None:
            wanted.append(columns.updated_at < time_text(before))
        if dataset is not None:
            wanted.append(columns.dataset == dataset)
        if proposal is not None:
            wanted.append(columns.proposal == proposal)
        if not wanted:
            return 0
        with self._database.writing() as connection:
            return int(connection.execute(delete(SCENARIOS).where(*wanted)).rowcount)

    def count(
        self, dataset: str, *, sender: str | None = None, since: datetime | None = None
    ) -> int:
        columns = SCENARIOS.c
        wanted = columns.dataset == dataset
        if sender is not None:
            wanted = and_(wanted, columns.sender == sender)
        if since is not None:
            wanted = and_(wanted, columns.created_at >= time_text(since))
        query = select(func.count()).select_from(SCENARIOS).where(wanted)
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def of_ids(self, dataset: str, scenarios: Sequence[str]) -> Sequence[Scenario]:
        columns = SCENARIOS.c
        query = select(SCENARIOS).where(columns.dataset == dataset, columns.id.in_(scenarios))
        with self._database.reading() as connection:
            found = {one.id: _scenario(one) for one in connection.execute(query)}
        return [found[one] for one in scenarios if one in found]


def _one(dataset: str, scenario: str) -> ColumnElement[bool]:
    return and_(SCENARIOS.c.dataset == dataset, SCENARIOS.c.id == scenario)


def _values(scenario: Scenario) -> dict[str, Any]:
    """The columns of a scenario but for its sequence."""
    return {name: getattr(scenario, name) for name in PLAIN} | {
        "operations": json_text(scenario.operations),
        "created_at": time_text(scenario.created_at),
        "updated_at": time_text(scenario.updated_at),
    }


def _scenario(row: Row[Any]) -> Scenario:
    return Scenario(
        **{name: getattr(row, name) for name in PLAIN},
        operations=tuple(orjson.loads(row.operations)),
        created_at=datetime.fromisoformat(row.created_at),
        updated_at=datetime.fromisoformat(row.updated_at),
    )
