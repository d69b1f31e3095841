"""What git says of a remote repository, as errors of ours. git's words end here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from retouche.core.errors import (
    ForgeRefused,
    ForgeUnavailable,
    HeadMoved,
    RetoucheError,
    StorageFull,
)
from retouche.forges.gitlab.answers import plain
from retouche.forges.output import Output

_STATUS = re.compile(r"returned error: (\d{3})|HTTP code = (\d{3})|HTTP (\d{3})\b")
_REJECTED = re.compile(r"^!\t[^\t]*\t(\[(?:remote )?rejected\] .*)$", re.M)
_REMOTE = re.compile(r"^remote: ?(.*)$", re.M)
# Somebody else was faster: told by git here, or by the one there.
_MOVED = re.compile(r"stale info|reference already exists|but expected|incorrect old value", re.I)
# GitLab's own trouble, in the place where it says why it refuses a branch.
_TROUBLE = re.compile(
    r"internal api|unreachable|failed to (?:update|lock)|cannot lock|unable to (?:lock|migrate)"
    r"|unpacker error|gitaly|try again|timed? ?out|due to load|internal error",
    re.I,
)
_WORDS: tuple[tuple[str, str], ...] = (
    (r"due to load|too many requests", "forge_busy"),
    (r"Authentication failed|could not read (?:Username|Password)", "forge_unauthorized"),
    (r"redirect", "forge_redirected"),
    (r"certificate|CAfile|handshake", "forge_untrusted"),
    (r"timed out|too slow|Timeout", "forge_timeout"),
    (r"is this a git repository|protocol error|bad line length|invalid.*content-type|bad pack"
     r"|unexpected.*(?:content|response)|not valid", "forge_answer_unclear"),
    (r"resolve host|connect|reset|Empty reply|transfer closed|EOF|hung up|RPC failed|disconnect"
     r"|TLS|SSL",
     "forge_unreachable"),
)  # fmt: skip


def failure(output: Output, *, secrets: Iterable[str] = ()) -> RetoucheError:
    """What a failed fetch, push or look at refs means."""
    if isinstance(output.failure(), StorageFull):
        return StorageFull()
    errors = output.errors.decode("utf-8", "replace")
    rejected = _REJECTED.search(output.data.decode("utf-8", "replace"))
    remote = " ".join(_REMOTE.findall(errors))
    if rejected:
        return _rejection(rejected.group(1), remote, secrets)
    if "fsck error" in errors or "fsck failed" in errors:
        detail = plain(errors, secrets=secrets)
        return ForgeRefused("forge_history_refused", detail=detail)
    status = _STATUS.search(errors)
    if status:
        number = int(next(one for one in status.groups() if one))
        return _answered(number, plain(remote, secrets=secrets) or None)
    if re.search(r"repository .* not found|project you were looking for", errors, re.I):
        return ForgeRefused("forge_not_found", status=404)
    for words, reason in _WORDS:
        if re.search(words, errors, re.I):
            return ForgeUnavailable(reason)
    return ForgeUnavailable("forge_answer_unclear")


def _answered(status: int, detail: str | None) -> ForgeUnavailable:
    if status == 401:
        return ForgeUnavailable("forge_unauthorized")
    if status == 403:
        return ForgeRefused("forge_forbidden", status=status, detail=detail)
    if status == 404:
        return ForgeRefused("forge_not_found", status=status)
    if status == 429:
        return ForgeUnavailable("forge_rate_limited")
    if 300 <= status < 400:
        return ForgeUnavailable("forge_redirected")
    return ForgeUnavailable("forge_down", status=status)


def _rejection(line: str, remote: str, secrets: Iterable[str]) -> RetoucheError:
    if _MOVED.search(line) or _MOVED.search(remote):
        return HeadMoved()
    if _TROUBLE.search(line) or _TROUBLE.search(remote):
        return ForgeUnavailable("forge_busy")
    return ForgeRefused("push_refused", detail=plain(remote or line, secrets=secrets))
