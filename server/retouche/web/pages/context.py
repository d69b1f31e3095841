"""What the pages look at: the dataset and the revision that the address names."""

from __future__ import annotations

from flask import g, request

from retouche.ports import Revision
from retouche.services.datasets import DatasetRevision
from retouche.web.context import dataset


def revision_looked_at(name: str) -> DatasetRevision:
    """The dataset at `?revision=`, which the links of the page then keep; else as published.

    Raises `NotFound`.
    """
    asked = request.args.get("revision") or None
    revision = dataset(name).at(asked)
    if asked is not None:
        g.kept_revision = (name, asked)
        g.looked_at = revision
    g.package = revision.package
    return revision


def commit_of(revision: DatasetRevision) -> Revision:
    """The commit of a revision: when it was made, and by which proposal."""
    return next(iter(revision.dataset.forge.revisions(revision.commit)))
