"""Confirmations and remarks in the journal's database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Table, and_, func, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.engine import Row as Found
from sqlalchemy.exc import IntegrityError

from retouche.core.errors import ForgeUnavailable, IdempotencyMismatch, NotFound
from retouche.journals.database import Database
from retouche.journals.rows import indexed_key, json_text, key_of, key_text, time_text
from retouche.journals.tables import CONFIRMATIONS, REMARKS
from retouche.ports import Confirmation, Confirmations, Confirmed, Remark, Row, Sender


class SqlVoices:
    """`ports.Voices`. Safe for threads, and across fork."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- Confirmations ----------------------------------------------------------------------

    def confirm(
        self,
        confirmation: Confirmation,
        remark: Remark | None,
        *,
        idempotency_key: str | None,
        body_hash: str,
    ) -> None:
        values = {
            **_looked_for(confirmation.row),
            "time": time_text(confirmation.time),
            "revision": confirmation.revision,
            "sender": confirmation.sender.address,
        }
        self._add(CONFIRMATIONS, values, idempotency_key, body_hash, besides=remark)

    def was_confirmed(self, dataset: str, idempotency_key: str, body_hash: str) -> bool:
        with self._database.reading() as connection:
            return (
                _known(connection, CONFIRMATIONS, dataset, idempotency_key, body_hash) is not None
            )

    def confirmations(self, row: Row, *, since: datetime | None = None) -> Confirmations:
        columns = CONFIRMATIONS.c
        wanted = and_(*(columns[name] == value for name, value in _looked_for(row).items()))
        if since is not None:
            wanted = and_(wanted, columns.time >= time_text(since))
        query = select(func.count(), func.max(columns.time)).where(wanted)
        with self._database.reading() as connection:
            count, last = connection.execute(query).one()
        return Confirmations(count=count, last=datetime.fromisoformat(last) if last else None)

    def confirmed(self, dataset: str, resource: str, *, limit: int) -> Sequence[Confirmed]:
        columns, last = CONFIRMATIONS.c, func.max(CONFIRMATIONS.c.time)
        query = (
            select(columns.row_key, last.label("last"))
            .where(columns.dataset == dataset, columns.resource == resource)
            .where(columns.row_key.like("[%"))  # others are hashes
            .group_by(columns.row_key)
            .order_by(last.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [
                Confirmed(key=key_of(one.row_key), last=datetime.fromisoformat(one.last))
                for one in connection.execute(query)
            ]

    def confirmed_by_month(
        self, dataset: str, resource: str | None, *, since: datetime
    ) -> Mapping[str, int]:
        columns = CONFIRMATIONS.c
        month = func.substr(columns.time, 1, len("2026-11"))
        query = (
            select(month.label("month"), func.count().label("count"))
            .where(columns.dataset == dataset, columns.time >= time_text(since))
            .group_by(month)
            .order_by(month)
        )
        if resource is not None:
            query = query.where(columns.resource == resource)
        with self._database.reading() as connection:
            return {one.month: one[1] for one in connection.execute(query)}

    # -- Remarks ----------------------------------------------------------------------------

    def add_remark(self, remark: Remark, *, idempotency_key: str | None, body_hash: str) -> Remark:
        return _remark(self._add(REMARKS, _values(remark), idempotency_key, body_hash))

    def find_remark(self, dataset: str, idempotency_key: str, body_hash: str) -> Remark | None:
        with self._database.reading() as connection:
            found = _known(connection, REMARKS, dataset, idempotency_key, body_hash)
        return None if found is None else _remark(found)

    def remark(self, dataset: str, remark: str) -> Remark:
        query = select(REMARKS).where(REMARKS.c.dataset == dataset, REMARKS.c.id == remark)
        with self._database.reading() as connection:
            found = connection.execute(query).one_or_none()
        if found is None:
            raise NotFound("unknown_remark", remark=remark[:80])
        return _remark(found)

    def remarks(
        self, dataset: str, *, state: str, offset: int = 0, limit: int = 20
    ) -> tuple[Sequence[Remark], int]:
        wanted = and_(REMARKS.c.dataset == dataset, REMARKS.c.state == state)
        newest = select(REMARKS).where(wanted).order_by(REMARKS.c.sequence.desc())
        total = select(func.count()).select_from(REMARKS).where(wanted)
        with self._database.reading() as connection:
            found = connection.execute(newest.offset(offset).limit(limit)).all()
            return [_remark(one) for one in found], connection.execute(total).scalar_one()

    def close_remark(self, remark: Remark, *, by: str, time: datetime) -> None:
        columns = REMARKS.c
        one = and_(columns.dataset == remark.row.dataset, columns.id == remark.id)
        values = {"state": "closed", "closed_by": by, "closed_at": time_text(time)}
        with self._database.writing() as connection:
            connection.execute(update(REMARKS).where(one, columns.state == "open").values(values))

    # -- Writing once -----------------------------------------------------------------------

    def _add(
        self,
        table: Table,
        values: Mapping[str, Any],
        idempotency_key: str | None,
        body_hash: str,
        *,
        besides: Remark | None = None,
    ) -> Found[Any]:
        """Insert, unless the idempotency key was used before; give what then stands there.

        A remark `besides` is inserted in the same transaction.
        """
        used = {"idempotency_key": idempotency_key, "body_hash": body_hash}
        dataset = str(values["dataset"])
        try:
            with self._database.writing() as connection:
                found = _known(connection, table, dataset, idempotency_key, body_hash)
                if found is not None:
                    return found
                result = connection.execute(insert(table).values({**values, **used}))
                if besides is not None:
                    said = {**_values(besides), "body_hash": body_hash}
                    connection.execute(insert(REMARKS).values(said))
                number = int(next(iter(result.inserted_primary_key or ())))
                return connection.execute(select(table).where(table.c.sequence == number)).one()
        except IntegrityError:  # another server used the key at the same time
            with self._database.reading() as connection:
                found = _known(connection, table, dataset, idempotency_key, body_hash)
            if found is None:
                raise ForgeUnavailable("journal_unavailable") from None
            return found


def _values(remark: Remark) -> dict[str, Any]:
    """The columns of a remark that is new."""
    return {
        **_place(remark.row),
        "id": remark.id,
        "state": remark.state,
        "time": time_text(remark.time),
        "comment": remark.comment,
        "contributor": json_text(remark.contributor),
        "sender": remark.sender.address,
        "contact": remark.sender.contact,
    }


def _known(
    connection: Connection, table: Table, dataset: str, key: str | None, body_hash: str
) -> Found[Any] | None:
    if key is None:
        return None
    query = select(table).where(table.c.dataset == dataset, table.c.idempotency_key == key)
    found = connection.execute(query).one_or_none()
    if found is not None and found.body_hash != body_hash:
        raise IdempotencyMismatch()
    return found


def _place(row: Row) -> dict[str, str]:
    return {"dataset": row.dataset, "resource": row.resource, "row_key": key_text(row.key)}


def _looked_for(row: Row) -> dict[str, str]:
    return {**_place(row), "row_key": indexed_key(row.key)}


def _remark(found: Found[Any]) -> Remark:
    return Remark(
        id=found.id,
        row=Row(dataset=found.dataset, resource=found.resource, key=key_of(found.row_key)),
        time=datetime.fromisoformat(found.time),
        comment=found.comment,
        contributor=orjson.loads(found.contributor) if found.contributor else None,
        state=found.state,
        closed_at=datetime.fromisoformat(found.closed_at) if found.closed_at else None,
        closed_by=found.closed_by,
        sender=Sender(address=found.sender, contact=found.contact),
    )
