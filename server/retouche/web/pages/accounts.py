"""Signing in with one's own account of the GitLab where a dataset lives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response

from retouche.connection import Connection
from retouche.core.errors import (
    ForgeRefused,
    ForgeUnavailable,
    NotFound,
    NotSignedIn,
    RetoucheError,
)
from retouche.web.accounts.application import application
from retouche.web.accounts.begun import begin, finish, verifier
from retouche.web.accounts.holders import account_with, enter
from retouche.web.context import dataset, services
from retouche.web.guard import check_call
from retouche.web.language import locale
from retouche.web.pages.links import absolute, inside, page_url

if TYPE_CHECKING:
    from retouche.web.accounts.oauth import OAuth

CODE = re.compile(r"[!-~]{1,512}")
SILENT = frozenset({"server_error", "temporarily_unavailable"})
blueprint = Blueprint("accounts", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A dataset whose reviewers sign in with GitLab, and where they do."""

    title: str
    address: str


@blueprint.get("/sign-in/gitlab/<name>")
def sign_in(name: str) -> Response:
    g.private = True
    oauth = _oauth(name)
    home = page_url("datasets.show_dataset", name=name)
    state = begin(name, inside(request.args.get("next", "")) or home)
    return redirect(oauth.address(state=state, verifier=verifier(state)), 303)


@blueprint.get("/sign-in/gitlab/<name>/callback")
def come_back(name: str) -> Response:
    g.private = True
    check_call("sign_in")
    oauth = _oauth(name)
    state = request.args.get("state", "")
    wanted = finish(name, state)
    tokens = oauth.exchange(_code(), verifier=verifier(state))
    remote = dataset(name).remote
    assert remote is not None  # a dataset with a connection lives elsewhere
    role = remote.role(tokens.access)
    enter(account_with(tokens, dataset=name, name=role.name))
    return redirect(wanted, 303)


def offer(name: str, wanted: str | None = None) -> str | None:
    """Where a person signs in for a dataset; None where nobody can."""
    connection = services().connections.get(name)
    if connection is None or not _is_ready(connection):
        return None
    return absolute(page_url("accounts.sign_in", name=name, revision="", next=wanted))


def offers(wanted: str | None = None) -> list[Offer]:
    """All of them, for somebody who did not say which dataset is meant."""
    found = []
    for one in services().catalogue:
        address = offer(one.name, wanted)
        if address is not None:
            found.append(Offer(title=_title(one.name), address=address))
    return found


def _title(name: str) -> str:
    try:
        return dataset(name).at().package.title(locale())
    except RetoucheError:
        return name


def _is_ready(connection: Connection) -> bool:
    return bool(connection.oauth_client_id and services().settings.base_url)


def _oauth(name: str) -> OAuth:
    """The application at the GitLab of a dataset. Raises `NotFound`."""
    dataset(name)
    connection = services().connections.get(name)
    if connection is None or not connection.oauth_client_id:
        raise NotFound("no_gitlab_sign_in", dataset=name)
    if not services().settings.base_url:
        raise NotFound("base_url_needed")
    address = f"{services().settings.base_url}/sign-in/gitlab/{name}/callback"
    return application(connection, redirect_uri=address)


def _code() -> str:
    """The code that GitLab gave the person. Raises when it gave none."""
    error, code = request.args.get("error"), request.args.get("code", "")
    if error in SILENT:
        raise ForgeUnavailable("gitlab_silent")
    if error not in (None, "access_denied"):
        raise ForgeRefused("gitlab_application_refused")
    if error or not CODE.fullmatch(code):
        raise NotSignedIn("gitlab_denied")
    return code
