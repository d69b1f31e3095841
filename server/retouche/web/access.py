"""Who asks: a reviewer by session or bearer token, an author by the follow-up secret.

Where a dataset lives at a forge with accounts, the forge says who may decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from flask import current_app, g, request, session

from retouche.core.errors import ForgeUnavailable, NotAllowed, NotSignedIn, RetoucheError
from retouche.ports import Account, Proposal, RemoteForge, Reviewer, Role
from retouche.services.courier.breaker import still_waiting
from retouche.web.accounts.holders import account_of, end, session_hash, usable
from retouche.web.accounts.roles import Roles
from retouche.web.context import dataset, services
from retouche.web.cookie import ACCOUNT, LINK, NAME

ROLES = "retouche_roles"
"""Where the application keeps what it was told of people's roles."""
OURS_ALONE = "forge_unauthorized"
"""The fault of a forge that refuses the server's own token: it still answers to others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the person who asks may see of a dataset's proposals, and do with them."""

    reviewer: Reviewer | None = None
    """Who they decide as; None: they may not."""
    sees_private: bool = False
    """Whether comments, contacts and notes are for them."""
    obstacle: RetoucheError | None = None
    """Why somebody who is signed in may not decide."""


def bearer() -> str | None:
    """The token of the `Authorization: Bearer` header."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def link_reviewer() -> str | None:
    """The name of the reviewer whose sign-in link or token this is, None for anybody else."""
    try:
        return services().reviewers.sign_in(bearer() or session.get(LINK))
    except NotSignedIn:
        return None


def who() -> str | None:
    """What the person who is signed in is called, None when nobody is."""
    return link_reviewer() or (str(session.get(NAME)) if ACCOUNT in session else None)


def standing(name: str) -> Standing:
    """What the person who asks may do with the proposals of a dataset. Asked once a request."""
    known: dict[str, Standing] = g.setdefault("standings", {})
    if name not in known:
        known[name] = _standing(name)
    return known[name]


def require_reviewer(name: str) -> Reviewer:
    """Who decides in a dataset.

    Raises `NotSignedIn`; `NotAllowed` when they may not, or another site made the browser ask;
    `ForgeUnavailable` when that cannot be known.
    """
    if bearer() is None:
        refuse_cross_site()
    found = standing(name)
    if found.reviewer is not None:
        return found.reviewer
    if found.obstacle is not None:
        raise found.obstacle
    services().reviewers.sign_in(bearer() or session.get(LINK))
    raise NotSignedIn


@contextmanager
def heeding(name: str) -> Iterator[None]:
    """Decide at the forge of a dataset: what it says of the account is believed from now on."""
    try:
        yield
    except (NotSignedIn, NotAllowed) as error:
        key, account = session_hash(), account_of(name)
        if key is not None and account is not None:
            roles().forget(key)
            if isinstance(error, NotSignedIn):
                end(account)
        g.pop("standings", None)
        raise


def require_private(name: str) -> str:
    """The name of somebody who sees what is not public of a dataset. Raises as above."""
    if standing(name).sees_private:
        if bearer() is None:
            refuse_cross_site()
        return str(who())
    return require_reviewer(name).name


def refuse_cross_site() -> None:
    """A cookie proves who, not that they meant it: the page that asks must be ours."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    ours = {request.host, urlsplit(services().settings.base_url).netloc}
    if site not in (None, "same-origin", "none") or (
        origin is not None and urlsplit(origin).netloc not in ours
    ):
        raise NotAllowed("cross_site")


def secret() -> str | None:
    """The follow-up secret of the link or header, if any."""
    return request.args.get("secret") or bearer()


def sees_private(proposal: Proposal) -> bool:
    """Comment, contact and notes are for the author and the reviewers only."""
    return (
        services().proposals.is_author(proposal, secret())
        or standing(proposal.dataset).sees_private
    )


def roles() -> Roles:
    return cast(Roles, current_app.extensions[ROLES])


def _standing(name: str) -> Standing:
    link, remote = link_reviewer(), dataset(name).remote
    if remote is None:
        by = Reviewer(name=link) if link else None
        return Standing(reviewer=by, sees_private=link is not None)
    account = account_of(name) if bearer() is None else None
    if account is None:
        needed = NotAllowed("needs_account") if link else None
        return Standing(sees_private=link is not None, obstacle=needed)
    try:
        account = _usable(account)
        role = _role(remote, account)
        if not role.decides:
            raise NotAllowed("no_right_at_gitlab", account=role.name)
    except RetoucheError as error:
        return Standing(sees_private=link is not None, obstacle=error)
    by = Reviewer(name=role.name, token=account.access_token)
    return Standing(reviewer=by, sees_private=True)


def _usable(account: Account) -> Account:
    """The account with a token that lasts. Raises `NotSignedIn`, `ForgeUnavailable`."""
    silent = roles().is_silent(account.dataset)
    try:
        return usable(account, silent=silent)
    except ForgeUnavailable:
        if not silent:
            roles().note_silence(account.dataset)
        raise


def _role(remote: RemoteForge, account: Account) -> Role:
    """What the forge says that an account may do. Raises `NotSignedIn`, `ForgeUnavailable`."""
    outlook = services().watch.outlook(account.dataset)
    pause = still_waiting(outlook.retry_at, services().clock())
    down = pause is not None and outlook.fault != OURS_ALONE

    def ask() -> Role:
        if down:
            raise ForgeUnavailable("gitlab_silent")
        return remote.role(account.access_token)

    try:
        return roles().of(session_hash() or "", account.dataset, ask)
    except NotSignedIn:
        end(account)
        raise NotSignedIn("account_expired")
