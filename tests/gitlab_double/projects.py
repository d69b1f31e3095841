"""A project of the double: its settings, members and merge requests, and what tests do to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.gitlab_double import lifecycle, merging, opening, writing
from tests.gitlab_double.accounts import User
from tests.gitlab_double.merge_requests import MergeRequest, Note
from tests.gitlab_double.protections import OWNER, Protection, Push, PushRule, Update, may_merge
from tests.gitlab_double.pushing import received
from tests.gitlab_double.repositories import ZERO, Repository
from tests.gitlab_double.webhooks import Hook

if TYPE_CHECKING:
    from tests.gitlab_double.gitlab import GitLab


@dataclass(slots=True)
class Settings:
    """What an owner may set. Names are those of GitLab's API but for the last block."""

    visibility: str = "private"
    merge_method: str = "merge"
    squash_option: str = "default_off"
    only_allow_merge_if_pipeline_succeeds: bool = False
    only_allow_merge_if_all_discussions_are_resolved: bool = False
    allow_merge_on_skipped_pipeline: bool = False
    remove_source_branch_after_merge: bool = True
    autoclose_referenced_issues: bool = True
    lfs_enabled: bool = True
    merge_requests_template: str | None = None
    issues_template: str | None = None
    merge_commit_template: str | None = None
    squash_commit_template: str | None = None
    suggestion_commit_message: str | None = None
    merge_requests_access_level: str = "enabled"
    repository_access_level: str = "enabled"
    archived: bool = False
    # Of the double.
    mergeability_delay: float = 0.05
    """Seconds until a merge request is known to be mergeable or not."""
    require_sha_for_merge: bool = False
    status_override: str | None = None
    """A `detailed_merge_status` that a policy imposes, such as `not_approved`."""


_INNER = ("mergeability_delay", "require_sha_for_merge", "status_override")


@dataclass(eq=False)
class Project:
    """A project over a real bare repository. The methods act as people do in GitLab's pages."""

    gitlab: GitLab
    id: int
    name: str
    """The full path, `group/project`."""
    repository: Repository
    default_branch: str
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    settings: Settings = field(default_factory=Settings)
    members: dict[str, int] = field(default_factory=dict)
    protections: list[Protection] = field(default_factory=list)
    push_rule: PushRule | None = None
    requests: dict[int, MergeRequest] = field(default_factory=dict)
    hooks: list[Hook] = field(default_factory=list)
    pushes: list[Push] = field(default_factory=list)
    """What git clients pushed, with the push options."""
    pipelines: dict[str, str] = field(default_factory=dict)
    """The state of the pipeline of a commit."""
    closed_issues: list[int] = field(default_factory=list)
    mentioned: list[str] = field(default_factory=list)
    """User names that any text mentioned (`all` too), in order."""
    referenced: list[str] = field(default_factory=list)
    """Issues, merge requests, labels… that any text referred to, as written."""
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def path(self) -> Path:
        """The bare repository on disk."""
        return self.repository.path

    @property
    def clone_url(self) -> str:
        return f"{self.gitlab.url}/{self.name}.git"

    @property
    def web_url(self) -> str:
        return f"{self.gitlab.url}/{self.name}"

    def refs(self, prefix: str = "refs/") -> dict[str, str]:
        """Commits by ref."""
        return self.repository.refs(prefix)

    def head(self, branch: str | None = None) -> str | None:
        """The commit of a branch, the default one when none is named."""
        return self.repository.head(branch or self.default_branch)

    def file(self, path: str, branch: str | None = None) -> bytes | None:
        """A file as it is on a branch; None when it is not there."""
        return self.repository.file(branch or self.default_branch, path)

    def member(self, name: str, role: int) -> None:
        """Give somebody a role (10 to 50); 0 takes it away."""
        self.gitlab.accounts.add(name)
        self.members[name] = role
        if not role:
            del self.members[name]

    def role(self, user: User | None) -> int:
        """The role of somebody here; 0: none."""
        if user is None:
            return 0
        return OWNER if user.admin else self.members.get(user.name, 0)

    def can_merge(self, user: User | None, branch: str) -> bool:
        """Whether somebody may merge into a branch."""
        return may_merge(self, user, branch)

    def readable(self, user: User | None) -> bool:
        """Whether somebody sees the project at all."""
        match self.settings.visibility:
            case "public":
                return True
            case "internal":
                return user is not None
            case _:
                return self.role(user) > 0

    def protect(
        self,
        name: str,
        *,
        push: int | list[int | str] = 40,
        merge: int | list[int | str] = 40,
        force: bool = False,
    ) -> Protection:
        """Protect branches; levels, or names of users; replaces the rule of the same name."""
        self.unprotect(name)
        lists = [tuple(entry if isinstance(entry, list) else [entry]) for entry in (push, merge)]
        rule = Protection(self.gitlab.number(), name, lists[0], lists[1], force)
        self.protections.append(rule)
        return rule

    def unprotect(self, name: str) -> None:
        self.protections = [rule for rule in self.protections if rule.name != name]

    def hook(self, url: str, *, token: str | None = None, signing_token: str | None = None) -> Hook:
        """Have events posted to an address; a signing token is `whsec_` and base64."""
        hook = Hook(self.gitlab.number(), url, token, signing_token)
        self.hooks.append(hook)
        return hook

    def open(self, source: str, *, by: str = "root", **params: Any) -> MergeRequest:
        """Open a merge request, as the API does with its parameters. Raises `Refusal`."""
        wishes = {"title": "Change", "target_branch": self.default_branch, **params}
        with self.lock:
            return opening.opened(self, self._user(by), {**wishes, "source_branch": source})

    def merge(self, iid: int, *, by: str = "root", **wishes: Any) -> MergeRequest:
        """Merge as the button does, at once. Raises `Refusal`."""
        with self.lock:
            request = self.requests[iid]
            merging.check_now(self, request)
            merging.merge(self, request, self._user(by), wishes)
            return request

    def close(self, iid: int, *, by: str = "root") -> None:
        self._act(iid, lambda request: lifecycle.close(self, request, self._user(by)))

    def reopen(self, iid: int, *, by: str = "root") -> None:
        """Raises `Refusal` when it cannot be."""
        self._act(iid, lambda request: lifecycle.reopen(self, request, self._user(by)))

    def retarget(self, iid: int, branch: str, *, by: str = "root") -> None:
        """Aim a merge request at another branch."""
        self._act(iid, lambda request: lifecycle.retarget(self, request, branch, self._user(by)))

    def retitle(self, iid: int, title: str, *, by: str = "root") -> None:
        self._act(iid, lambda request: lifecycle.retitle(self, request, title, self._user(by)))

    def note(self, iid: int, text: str, *, by: str = "root", internal: bool = False) -> Note | None:
        """Write a note, with its quick actions, as its author may."""
        with self.lock:
            return writing.add_note(self, self.requests[iid], self._user(by), text, internal)

    def push(
        self,
        branch: str,
        files: Mapping[str, bytes | None],
        *,
        by: str = "root",
        message: str = "Update data",
        start: str | None = None,
    ) -> str:
        """Commit to a branch without asking for rights; a new one starts at `start`'s head."""
        parent = self.head(branch) or self.head(start)
        return self._write(branch, files, by, message, parent)

    def rewrite(
        self,
        branch: str,
        files: Mapping[str, bytes | None],
        *,
        by: str = "root",
        message: str = "Start over",
        parent: str | None = None,
    ) -> str:
        """Put a commit of just these files (or of changes on `parent`) in a branch's place."""
        return self._write(branch, files, by, message, parent)

    def move(self, branch: str, commit: str, *, by: str = "root") -> None:
        """Put a branch at a commit that is in the repository already."""
        with self.lock:
            old = self.head(branch) or ZERO
            self.repository.update(f"refs/heads/{branch}", commit)
            received(self, self._user(by), [Update(f"refs/heads/{branch}", old, commit)])

    def delete_branch(self, branch: str, *, by: str = "root") -> None:
        """Remove a branch; open merge requests from it are closed."""
        with self.lock:
            old = self.head(branch)
            if old is None:
                raise KeyError(branch)
            self.repository.update(f"refs/heads/{branch}", None)
            received(self, self._user(by), [Update(f"refs/heads/{branch}", old, ZERO)])

    def rename_default(self, name: str) -> None:
        """Give the default branch another name; requests that aim at it follow, as in GitLab."""
        with self.lock:
            old, commit = self.default_branch, self.head()
            if commit is not None:
                self.repository.update(f"refs/heads/{name}", commit)
                self.repository.update(f"refs/heads/{old}", None)
            (self.path / "HEAD").write_text(f"ref: refs/heads/{name}\n")
            self.default_branch = name
            for rule in self.protections:
                rule.name = name if rule.name == old else rule.name
            root = self._user("root")
            for request in self.requests.values():
                if request.target_branch == old and request.state == "opened":
                    lifecycle.retarget(self, request, name, root)
            if commit is not None:
                moves = [Update(f"refs/heads/{name}", ZERO, commit)]
                received(self, root, [*moves, Update(f"refs/heads/{old}", commit, ZERO)])

    def pipeline(self, commit: str | None, state: str) -> None:
        """Set what the pipeline of a commit came to: running, success, failed, skipped…"""
        assert commit is not None
        self.pipelines[commit] = state

    def settings_json(self) -> dict[str, Any]:
        """The settings that the API shows."""
        return {key: value for key, value in asdict(self.settings).items() if key not in _INNER}

    def _write(
        self, branch: str, files: Mapping[str, bytes | None], by: str, message: str, at: str | None
    ) -> str:
        user = self._user(by)
        with self.lock:
            old = self.head(branch) or ZERO
            who = (user.name, user.mail)
            made = self.repository.commit(branch, files, author=who, message=message, parent=at)
            received(self, user, [Update(f"refs/heads/{branch}", old, made)])
            return made

    def _act(self, iid: int, act: Callable[[MergeRequest], object]) -> None:
        with self.lock:
            act(self.requests[iid])

    def _user(self, name: str) -> User:
        return self.gitlab.accounts.users[name]
