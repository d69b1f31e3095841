"""What the double's own tests do with python-gitlab again and again: push, open, fetch, await."""

from __future__ import annotations

import time
from typing import Any

import gitlab as python_gitlab

from tests.gitlab_double import Project

Client = python_gitlab.Gitlab
BRANCH = "proposals/centres/0123456789abcdef"


def push(project: Project, branch: str = BRANCH, line: str = "1,A") -> str:
    data = f"id,name\n{line}\n2,b\n3,c\n".encode()
    return project.push(branch, {"data.csv": data}, by="bot", start="main")


def create(client: Client, branch: str = BRANCH, **params: Any) -> Any:
    wishes = {"source_branch": branch, "target_branch": "main", "title": "Change", **params}
    return client.projects.get("open-data/centres").mergerequests.create(wishes)


def fetch(client: Client, iid: int = 1) -> Any:
    return client.projects.get("open-data/centres").mergerequests.get(iid)


def awaited(client: Client, iid: int = 1, status: str = "mergeable") -> Any:
    """The merge request, once it has a status."""
    for _ in range(100):
        one = fetch(client, iid)
        if one.detailed_merge_status == status:
            return one
        time.sleep(0.01)
    raise AssertionError(one.detailed_merge_status)
