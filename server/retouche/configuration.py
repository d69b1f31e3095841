"""`retouche.toml`: the datasets of a server, read into values. Opens nothing that the file names.

[[datasets]]
name = "france-services"
repository = "datasets/france-services"   # a path beside this file, or an https address
forge = "embedded"                        # or "gitlab": the keys after this one are for it
branch = "main"
project = "group/project"                 # or its number
token_env = "GITLAB_TOKEN"                # where the token is, never the token itself
webhook_secret_file = "/run/secrets/webhook"
oauth_client_id = "…"
oauth_client_secret_env = "GITLAB_OAUTH_SECRET"
pipelines = "run"                         # or "skip"
author = "Retouche <bot@example.org>"
language = "fr"                           # or "en"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from retouche.connection import NUMBER, PATH, Secret, addresses
from retouche.core.package import DATASET
from retouche.remote import AUTHOR, Remote

NAME = "retouche.toml"
FORGES = ("embedded", "gitlab")
BRANCH = re.compile(r"(?!.*(\.\.|//|/\.|\.lock(/|$)))[A-Za-z0-9][A-Za-z0-9._/-]{0,99}(?<![./])")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
WITH_SECRET = re.compile(r"[a-z+]+://[^/]*@")
SECRET_KEYS = ("token", "webhook_secret", "oauth_client_secret")
PLACES = tuple(f"{key}_{kind}" for key in SECRET_KEYS for kind in ("env", "file"))
CHOICES = {"pipelines": ("run", "skip"), "language": ("fr", "en")}
GITLAB_KEYS = frozenset({"project", *PLACES, "oauth_client_id", "author", *CHOICES})
KEYS = frozenset({"name", "repository", "forge", "branch"}) | GITLAB_KEYS
SECRETS = frozenset({*SECRET_KEYS, "password", "secret", "private_token", "access_token"})


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
    remote: Remote | None = None
    """The project, when the forge is a GitLab."""

    @property
    def folder(self) -> Path | None:
        """Where the repository is on this machine, None when it is an address."""
        return None if "://" in self.repository else Path(self.repository)


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
    served = tuple(served_of(entry, path) for entry in entries)
    names = [one.name for one in served]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise BadConfiguration("toml_duplicate_name", path=str(path), name=twice)
    return served


def served_of(entry: Any, path: Path) -> Served:
    """One entry; `path` is the file it stands in. Raises `BadConfiguration`."""
    if not isinstance(entry, Mapping):
        raise BadConfiguration("toml_no_datasets", path=str(path))
    texts = _texts(entry, path)
    name, repository = texts.get("name", ""), texts.get("repository", "")
    if not DATASET.fullmatch(name):
        raise BadConfiguration("toml_bad_name", path=str(path), name=name)
    where = {"path": str(path), "name": name}
    if not repository:
        raise BadConfiguration("toml_missing_key", **where, key="repository")
    forge = texts.get("forge", "embedded")
    if forge not in FORGES:
        raise BadConfiguration("toml_bad_forge", **where, forge=forge)
    branch = texts.get("branch")
    if branch is not None and not BRANCH.fullmatch(branch):
        raise BadConfiguration("toml_bad_branch", **where, branch=branch)
    if WITH_SECRET.match(repository):
        raise BadConfiguration("toml_secret_address", **where)
    if forge == "gitlab":
        remote = _remote(texts, path, where)
        return Served(
            name=name, repository=remote.repository, forge="gitlab", branch=branch, remote=remote
        )
    foreign = sorted(GITLAB_KEYS & texts.keys())
    if foreign:
        raise BadConfiguration("toml_gitlab_key", **where, key=foreign[0])
    return Served(name=name, repository=_located(repository, path, name=name), branch=branch)


def _texts(entry: Mapping[str, Any], path: Path) -> dict[str, str]:
    if SECRETS & entry.keys():
        raise BadConfiguration("toml_secret", path=str(path), key=min(SECRETS & entry.keys()))
    unknown = sorted(entry.keys() - KEYS)
    if unknown:
        raise BadConfiguration("toml_unknown_key", path=str(path), key=unknown[0])
    texts = dict(entry)
    if type(entry.get("project")) is int:
        texts["project"] = str(entry["project"])
    for key, value in texts.items():
        if not isinstance(value, str) or not value:
            raise BadConfiguration("toml_not_text", path=str(path), key=key)
    return texts


def _remote(texts: Mapping[str, str], path: Path, where: Mapping[str, str]) -> Remote:
    """The keys of a GitLab project, each checked. No value that could be a secret is told."""
    repository, project = texts["repository"], texts.get("project")
    if addresses(repository) is None:
        raise BadConfiguration("toml_bad_project_address", **where, repository=repository)
    if project is not None and not (NUMBER.fullmatch(project) or PATH.fullmatch(project)):
        raise BadConfiguration("toml_bad_project", **where, project=project)
    found = addresses(repository, project)
    if found is None:
        raise BadConfiguration(
            "toml_project_elsewhere", **where, project=project, repository=repository
        )
    for key, allowed in CHOICES.items():
        if texts.get(key, allowed[0]) not in allowed:
            raise BadConfiguration(
                "toml_bad_choice", **where, key=key, value=texts[key], allowed=", ".join(allowed)
            )
    author = texts.get("author")
    if author is not None and not AUTHOR.fullmatch(author):
        raise BadConfiguration("toml_bad_author", **where, author=author)
    secrets = {key: _secret(key, texts, path, where) for key in SECRET_KEYS}
    token = secrets["token"]
    if token is None:
        raise BadConfiguration("toml_no_token", **where)
    if secrets["oauth_client_secret"] and "oauth_client_id" not in texts:
        raise BadConfiguration("toml_missing_key", **where, key="oauth_client_id")
    return Remote(
        repository=found.clone_url,
        project=project,
        branch=texts.get("branch"),
        token=token,
        webhook_secret=secrets["webhook_secret"],
        oauth_client_id=texts.get("oauth_client_id"),
        oauth_client_secret=secrets["oauth_client_secret"],
        pipelines_skipped=texts.get("pipelines") == "skip",
        author=author,
        language=texts.get("language", "fr"),
    )


def _secret(
    key: str, texts: Mapping[str, str], path: Path, where: Mapping[str, str]
) -> Secret | None:
    """Where a secret is. A name that is none may be the secret itself, so it is not repeated."""
    variable, file = texts.get(f"{key}_env"), texts.get(f"{key}_file")
    if variable and file:
        raise BadConfiguration("toml_two_places", **where, key=key)
    if variable and not VARIABLE.fullmatch(variable):
        raise BadConfiguration("toml_bad_variable", **where, key=f"{key}_env")
    if not (variable or file):
        return None
    return Secret(variable=variable, file=(path.parent / file).absolute() if file else None)


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
