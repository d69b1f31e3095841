"""Protected branches and push rules: who may push, merge and remove what."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.gitlab_double.repositories import ZERO

if TYPE_CHECKING:
    from tests.gitlab_double.accounts import User
    from tests.gitlab_double.projects import Project

NO_ONE, GUEST, REPORTER, DEVELOPER, MAINTAINER, OWNER = 0, 10, 20, 30, 40, 50
_LEVELS = {
    NO_ONE: "No one",
    DEVELOPER: "Developers + Maintainers",
    MAINTAINER: "Maintainers",
    OWNER: "Owners",
}
_NOT_ALLOWED = "You are not allowed to push code to protected branches on this project."


@dataclass(slots=True)
class Protection:
    """A rule for the branches that match a name with `*`; levels, or names of users."""

    id: int
    name: str
    push: tuple[int | str, ...] = (MAINTAINER,)
    merge: tuple[int | str, ...] = (MAINTAINER,)
    force: bool = False

    def matches(self, branch: str) -> bool:
        return fnmatch.fnmatchcase(branch, self.name)


@dataclass(slots=True)
class PushRule:
    """What a licensed GitLab demands of pushes. Empty texts and 0 demand nothing."""

    branch_name_regex: str = ""
    commit_message_regex: str = ""
    author_email_regex: str = ""
    max_file_size: int = 0
    """In MiB."""


@dataclass(frozen=True, slots=True)
class Update:
    """One ref as a push moves it."""

    ref: str
    old: str
    new: str

    @property
    def branch(self) -> str | None:
        return self.ref.removeprefix("refs/heads/") if self.ref.startswith("refs/heads/") else None


@dataclass(slots=True)
class Push:
    """A push as it arrived."""

    updates: list[Update]
    options: list[str] = field(default_factory=list)


def may_push(project: Project, user: User | None, branch: str) -> bool:
    """The most permissive rule that matches wins; without any, Developers may push."""
    return _may(project, user, branch, "push")


def may_merge(project: Project, user: User | None, branch: str) -> bool:
    """Who may merge into a branch; who may push to it, may merge too."""
    return _may(project, user, branch, "merge") or _may(project, user, branch, "push")


def _may(project: Project, user: User | None, branch: str, right: str) -> bool:
    role = project.role(user)
    if user is None or role < DEVELOPER:
        return False
    rules = [rule for rule in project.protections if rule.matches(branch)]
    if not rules:
        return True
    return any(_holds(entry, user, role) for rule in rules for entry in getattr(rule, right))


def _holds(entry: int | str, user: User, role: int) -> bool:
    return user.name == entry if isinstance(entry, str) else bool(entry) and role >= entry


def refusal(project: Project, user: User, push: Push) -> str | None:
    """Why GitLab refuses a push, as its hook says it; None when it takes it."""
    for update in push.updates:
        branch = update.branch
        if branch is None:
            continue
        said = _branch_refusal(project, user, branch, update) or _name_refusal(project, branch)
        if said:
            return said
    return None


def _branch_refusal(project: Project, user: User, branch: str, update: Update) -> str | None:
    if update.new == ZERO:
        said = removal_refusal(project, user, branch)
        if said is None and is_protected(project, branch):
            return "You can only delete protected branches using the web interface."
        return said
    if is_protected(project, branch) and not may_push(project, user, branch):
        return _NOT_ALLOWED
    return None


def is_protected(project: Project, branch: str) -> bool:
    return any(rule.matches(branch) for rule in project.protections)


def removal_refusal(project: Project, user: User, branch: str) -> str | None:
    """Why a branch may not be removed by API: who may push to it may not for that.

    As Gitlab::Checks::BranchCheck has it.
    """
    if branch == project.default_branch:
        return "The default branch of a project cannot be deleted."
    if is_protected(project, branch) and project.role(user) < MAINTAINER:
        return (
            "You are not allowed to delete protected branches from this project. "
            "Only a project maintainer or owner can delete a protected branch."
        )
    return None


def hook_environment(project: Project, push: Push) -> dict[str, str]:
    """What the hook of the repository has to look at, since new objects are known only there."""
    rule = project.push_rule or PushRule()
    steady = [update.ref for update in push.updates if _is_steady(project, update)]
    found = {
        "DOUBLE_STEADY": " ".join(steady),
        "DOUBLE_MAX_BYTES": str(rule.max_file_size << 20) if rule.max_file_size else "",
        "DOUBLE_MAX_SIZE": str(rule.max_file_size),
        "DOUBLE_MAIL": rule.author_email_regex,
        "DOUBLE_SUBJECT": rule.commit_message_regex,
    }
    return {name: value for name, value in found.items() if value}


def _is_steady(project: Project, update: Update) -> bool:
    """Whether a ref is protected and may only move forward."""
    rules = [rule for rule in project.protections if rule.matches(update.branch or "")]
    moved = update.old != ZERO and update.new != ZERO
    return moved and bool(rules) and not any(rule.force for rule in rules)


def _name_refusal(project: Project, branch: str) -> str | None:
    rule = project.push_rule
    if rule is None or not rule.branch_name_regex or branch == project.default_branch:
        return None
    if re.search(rule.branch_name_regex, branch):
        return None
    return f"Branch name does not follow the pattern '{rule.branch_name_regex}'"


def as_json(project: Project, rule: Protection) -> dict[str, Any]:
    """A rule as the API shows it."""
    return {
        "id": rule.id,
        "name": rule.name,
        "push_access_levels": [_level(project, rule, entry) for entry in rule.push],
        "merge_access_levels": [_level(project, rule, entry) for entry in rule.merge],
        "unprotect_access_levels": [],
        "allow_force_push": rule.force,
        "code_owner_approval_required": False,
        "inherited": False,
    }


def _level(project: Project, rule: Protection, entry: int | str) -> dict[str, Any]:
    user = project.gitlab.accounts.users[entry] if isinstance(entry, str) else None
    return {
        "id": rule.id * 100 + (user.id if user else int(entry)),
        "access_level": DEVELOPER if user else entry,
        "access_level_description": user.name if user else _LEVELS.get(int(entry), str(entry)),
        "user_id": user.id if user else None,
        "group_id": None,
        "deploy_key_id": None,
    }
