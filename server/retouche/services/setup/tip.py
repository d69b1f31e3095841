"""What stands at the tip of the published branch: whether it can be served, and what harms it."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from retouche.core.errors import NotFound, RetoucheError
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.following.tips import check_tip
from retouche.services.setup.findings import Finding, error, ok, warning
from retouche.services.setup.project import QUICK_ACTION

ATTRIBUTES = ".gitattributes"
TEMPLATES = ".gitlab/merge_request_templates"


def check_published_tip(dataset: Dataset, tip: str) -> Iterator[Finding]:
    """Whether the newest version could be served from nothing; then what its files say."""
    try:
        check_tip(dataset, tip, published=None)
        revision = dataset.at(tip)
    except RetoucheError as fault:
        yield error("tip_unreadable", tip=tip[:10], fault=fault)
        return
    yield ok("tip_right", tip=tip[:10], count=len(revision.package.resources))
    yield from _large_files(revision)
    yield from _templates(revision)


def data_sizes(revision: DatasetRevision) -> dict[str, int]:
    """The data files that corrections are written to, with their sizes in bytes."""
    editable = [one for one in revision.package.resources.values() if one.editable]
    return {one.path: len(revision.data(one.name)) for one in editable}


def _large_files(revision: DatasetRevision) -> Iterator[Finding]:
    """git LFS would put a pointer in the place of the data at the next commit of a file."""
    try:
        text = revision.dataset.forge.read(revision.commit, ATTRIBUTES).decode("utf-8", "replace")
    except NotFound:
        return
    patterns = [line.split()[0] for line in text.splitlines() if "filter=lfs" in line.split()[1:]]
    for resource in revision.package.resources.values():
        name = resource.path.rpartition("/")[2]
        for pattern in patterns:
            whole = resource.path if "/" in pattern else name
            if fnmatchcase(whole, pattern.lstrip("/")):
                yield error("large_files", path=resource.path, pattern=pattern)
                break


def _templates(revision: DatasetRevision) -> Iterator[Finding]:
    forge = revision.dataset.forge
    for path in forge.files(revision.commit, TEMPLATES):
        if path.lower().endswith("/default.md"):
            text = forge.read(revision.commit, path).decode("utf-8", "replace")
            if QUICK_ACTION.search(text):
                yield warning("template_actions", place=path)
