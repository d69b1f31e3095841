"""Where a home keeps what the services work with, and the secret that is made for it."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from retouche.core.errors import BadDataset
from retouche.forges.storage import sync_folder
from retouche.settings import Settings

SECRET = re.compile(r"[0-9a-f]{64}")


def repository_path(home: Path, dataset: str) -> Path:
    """Where a dataset's bare repository is: the only one there is, or the mirror of a project."""
    return home / "repositories" / f"{dataset}.git"


def journal_url(settings: Settings) -> str:
    """The address of the journal: the one that is set, or a file of the home."""
    return settings.database_url or f"sqlite:///{settings.home.resolve() / 'journal.sqlite'}"


def kept_secret(path: Path) -> str:
    """Made once, whole or not at all, readable by the owner alone.

    Two processes that start together agree on one. Raises `BadDataset` for a file that is not
    a secret of ours: making another would break the links that were given out.
    """
    if not path.exists():
        descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(made, path)
            sync_folder(path.parent)
        finally:
            os.unlink(made)
    secret = path.read_text(encoding="ascii", errors="replace")
    if not SECRET.fullmatch(secret):
        raise BadDataset("bad_secret_file", path=str(path))
    return secret
