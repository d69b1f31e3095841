"""The bot's token: what it may do, for how long, and whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from retouche.ports.inspection import DEVELOPER, ProjectFacts, TokenFacts
from retouche.services.setup.findings import Finding, error, ok, warning

NEEDED = ("api", "write_repository")
TOO_BROAD = frozenset({"sudo", "admin_mode", "create_runner", "k8s_proxy"})
SOON = 30
"""Days before the end of a token from which it is told."""
URGENT = 1
ROLES = {0: "No access", 5: "Minimal", 10: "Guest", 15: "Planner", 20: "Reporter"} | {
    30: "Developer",
    40: "Maintainer",
    50: "Owner",
    60: "Administrator",
}


def check_token(token: TokenFacts, *, today: date) -> Iterator[Finding]:
    """The token itself, whatever it is used for."""
    missing = [one for one in NEEDED if one not in token.scopes]
    if missing:
        yield error("token_scopes", missing=", ".join(missing))
    else:
        yield ok("token_scopes_right", scopes=", ".join(NEEDED))
    broad = sorted(TOO_BROAD & token.scopes)
    if broad:
        yield warning("token_broad", scopes=", ".join(broad))
    yield check_expiry(token.expires, today=today)
    if token.is_administrator:
        yield error("token_administrator", name=token.name)
    elif token.is_bot:
        yield ok("token_bot", name=token.name)
    else:
        yield ok("token_person", name=token.name)


def check_expiry(expires: date | None, *, today: date) -> Finding:
    """How long a token lasts; it is refused from the day of its end on."""
    if expires is None:
        return warning("token_endless")
    days = (expires - today).days
    values = {"date": expires.isoformat(), "days": days}
    if days <= 0:
        return error("token_expired", **values)
    if days <= URGENT:
        return error("token_expires", **values)
    if days <= SOON:
        return warning("token_expires", **values)
    return ok("token_lasts", **values)


def check_role(project: ProjectFacts, *, token: TokenFacts) -> Finding:
    """What the token's owner may do in the project: enough, and no more."""
    if project.role is None:
        return error("role_missing", name=token.name, project=project.path)
    role = ROLES.get(project.role, str(project.role))
    if project.role < DEVELOPER:
        return error("role_low", name=token.name, role=role)
    if project.role > DEVELOPER:
        return warning("role_high", name=token.name, role=role)
    return ok("role_right", name=token.name)
