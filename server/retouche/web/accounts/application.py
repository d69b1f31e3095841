"""The application that this server is at the GitLab of a dataset, made when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retouche.connection import Connection

if TYPE_CHECKING:
    from retouche.web.accounts.oauth import OAuth


def application(connection: Connection, *, redirect_uri: str = "") -> OAuth:
    """`redirect_uri` is needed where people are led back from there."""
    # Where nobody signs in with GitLab, a server starts sooner without what speaks OAuth.
    from retouche.web.accounts.oauth import OAuth

    return OAuth(connection, redirect_uri=redirect_uri)
