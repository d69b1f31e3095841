"""What GitLab's API answers, as values of ours: unclear where it is not what it should be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any, Literal, TypeAlias, cast, get_args

from retouche.forges.gitlab.session import Unclear
from retouche.forges.refs import COMMIT

RequestStatus: TypeAlias = Literal["opened", "closed", "merged", "locked"]
DETAIL = 300
"""Longest text of GitLab that is kept beside an error, in characters."""
NAME = 255
"""Longest name of a person or a branch, in characters."""
LARGEST = 2**31 - 1
"""Largest number of a merge request."""
MOST_NOTES = 1_000_000
_LOOKED_AT = 20_000
_STATUS = re.compile(r"[a-z_]{1,80}")
_ADDRESS = re.compile(r"[!-~]{1,2000}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A merge request as GitLab shows it."""

    number: int
    url: str | None
    state: RequestStatus
    head: str | None
    source: str
    target: str
    is_fork: bool
    """Whether its branch is in another project, where names mean nothing to us."""
    title: str
    draft: bool
    status: str
    """GitLab's `detailed_merge_status`."""
    revision: str | None
    by: str | None
    at: datetime | None
    notes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: int
    name: str


def seen(data: Any, *, base_url: str) -> Seen:
    """A merge request of the GitLab at `base_url`. Raises `Unclear`."""
    fields = mapping(data)
    state = text(fields, "state")
    if state not in get_args(RequestStatus):
        raise Unclear
    head = commit(fields.get("sha"))
    merged = state == "merged"
    who = fields.get("merge_user") or fields.get("merged_by") if merged else fields.get("closed_by")
    revision = commit(fields.get("merge_commit_sha")) or commit(fields.get("squash_commit_sha"))
    source = fields.get("source_project_id")
    return Seen(
        number=number(fields, "iid", most=LARGEST),
        url=address(fields.get("web_url"), base_url),
        state=cast(RequestStatus, state),
        head=head,
        source=text(fields, "source_branch"),
        target=_marked(text(fields, "target_branch"))[:NAME],
        is_fork=source != fields.get("target_project_id", fields.get("project_id")),
        title=text(fields, "title"),
        draft=fields.get("draft") is True,
        status=_status(fields.get("detailed_merge_status")),
        revision=(revision or head) if merged else None,
        by=name_of(who),
        at=moment(fields.get("merged_at" if merged else "closed_at")),
        notes=_count(fields.get("user_notes_count")),
    )


def person(data: Any) -> Person:
    """Raises `Unclear`."""
    fields = mapping(data)
    name = name_of(fields)
    if name is None:
        raise Unclear
    return Person(id=number(fields, "id"), name=name)


def name_of(who: Any) -> str | None:
    """The user name of a person, on one line; None where there is none."""
    found = who.get("username") if isinstance(who, dict) else None
    return (plain(found, limit=NAME) or None) if isinstance(found, str) else None


def address(value: Any, base_url: str) -> str | None:
    """An address for a link; None for one that leads anywhere else than below `base_url`."""
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value) or "\\" in value:
        return None
    return value if value.startswith(f"{base_url.rstrip('/')}/") else None


def mapping(data: Any) -> Mapping[str, Any]:
    """Raises `Unclear` for what is not an object of JSON."""
    if not isinstance(data, dict):
        raise Unclear
    return data


def number(fields: Mapping[str, Any], name: str, *, most: int = 2**63 - 1) -> int:
    found = fields.get(name)
    if type(found) is not int or not 0 < found <= most:
        raise Unclear
    return found


def text(fields: Mapping[str, Any], name: str) -> str:
    found = fields.get(name)
    if not isinstance(found, str):
        raise Unclear
    return found


def level(project: Mapping[str, Any]) -> int | None:
    """The role of a token's owner in a project, or in its group where that is more; None when it
    is not told."""
    permissions = project.get("permissions")
    found = permissions if isinstance(permissions, Mapping) else {}
    accesses = [found.get(name) for name in ("project_access", "group_access")]
    given = [one.get("access_level") for one in accesses if isinstance(one, Mapping)]
    return max((one for one in given if isinstance(one, int)), default=None)


def commit(value: Any) -> str | None:
    return value if isinstance(value, str) and COMMIT.fullmatch(value) else None


def moment(value: Any) -> datetime | None:
    """A time as GitLab writes it, in UTC; None where there is none that pages could show."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    if not 1970 < found.year < 3000:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)


def wait(header: str | None, now: datetime) -> float | None:
    """`Retry-After`, seconds or a date, as seconds from now; None where it says nothing."""
    if header is None:
        return None
    if re.fullmatch(r"\s*\d{1,9}\s*", header):
        return float(header)
    try:
        date = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds())


def plain(words: str, *, secrets: Iterable[str] = (), limit: int = DETAIL) -> str:
    """Text of GitLab on few lines, without control and invisible characters, and secrets."""
    kept = (" " if one in "\n\r\t" else one for one in words if one in "\n\r\t" or is_visible(one))
    words = "".join(islice(kept, _LOOKED_AT))
    for secret in secrets:  # as it is shown: what was taken out may have parted it
        words = words.replace(secret, "…") if secret else words
    words = re.sub(r"(https?://)[^/@\s]*@", r"\1", words)
    return re.sub(r" {2,}", " ", words).strip()[:limit]


def is_visible(character: str) -> bool:
    """Not a control, format, surrogate or unassigned character."""
    return not unicodedata.category(character).startswith("C")


def _marked(words: str) -> str:
    """Text in which a sign stands for each character that cannot be seen."""
    return "".join(one if is_visible(one) else "\N{REPLACEMENT CHARACTER}" for one in words)


def _status(value: Any) -> str:
    if value is None:
        return "unchecked"
    return value if isinstance(value, str) and _STATUS.fullmatch(value) else "unknown"


def _count(value: Any) -> int:
    return value if type(value) is int and 0 <= value <= MOST_NOTES else 0
