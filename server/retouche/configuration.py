"""`retouche.toml`: the datasets of a server, read into values. Opens nothing that the file names.

[[datasets]]
name = "france-services"
repository = "datasets/france-services"   # a path beside this file, or an https address
forge = "embedded"                        # or "gitlab"
branch = "main"
project = "group/project"                 # gitlab: the project
token_env = "GITLAB_TOKEN"                # gitlab: where the token is, never the token itself
token_file = "/run/secrets/gitlab"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from retouche.core.package import SLUG

NAME = "retouche.toml"
FORGES = ("embedded", "gitlab")
BRANCH = re.compile(r"(?!.*(\.\.|//|/\.|\.lock(/|$)))[A-Za-z0-9][A-Za-z0-9._/-]{0,99}(?<![./])")
KEYS = frozenset(
    {"name", "repository", "forge", "branch", "project", "token_env", "token_file"},
)
SECRETS = frozenset({"token", "password", "secret", "private_token"})


class BadConfiguration(Exception):
    """The file cannot be used: `reason` is the key of a message, `values` fill it."""

    def __init__(self, reason: str, **values: Any) -> None:
        self.reason = reason
        self.values = values
        super().__init__(f"{reason} {values}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One dataset of a server. A repository that is a path is absolute."""

    name: str
    repository: str
    forge: Literal["embedded", "gitlab"] = "embedded"
    branch: str | None = None
    project: str | None = None
    token_env: str | None = None
    token_file: Path | None = None

    @property
    def folder(self) -> Path | None:
        """Where the repository is on this machine, None when it is an address."""
        return None if self.repository.startswith("https://") else Path(self.repository)


def read(path: Path) -> tuple[Served, ...]:
    """The datasets that the file names, in its order. Raises `BadConfiguration`."""
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfiguration("toml_syntax", path=str(path), detail=str(error)) from None
    unknown = sorted(document.keys() - {"datasets"})
    if unknown:
        raise BadConfiguration("toml_unknown_key", path=str(path), key=unknown[0])
    entries = document.get("datasets")
    if not isinstance(entries, list) or not entries:
        raise BadConfiguration("toml_no_datasets", path=str(path))
    served = tuple(_served(entry, path) for entry in entries)
    names = [one.name for one in served]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise BadConfiguration("toml_duplicate_name", path=str(path), name=twice)
    return served


def _served(entry: Any, path: Path) -> Served:
    if not isinstance(entry, Mapping):
        raise BadConfiguration("toml_no_datasets", path=str(path))
    if SECRETS & entry.keys():
        raise BadConfiguration("toml_secret", path=str(path), key=min(SECRETS & entry.keys()))
    unknown = sorted(entry.keys() - KEYS)
    if unknown:
        raise BadConfiguration("toml_unknown_key", path=str(path), key=unknown[0])
    for key, value in entry.items():
        if not isinstance(value, str) or not value:
            raise BadConfiguration("toml_not_text", path=str(path), key=key)
    name, repository = entry.get("name", ""), entry.get("repository", "")
    if not SLUG.fullmatch(name):
        raise BadConfiguration("toml_bad_name", path=str(path), name=name)
    if not repository:
        raise BadConfiguration("toml_missing_key", path=str(path), name=name, key="repository")
    forge = entry.get("forge", "embedded")
    if forge not in FORGES:
        raise BadConfiguration("toml_bad_forge", path=str(path), name=name, forge=forge)
    branch = entry.get("branch")
    if branch is not None and not BRANCH.fullmatch(branch):
        raise BadConfiguration("toml_bad_branch", path=str(path), name=name, branch=branch)
    token_file = entry.get("token_file")
    return Served(
        name=name,
        repository=_located(repository, path, name=name),
        forge=forge,
        branch=branch,
        project=entry.get("project"),
        token_env=entry.get("token_env"),
        token_file=path.parent / token_file if token_file else None,
    )


def _located(repository: str, path: Path, *, name: str) -> str:
    """An https address as it is, a path made absolute beside the file; nothing else."""
    if repository.startswith("https://"):
        return repository
    if (
        "://" in repository
        or repository.startswith("-")
        or re.match(r"[\w.-]+@[\w.-]+:", repository)
    ):
        raise BadConfiguration(
            "toml_bad_repository", path=str(path), name=name, repository=repository
        )
    return str((path.parent / repository).resolve())
