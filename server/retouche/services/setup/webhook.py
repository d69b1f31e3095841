"""How news of GitLab reaches this server, and how people come back from there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from retouche.connection import LOOPBACK, Connection
from retouche.ports.inspection import Webhook
from retouche.services.setup.findings import Finding, error, ok, warning

EVENTS = ("push", "merge_request", "note")


def address(base_url: str, dataset: str) -> str:
    """Where GitLab is to send the news of a dataset."""
    return f"{base_url}/hooks/gitlab/{dataset}"


def check_base_url(base_url: str) -> Finding:
    """The public address: links in merge requests, the webhook and sign-in are made with it."""
    if not base_url:
        return error("base_url_missing")
    parts = urlsplit(base_url)
    if parts.scheme != "https" and parts.hostname not in {one.strip("[]") for one in LOOPBACK}:
        return error("base_url_plain", base_url=base_url)
    return ok("base_url_right", base_url=base_url)


def check_webhooks(
    webhooks: Sequence[Webhook],
    *,
    base_url: str,
    dataset: str,
    branch: str | None,
    connection: Connection,
) -> Iterator[Finding]:
    """The webhook for this server. Without one, news is found by polling."""
    wanted = address(base_url, dataset)
    found = [one for one in webhooks if one.url.rstrip("/") == wanted]
    if not found:
        others = [one.url for one in webhooks if f"/hooks/gitlab/{dataset}" in one.url]
        if others:
            yield warning("webhook_elsewhere", url=wanted, others=", ".join(others))
        else:
            yield warning("webhook_missing", url=wanted)
        return
    faults = [fault for one in found for fault in _faults(one, branch, connection)]
    yield from faults or [ok("webhook_right", url=wanted)]


def _faults(hook: Webhook, branch: str | None, connection: Connection) -> Iterator[Finding]:
    missing = [one for one in EVENTS if one not in hook.events]
    if missing:
        yield warning("webhook_events", url=hook.url, missing=", ".join(missing))
    if hook.branches and branch and not _matches(hook.branches, branch):
        yield warning("webhook_branches", url=hook.url, filter=hook.branches, branch=branch)
    if not hook.verifies and hook.url.startswith("https://"):
        yield warning("webhook_unverified", url=hook.url)
    if not connection.webhook_secret:
        yield error("webhook_secret_unknown", url=hook.url)
    elif hook.has_secret is False:
        yield error("webhook_secret_missing", url=hook.url)
    if hook.status == "disabled":
        yield error("webhook_disabled", url=hook.url)
    elif hook.status == "temporarily_disabled" or hook.until:
        until = hook.until.isoformat(timespec="minutes") if hook.until else "?"
        yield warning("webhook_paused", url=hook.url, until=until)


def check_sign_in(connection: Connection, *, base_url: str, dataset: str) -> Finding:
    """Whether maintainers can sign in with their accounts there."""
    if connection.oauth_client_id is None:
        redirect = f"{base_url or 'https://…'}/sign-in/gitlab/{dataset}/callback"
        return warning("oauth_missing", redirect=redirect)
    return ok("oauth_right", client_id=connection.oauth_client_id)


def _matches(pattern: str, branch: str) -> bool:
    return bool(re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), branch))
