"""Accounts of a forge: their tokens cannot be read without the server's secret key."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from retouche.journals.accounts import KEPT, SqlAccounts
from retouche.journals.database import Database
from retouche.journals.sealing import Seal
from retouche.journals.tables import ACCOUNTS
from retouche.ports import Account

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ACCOUNT = Account(
    dataset="centres",
    name="maintainer",
    access_token="glpat-access-canary",
    refresh_token="refresh-canary",
    expires_at=NOW + timedelta(hours=2),
)


def accounts(database: Database, secret: str = "secret", now: datetime = NOW) -> SqlAccounts:
    return SqlAccounts(database, secret, clock=lambda: now)


def test_an_account_belongs_to_its_session_and_dataset(database: Database) -> None:
    kept = accounts(database)
    kept.keep_account("hash", ACCOUNT)
    assert kept.account("hash", "centres") == ACCOUNT
    assert kept.account("hash", "other") is None
    assert kept.account("other", "centres") is None


def test_a_new_pair_of_tokens_replaces_the_one_before(database: Database) -> None:
    kept = accounts(database)
    kept.keep_account("hash", ACCOUNT)
    renewed = replace(ACCOUNT, access_token="new", refresh_token=None, expires_at=None)
    kept.keep_account("hash", renewed)
    assert kept.account("hash", "centres") == renewed


def test_signing_out_forgets_the_session_everywhere(database: Database) -> None:
    kept = accounts(database)
    kept.keep_account("hash", ACCOUNT)
    kept.keep_account("hash", replace(ACCOUNT, dataset="other"))
    kept.keep_account("elsewhere", ACCOUNT)
    kept.forget_account("hash")
    assert kept.account("hash", "centres") is kept.account("hash", "other") is None
    assert kept.account("elsewhere", "centres") == ACCOUNT


def test_no_token_stands_in_the_database(database: Database) -> None:
    accounts(database).keep_account("hash", ACCOUNT)
    with database.reading() as connection:
        (row,) = connection.execute(select(ACCOUNTS)).all()
    assert row.name == "maintainer"
    assert "canary" not in repr(row)
    assert "canary" not in repr(ACCOUNT)


def test_another_secret_key_opens_nothing(database: Database) -> None:
    accounts(database).keep_account("hash", ACCOUNT)
    assert accounts(database, "another").account("hash", "centres") is None


def test_an_account_that_nobody_renews_is_forgotten(database: Database) -> None:
    accounts(database).keep_account("hash", ACCOUNT)
    later = accounts(database, now=NOW + KEPT + timedelta(seconds=1))
    later.keep_account("other", ACCOUNT)
    assert later.account("hash", "centres") is None
    assert later.account("other", "centres") == ACCOUNT


def test_what_is_sealed_for_one_purpose_does_not_open_for_another() -> None:
    sealed = Seal("secret", "accounts").close("été")
    assert Seal("secret", "accounts").open(sealed) == "été"
    assert Seal("secret", "other").open(sealed) is None
    assert Seal("secret", "accounts").open(sealed[:-2] + "AA") is None
    assert Seal("secret", "accounts").close("été") != sealed
