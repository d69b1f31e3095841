"""Reviewers: who may decide, and the links they sign in with. Only hashes are kept."""

from __future__ import annotations

import hashlib
import secrets
from typing import Protocol

from retouche.core.errors import NotSignedIn


class ReviewerStore(Protocol):
    def reviewer(self, token_hash: str) -> str | None: ...

    def add_reviewer(self, name: str, token_hash: str) -> None: ...

    def reviewers(self) -> list[str]: ...


class Reviewers:
    """The reviewers of a server."""

    def __init__(self, store: ReviewerStore) -> None:
        self._store = store

    def sign_in(self, token: str | None) -> str:
        """The name of the reviewer whose link or bearer token this is. Raises `NotSignedIn`."""
        name = self._store.reviewer(_hash(token)) if token else None
        if name is None:
            raise NotSignedIn("bad_token" if token else None)
        return name

    def new_link_token(self, name: str) -> str:
        """Make a token for a reviewer; it is shown once and cannot be read back."""
        token = secrets.token_urlsafe(32)
        self._store.add_reviewer(name, _hash(token))
        return token

    def known(self) -> list[str]:
        return self._store.reviewers()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
