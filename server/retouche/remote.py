"""A GitLab project as it is configured and remembered: names of places, never a secret."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from retouche.connection import Connection, Secret, addresses
from retouche.core.errors import BadDataset

AUTHOR = re.compile(r"[^<>\0-\x1f\x7f]{1,200}[^<>\0- \x7f] <[^<>@\0- \x7f]+@[^<>@\0- \x7f]+>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """What `retouche.toml` says of a project."""

    repository: str
    """The address people clone it from."""
    project: str | None = None
    branch: str | None = None
    token: Secret
    webhook_secret: Secret | None = None
    oauth_client_id: str | None = None
    oauth_client_secret: Secret | None = None
    pipelines_skipped: bool = False
    author: str | None = None
    language: str = "fr"

    def connection(self) -> Connection:
        """What the project is reached with: secrets but the token are read now."""
        found = addresses(self.repository, self.project)
        if found is None:
            raise BadDataset("bad_repository_url")
        return Connection(
            base_url=found.base_url,
            project=found.project,
            clone_url=found.clone_url,
            token=self.token,
            branch=self.branch,
            webhook_secret=self.webhook_secret.found() if self.webhook_secret else None,
            oauth_client_id=self.oauth_client_id,
            oauth_client_secret=(
                self.oauth_client_secret.found() if self.oauth_client_secret else None
            ),
            pipelines_skipped=self.pipelines_skipped,
            author=self.author,
            locale=self.language,
        )

    @property
    def places(self) -> tuple[Secret, ...]:
        """Where its secrets are."""
        found = (self.token, self.webhook_secret, self.oauth_client_secret)
        return tuple(one for one in found if one is not None)

    def entry(self) -> dict[str, str]:
        """The keys of `retouche.toml` that say the same, without the dataset's name."""
        found: dict[str, str | None] = {
            "forge": "gitlab",
            "repository": self.repository,
            "project": self.project,
            "branch": self.branch,
            **_place("token", self.token),
            **_place("webhook_secret", self.webhook_secret),
            "oauth_client_id": self.oauth_client_id,
            **_place("oauth_client_secret", self.oauth_client_secret),
            "pipelines": "skip" if self.pipelines_skipped else None,
            "author": self.author,
            "language": None if self.language == "fr" else self.language,
        }
        return {key: value for key, value in found.items() if value is not None}


def toml_lines(name: str, entry: Mapping[str, str]) -> list[str]:
    """The part of `retouche.toml` that says an entry."""
    values = {"name": name, **entry}
    # A JSON string of what is allowed here is a TOML string too.
    lines = (f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in values.items())
    return ["[[datasets]]", *lines]


def _place(key: str, secret: Secret | None) -> dict[str, str | None]:
    if secret is None:
        return {}
    return {f"{key}_env": secret.variable, f"{key}_file": str(secret.file) if secret.file else None}
