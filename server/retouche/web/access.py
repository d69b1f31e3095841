"""Who asks: a reviewer by session or bearer token, an author by the follow-up secret."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request, session

from retouche.core.errors import NotAllowed, NotSignedIn
from retouche.ports import Proposal
from retouche.web.context import services

SESSION_TOKEN = "reviewer_token"


def bearer() -> str | None:
    """The token of the `Authorization: Bearer` header."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def reviewer() -> str | None:
    """The signed-in reviewer's name, None for anybody else."""
    try:
        return services().reviewers.sign_in(bearer() or session.get(SESSION_TOKEN))
    except NotSignedIn:
        return None


def require_reviewer() -> str:
    """Raises `NotSignedIn`, and `NotAllowed` when another site made the browser ask."""
    if bearer() is None:
        refuse_cross_site()
    return services().reviewers.sign_in(bearer() or session.get(SESSION_TOKEN))


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
    """Comment and contact are for the author and the reviewers only."""
    return services().proposals.is_author(proposal, secret()) or reviewer() is not None
