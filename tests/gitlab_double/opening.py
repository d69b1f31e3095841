"""How a merge request comes to be, with GitLab's checks of what it is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.gitlab_double import events, lifecycle, writing
from tests.gitlab_double.accounts import User
from tests.gitlab_double.exchange import Refusal
from tests.gitlab_double.merge_requests import MergeRequest

if TYPE_CHECKING:
    from tests.gitlab_double.projects import Project

_LONGEST = 1_048_576


def opened(project: Project, user: User, params: dict[str, Any]) -> MergeRequest:
    """Open a merge request of the API's parameters. Raises `Refusal`."""
    source, target = str(params["source_branch"]), str(params["target_branch"])
    check_texts(params)
    if source == target:
        raise Refusal(422, ["You can't use same project/branch for source and target"])
    head = project.head(source)
    if head is None:
        raise Refusal(400, {"source_branch": ["does not exist"]})
    if project.head(target) is None:
        raise Refusal(400, {"target_branch": ["does not exist"]})
    lifecycle.refuse_twin(project, source, target)
    iid = max(project.requests, default=0) + 1
    number = project.gitlab.number()
    title = str(params["title"]).strip()
    made = MergeRequest(number, iid, user, title, "", source, target, head)
    project.requests[iid] = made
    made.start_check(project.settings.mergeability_delay)
    made.check = "preparing"
    lifecycle.add_version(project, made, head)
    made.labels = names(params.get("labels"))
    made.assignees = users(project, params.get("assignee_ids"))
    made.reviewers = users(project, params.get("reviewer_ids"))
    made.remove_source = flag(params.get("remove_source_branch"))
    made.squash = bool(flag(params.get("squash")))
    writing.read(project, made, made.title)
    writing.describe(project, made, user, str(params.get("description") or ""), new=True)
    events.merge_request(project, made, user, "open")
    return made


def check_texts(params: dict[str, Any]) -> None:
    """Raises `Refusal` for a title or description that GitLab does not take."""
    title, text = params.get("title"), params.get("description")
    if title is not None and not str(title).strip():
        raise Refusal(400, {"title": ["can't be blank"]})
    if title is not None and len(str(title)) > 255:
        raise Refusal(400, {"title": ["is too long (maximum is 255 characters)"]})
    if text is not None and len(str(text)) > _LONGEST:
        limit = "is too long (maximum is 1048576 characters)"
        raise Refusal(400, {"description": [limit]})


def names(value: Any) -> list[str]:
    """A list, or a text with commas, as a list."""
    names = value if isinstance(value, list) else str(value or "").split(",")
    return [name.strip() for name in names if name.strip()]


def users(project: Project, value: Any) -> list[User]:
    """The users of a list of numbers."""
    wanted = set(names([str(one) for one in value] if isinstance(value, list) else value))
    return [user for user in project.gitlab.accounts.users.values() if str(user.id) in wanted]


def flag(value: Any) -> bool | None:
    """A truth value as forms or JSON give it."""
    return None if value is None else str(value).lower() in ("true", "1")
