"""Who is signed in with an account: kept by the hash of a secret that the browser alone has.

Tokens are renewed before they end, by one request at a time.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import session

from retouche.core.errors import ForgeUnavailable, NotSignedIn, RetoucheError
from retouche.ports import Account
from retouche.web.accounts.application import application
from retouche.web.context import services
from retouche.web.cookie import ACCOUNT, BEGUN, CSRF, NAME

if TYPE_CHECKING:
    from retouche.web.accounts.oauth import Tokens

NEAR_END = timedelta(seconds=120)
"""Time before its end at which a token is renewed."""
LONGEST_WAIT = 5.0
"""Seconds for which a request waits for another one that renews the same tokens."""
ENDED = ""
"""In the place of a token that the forge does not take any more."""


def session_hash() -> str | None:
    """What the accounts of this browser are kept under; None when it has none."""
    secret = session.get(ACCOUNT)
    return None if secret is None else hashlib.sha256(str(secret).encode()).hexdigest()


def account_of(dataset: str) -> Account | None:
    """The account signed in for a dataset, as it is kept; its tokens may have ended."""
    key = session_hash()
    return None if key is None else services().accounts.account(key, dataset)


def enter(account: Account) -> None:
    """Sign in: the browser gets a new secret, and what was known under the old one moves."""
    before, secret = session_hash(), secrets.token_urlsafe(32)
    for name in (ACCOUNT, CSRF, BEGUN):
        session.pop(name, None)
    session[ACCOUNT], session[NAME] = secret, account.name
    key = session_hash()
    assert key is not None
    for other in _accounts(before):
        if other.dataset == account.dataset:
            _revoke(other)
        else:
            services().accounts.keep_account(key, other)
    services().accounts.keep_account(key, account)
    if before is not None:
        services().accounts.forget_account(before)


def leave() -> None:
    """Sign out: forget first, for that is ours; then ask the forges to forget as well."""
    key = session_hash()
    held = _accounts(key)
    if key is not None:
        services().accounts.forget_account(key)
    session.clear()
    for account in held:
        _revoke(account)


def usable(account: Account, *, silent: bool = False) -> Account:
    """The account with a token that still lasts a while, renewed when it has to be.

    A forge that is known to be `silent` is not asked. Raises `NotSignedIn` when it has ended,
    `ForgeUnavailable` when it had to be renewed and could not.
    """
    key = session_hash()
    if key is None or account.access_token == ENDED:
        raise NotSignedIn("account_expired")
    if not _near_end(account):
        return account
    # A pair can be renewed once: a second request waits here, and finds what the first one got.
    lock = f"{account.dataset}~accounts-{key[0]}"
    with services().locks.attempt(lock, seconds=0 if silent else LONGEST_WAIT) as held:
        if silent or not held:
            if _lasts(account):
                return account
            raise ForgeUnavailable("gitlab_silent")
        present = services().accounts.account(key, account.dataset)
        if present is None or present.access_token == ENDED:
            raise NotSignedIn("account_expired")
        return _renewed(key, present) if _near_end(present) else present


def end(account: Account) -> None:
    """Remember that the forge does not take the tokens of an account any more."""
    key = session_hash()
    if key is not None:
        ended = replace(account, access_token=ENDED, refresh_token=None)
        services().accounts.keep_account(key, ended)


def account_with(tokens: Tokens, *, dataset: str, name: str) -> Account:
    """An account as it is to be kept."""
    return Account(
        dataset=dataset,
        name=name,
        access_token=tokens.access,
        refresh_token=tokens.refresh,
        expires_at=_end_of(tokens),
    )


def _renewed(key: str, account: Account) -> Account:
    if account.refresh_token is None:
        if _lasts(account):
            return account
        end(account)
        raise NotSignedIn("account_expired")
    try:
        tokens = application(services().connections[account.dataset]).renew(account.refresh_token)
    except NotSignedIn:
        end(account)
        raise
    except ForgeUnavailable:
        if _lasts(account):
            return account
        raise
    renewed = account_with(tokens, dataset=account.dataset, name=account.name)
    services().accounts.keep_account(key, renewed)
    return renewed


def _accounts(key: str | None) -> list[Account]:
    """All that is kept under a hash."""
    if key is None:
        return []
    found = (services().accounts.account(key, name) for name in services().connections)
    return [one for one in found if one is not None]


def _revoke(account: Account) -> None:
    connection = services().connections.get(account.dataset)
    outlook = services().watch.outlook(account.dataset)
    silent = outlook.retry_at is not None and outlook.retry_at > services().clock()
    if connection is None or silent or account.access_token == ENDED:
        return
    with suppress(RetoucheError):  # it ends by itself; the person is signed out here in any case
        application(connection).revoke(account.access_token)


def _near_end(account: Account) -> bool:
    return account.expires_at is not None and account.expires_at - NEAR_END <= _now()


def _lasts(account: Account) -> bool:
    return account.expires_at is None or account.expires_at > _now()


def _end_of(tokens: Tokens) -> datetime | None:
    return None if tokens.lasts is None else _now() + timedelta(seconds=tokens.lasts)


def _now() -> datetime:
    return services().clock()
