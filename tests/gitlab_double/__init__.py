"""A double of GitLab for tests: real git repositories behind the calls that Retouche makes."""

from tests.gitlab_double.exchange import Call, Refusal
from tests.gitlab_double.faults import Fault
from tests.gitlab_double.gitlab import GitLab
from tests.gitlab_double.merge_requests import MergeRequest, Note
from tests.gitlab_double.projects import Project
from tests.gitlab_double.protections import PushRule
from tests.gitlab_double.staff import staffed

__all__ = [
    "Call",
    "Fault",
    "GitLab",
    "MergeRequest",
    "Note",
    "Project",
    "PushRule",
    "Refusal",
    "staffed",
]
