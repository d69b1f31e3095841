"""Who is signed in with an account of a forge, in the journal's database, tokens sealed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.engine import Row

from retouche.journals.database import Database
from retouche.journals.merging import put
from retouche.journals.rows import moment_of, moment_text, time_text
from retouche.journals.tables import ACCOUNTS
from retouche.ports import Account, Clock

if TYPE_CHECKING:
    from retouche.journals.sealing import Seal

KEPT = timedelta(days=30)
"""Longest time that an account is kept without a new pair of tokens."""


class SqlAccounts:
    """`ports.Accounts`. Safe for threads, and across fork."""

    def __init__(
        self,
        database: Database,
        secret_key: str,
        *,
        clock: Clock = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._secret_key = secret_key
        self._clock = clock

    def account(self, session_hash: str, dataset: str) -> Account | None:
        with self._database.reading() as connection:
            found = connection.execute(
                select(ACCOUNTS).where(_of(session_hash, dataset))
            ).one_or_none()
        return None if found is None else self._account(found)

    def keep_account(self, session_hash: str, account: Account) -> None:
        now = self._clock()
        tokens = orjson.dumps([account.access_token, account.refresh_token]).decode()
        values = {
            "session_hash": session_hash,
            "dataset": account.dataset,
            "name": account.name,
            "tokens": self._seal.close(tokens),
            "expires_at": moment_text(account.expires_at),
            "kept_at": time_text(now),
        }
        with self._database.writing() as connection:
            forgotten = ACCOUNTS.c.kept_at < time_text(now - KEPT)
            connection.execute(delete(ACCOUNTS).where(forgotten))
            put(connection, ACCOUNTS, values)

    def forget_account(self, session_hash: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.session_hash == session_hash))

    @cached_property
    def _seal(self) -> Seal:
        # Where nobody signs in with an account, a server starts sooner without what encrypts.
        from retouche.journals.sealing import Seal

        return Seal(self._secret_key, "accounts")

    def _account(self, found: Row[Any]) -> Account | None:
        tokens = self._seal.open(found.tokens)
        if tokens is None:  # the secret key was changed: they sign in again
            return None
        access, refresh = orjson.loads(tokens)
        return Account(
            dataset=found.dataset,
            name=found.name,
            access_token=access,
            refresh_token=refresh,
            expires_at=moment_of(found.expires_at),
        )


def _of(session_hash: str, dataset: str) -> ColumnElement[bool]:
    return and_(ACCOUNTS.c.session_hash == session_hash, ACCOUNTS.c.dataset == dataset)
