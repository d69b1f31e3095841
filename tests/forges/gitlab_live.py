"""A GitLab forge over a live GitLab: a project of its own for each test, removed afterwards.

The token's owner makes the project, opens and merges, so the token needs the scope `api`.
"""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

from retouche.forges.gitlab.forge import GitLabForge
from retouche.forges.gitlab.mirror import make_mirror
from retouche.forges.repository import BareRepository
from retouche.ports import Reviewer
from tests.forges.contract import DATASET, Place
from tests.forges.plain_git import ENVIRONMENT, git

MERGE_REQUESTS = "+refs/merge-requests/*/head:refs/merge-requests/*/head"


@dataclass(frozen=True, kw_only=True)
class LivePlace(Place):
    """A forge on a live project; its refs are seen in a copy that is made when asked for."""

    forge: GitLabForge
    url: str
    token: str

    @property
    def path(self) -> Path:
        if not self.repository.exists():
            git(self.repository.parent, "init", "--quiet", "--bare", str(self.repository))
        specs = ("+refs/heads/*:refs/heads/*", MERGE_REQUESTS)
        authorised(self.token, self.repository, "fetch", "--quiet", "--prune", self.url, *specs)
        return self.repository


@contextmanager
def make_live_place(folder: Path, seed: Path, url: str, token: str) -> Iterator[LivePlace]:
    """A fresh project filled by `seed`."""
    headers = {"Authorization": f"Bearer {token}"}
    fields = {"name": f"retouche-{secrets.token_hex(6)}", "default_branch": "main"}
    made = requests.post(f"{url}/api/v4/projects", json=fields, headers=headers, timeout=30)
    made.raise_for_status()
    project = made.json()
    try:
        address = f"{url}{urlsplit(project['http_url_to_repo']).path}"
        authorised(token, seed, "push", "--quiet", address, "refs/heads/main:refs/heads/main")
        mirror = folder / "mirror.git"
        make_mirror(mirror)
        forge = GitLabForge(
            BareRepository(mirror),
            DATASET,
            base_url=url,
            project=str(project["id"]),
            clone_url=address,
            token=lambda: token,
        )
        tip = forge.fetch().tip
        assert tip is not None
        forge.publish(tip)
        yield LivePlace(
            forge=forge,
            repository=folder / "seen.git",
            reviewer=Reviewer(name="maintainer", token=token),
            url=address,
            token=token,
        )
        forge.repository.close()
    finally:
        place = f"{url}/api/v4/projects/{project['id']}"
        requests.delete(place, headers=headers, timeout=30)


def authorised(token: str, path: Path, *arguments: str) -> None:
    """Run git with a token that no other process can see."""
    basic = base64.b64encode(f"oauth2:{token}".encode()).decode()
    subprocess.run(
        ["git", "-C", str(path), *arguments],
        env={
            **ENVIRONMENT,
            **{name: one for name, one in os.environ.items() if name.endswith("_proxy")},
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "http.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {basic}",
        },
        check=True,
        capture_output=True,
    )
