"""Proposals and events as rows of the journal's tables, both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Select, insert, select
from sqlalchemy.engine import Connection, Row

from retouche.core.errors import IdempotencyMismatch
from retouche.journals.tables import (
    EVENTS,
    IDEMPOTENCY,
    PROPOSAL_ROWS,
    PROPOSAL_TERRITORIES,
    PROPOSALS,
)
from retouche.journals.texts import indexed
from retouche.ports import Event, Proposal, Sender, Upstream

PLAIN = (
    "dataset",
    "id",
    "state",
    "base_revision",
    "parent",
    "conflicted",
    "head",
    "number",
    "merge_request_url",
    "comment",
    "source",
    "locale",
    "erased",
    "project",
    "title",
)


def values_of(proposal: Proposal) -> dict[str, Any]:
    """The columns of a proposal but for its sequence."""
    return {name: getattr(proposal, name) for name in PLAIN} | {
        "operations": json_text(proposal.operations),
        "warnings": json_text(proposal.warnings),
        "contributor": json_text(proposal.contributor),
        "decision": json_text(proposal.decision),
        "upstream": upstream_text(proposal.upstream),
        "sender": proposal.sender.address,
        "contact": proposal.sender.contact,
        "signs": json_text(proposal.signs) if proposal.signs else None,
        "kind": kind_of(proposal.operations),
        "pending": proposal.is_begun,
        "created_at": time_text(proposal.created_at),
        "updated_at": time_text(proposal.updated_at),
    }


def proposal_of(row: Row[Any]) -> Proposal:
    return Proposal(
        **{name: getattr(row, name) for name in PLAIN},
        sequence=row.sequence,
        operations=tuple(orjson.loads(row.operations)),
        warnings=tuple(orjson.loads(row.warnings)),
        contributor=orjson.loads(row.contributor) if row.contributor else None,
        decision=orjson.loads(row.decision) if row.decision else None,
        upstream=Upstream(**orjson.loads(row.upstream)) if row.upstream else Upstream(),
        sender=Sender(address=row.sender, contact=row.contact),
        signs=tuple(orjson.loads(row.signs)) if row.signs else (),
        created_at=datetime.fromisoformat(row.created_at),
        updated_at=datetime.fromisoformat(row.updated_at),
    )


def one_proposal(dataset: str, proposal: str) -> Select[Any]:
    return select(PROPOSALS).where(PROPOSALS.c.dataset == dataset, PROPOSALS.c.id == proposal)


def add_proposal(
    connection: Connection, proposal: Proposal, idempotency_key: str | None, body_hash: str
) -> Proposal:
    """Insert a proposal with all that hangs on it; give it back with its sequence."""
    result = connection.execute(insert(PROPOSALS).values(values_of(proposal)))
    sequence = int(next(iter(result.inserted_primary_key or ())))
    add_touched_rows(connection, proposal, sequence)
    add_territories(connection, proposal, sequence)
    if idempotency_key is not None:
        connection.execute(
            insert(IDEMPOTENCY).values(
                dataset=proposal.dataset,
                key=idempotency_key,
                body_hash=body_hash,
                proposal=sequence,
            )
        )
    received = Event(proposal=proposal.id, time=proposal.created_at, kind="received")
    add_event(connection, received, sequence)
    row = connection.execute(select(PROPOSALS).where(PROPOSALS.c.sequence == sequence)).one()
    return proposal_of(row)


def add_touched_rows(connection: Connection, proposal: Proposal, sequence: int) -> None:
    rows = [
        {
            "proposal": sequence,
            "position": position,
            "dataset": proposal.dataset,
            "resource": str(operation.get("resource") or ""),
            "row_key": indexed_key(tuple(key.values())) if (key := operation.get("key")) else None,
        }
        for position, operation in enumerate(proposal.operations)
    ]
    if rows:
        connection.execute(insert(PROPOSAL_ROWS), rows)


def add_territories(connection: Connection, proposal: Proposal, sequence: int) -> None:
    rows = [
        {"proposal": sequence, "territory": one, "dataset": proposal.dataset}
        for one in dict.fromkeys(proposal.territories)
    ]
    if rows:
        connection.execute(insert(PROPOSAL_TERRITORIES), rows)


def kind_of(operations: Sequence[Mapping[str, Any]]) -> str:
    """What operations do, in a word: `insert`, `update` or `delete` when all are, else `mixed`."""
    kinds = {str(one["op"]) for one in operations}
    return kinds.pop() if len(kinds) == 1 else "mixed"


def add_event(connection: Connection, event: Event, sequence: int) -> None:
    connection.execute(
        insert(EVENTS).values(
            proposal=sequence,
            time=time_text(event.time),
            kind=event.kind,
            actor=event.actor,
            detail=json_text(event.detail),
            told=False,
        )
    )


def event_of(row: Row[Any]) -> Event:
    return Event(
        proposal=row.id,
        time=datetime.fromisoformat(row.time),
        kind=row.kind,
        actor=row.actor,
        detail=orjson.loads(row.detail),
    )


def known_proposal(
    connection: Connection, dataset: str, key: str, body_hash: str
) -> Proposal | None:
    query = (
        select(PROPOSALS, IDEMPOTENCY.c.body_hash)
        .join(PROPOSALS, IDEMPOTENCY.c.proposal == PROPOSALS.c.sequence)
        .where(IDEMPOTENCY.c.dataset == dataset, IDEMPOTENCY.c.key == key)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    if row.body_hash != body_hash:
        raise IdempotencyMismatch()
    return proposal_of(row)


def key_text(key: Sequence[str]) -> str:
    """A row key as canonical JSON."""
    return orjson.dumps(list(key)).decode()


def indexed_key(key: Sequence[str]) -> str:
    """A row key as it is looked for."""
    return indexed(key_text(key))


def key_of(text: str) -> tuple[str, ...]:
    """A row key from its canonical JSON."""
    return tuple(orjson.loads(text))


def touches(proposal: Proposal, resource: str, key: Sequence[str]) -> bool:
    """Whether an operation is on a row. An insertion that does not name its key is taken at its
    cells: it touches a row whose whole key stands in them."""
    wanted = set(key) - {""}
    for operation in proposal.operations:
        if operation.get("resource") != resource:
            continue
        named = operation.get("key")
        if named is not None:
            if tuple(named.values()) == tuple(key):
                return True
        elif wanted.issubset((operation.get("row") or {}).values()):
            return True
    return False


def time_text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat()


def moment_text(time: datetime | None) -> str | None:
    return None if time is None else time_text(time)


def moment_of(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def upstream_text(upstream: Upstream) -> str | None:
    """What is not as it always is, as JSON; None when all is."""
    found = {
        one.name: value
        for one in fields(Upstream)
        if (value := getattr(upstream, one.name)) != one.default
    }
    return json_text(found) if found else None


def json_text(value: Mapping[str, Any] | Sequence[Any] | None) -> str | None:
    return None if value is None else orjson.dumps(value, default=dict).decode()
