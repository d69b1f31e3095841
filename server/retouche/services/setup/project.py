"""The settings of a project that decide what becomes of a proposal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from retouche.connection import Connection
from retouche.ports.inspection import ProjectFacts
from retouche.services.setup.findings import Finding, error, ok, warning

QUICK_ACTION = re.compile(r"^[ \t]*/[a-z_]{2,}\b", re.M)
DESCRIPTION = re.compile(r"%\{(description|all_commits|first_multiline_commit_description)\}")


def check_project(project: ProjectFacts, *, connection: Connection) -> Iterator[Finding]:
    """What a project allows; what it does not tell is not judged."""
    settings = project.settings
    if settings.get("archived"):
        yield error("project_archived", project=project.path)
    if settings.get("merge_requests_access_level") == "disabled" or (
        settings.get("merge_requests_enabled") is False
    ):
        yield error("requests_disabled", project=project.path)
    yield _branch(project, connection.branch)
    yield from _merging(settings, skipped=connection.pipelines_skipped)
    if not settings.get("remove_source_branch_after_merge", True):
        yield warning("branches_kept")
    if settings.get("autoclose_referenced_issues"):
        yield warning("issues_closed")
    template = settings.get("merge_requests_template") or ""
    if QUICK_ACTION.search(template):
        yield error("template_actions", place="Settings > Merge requests")
    for name in ("merge_commit_template", "squash_commit_template"):
        if DESCRIPTION.search(settings.get(name) or ""):
            yield warning("commit_template", name=name)


def _branch(project: ProjectFacts, wanted: str | None) -> Finding:
    default = project.default_branch
    if not default:
        return error("project_empty", project=project.path)
    if wanted is not None and wanted != default:
        return warning("branch_not_default", branch=wanted, default=default)
    return ok("branch_right", branch=default)


def _merging(settings: Mapping[str, Any], *, skipped: bool) -> Iterator[Finding]:
    method = settings.get("merge_method", "merge")
    if method == "merge":
        yield ok("merge_method_right")
    else:
        yield warning("merge_method", method=method)
    squash = settings.get("squash_option")
    if squash in ("always", "default_on"):
        yield warning("squash", option=squash)
    if (
        skipped
        and settings.get("only_allow_merge_if_pipeline_succeeds")
        and not settings.get("allow_merge_on_skipped_pipeline")
    ):
        yield error("pipelines_needed")
