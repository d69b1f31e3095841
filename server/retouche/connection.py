"""A GitLab project as a server meets it: its addresses, and where its secrets are read.

A secret is read at the moment it is used, so that a file may be replaced while the server runs.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from retouche.core.errors import ForgeUnavailable

SECRET = re.compile(r"[!-~]{1,4096}")
PATH = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/)+[A-Za-z0-9_][A-Za-z0-9_.-]*")
NUMBER = re.compile(r"[1-9][0-9]{0,15}")
ADDRESS = re.compile(r"(https?)://([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?(/[A-Za-z0-9_./-]+)")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Hosts that may be spoken to without TLS: nothing leaves the machine."""
GIT_END = ".git"


def certificates() -> str | None:
    """The file of the authorities that this machine trusts, such as `SSL_CERT_FILE` names; None
    where it has none."""
    return ssl.get_default_verify_paths().cafile


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What a dataset of a GitLab project is reached with. Printing it shows no secret."""

    base_url: str
    """`https://host[/sub]`, without a trailing slash."""
    project: str
    """Its path, `group/project`, or its number."""
    clone_url: str
    """Where git reads and writes, without a user or a secret."""
    token: Callable[[], str] = field(repr=False)
    """Reads the bot's token. Raises `ForgeUnavailable("forge_token_missing")`."""
    branch: str | None = None
    """The published branch; None: the project's default branch, whatever it is."""
    webhook_secret: str | None = field(default=None, repr=False)
    oauth_client_id: str | None = None
    oauth_client_secret: str | None = field(default=None, repr=False)
    pipelines_skipped: bool = False
    """Whether pushes ask that no pipeline runs."""
    author: str | None = None
    """`Name <mail>` of commits; None: the name of every Retouche."""
    locale: str = "fr"
    """The language of what is written into the project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Where a secret is: an environment variable or a file. Calling it reads it."""

    variable: str | None = None
    file: Path | None = None

    @property
    def place(self) -> str:
        """How a message names it."""
        return self.variable or str(self.file)

    def __call__(self) -> str:
        """The secret, without the blanks around it. Raises `ForgeUnavailable`."""
        text = self.found()
        if text is None:
            raise ForgeUnavailable("forge_token_missing", place=self.place)
        return text

    def found(self) -> str | None:
        """The secret; None when it is not there or cannot be one."""
        if self.variable is not None:
            text = os.environ.get(self.variable, "")
        else:
            try:
                text = (self.file or Path()).read_text(encoding="ascii")
            except (OSError, UnicodeDecodeError):
                return None
        text = text.strip()
        return text if SECRET.fullmatch(text) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The address of a project taken apart."""

    base_url: str
    project: str
    clone_url: str


def addresses(repository: str, project: str | None = None) -> Addresses | None:
    """Where a project is, by the address people clone it from; None when it is not one.

    `https://host/group/project[.git]`. A GitLab that lives below a path of its host is known by
    `project`, the path that the address must then end with; a number tells nothing of that.
    `http://` is for this machine alone.
    """
    parts = ADDRESS.fullmatch(repository)
    if parts is None or (parts[1] == "http" and parts[2] not in LOOPBACK):
        return None
    path = urlsplit(repository).path.strip("/").removesuffix(GIT_END)
    known = path if project is None or NUMBER.fullmatch(project) else project
    if not PATH.fullmatch(path) or not PATH.fullmatch(known) or ".." in path:
        return None
    if f"/{path}".endswith(f"/{known}"):
        above = f"/{path}".removesuffix(f"/{known}")
        host = f"{parts[1]}://{parts[2]}{parts[3] or ''}"
        return Addresses(
            base_url=f"{host}{above}",
            project=project or path,
            clone_url=f"{host}/{path}{GIT_END}",
        )
    return None
