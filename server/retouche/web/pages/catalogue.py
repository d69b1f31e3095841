"""The catalogue: every dataset of this server."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template

from retouche.core.errors import RetoucheError
from retouche.core.messages import problem
from retouche.ports import Revision
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.web.context import services
from retouche.web.language import locale
from retouche.web.pages.context import commit_of

blueprint = Blueprint("catalogue", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A dataset in the catalogue; `trouble` says why one cannot be read."""

    dataset: Dataset
    revision: DatasetRevision | None = None
    commit: Revision | None = None
    pending: int = 0
    trouble: str = ""


@blueprint.get("/")
def index() -> str:
    return render_template("catalogue.html", entries=[_entry(one) for one in services().catalogue])


def _entry(dataset: Dataset) -> Entry:
    """One dataset that cannot be read must not hide the others."""
    try:
        revision = dataset.at()
        counts = services().proposals.counts(dataset)
        return Entry(
            dataset=dataset,
            revision=revision,
            commit=commit_of(revision),
            pending=counts.get("open", 0) + counts.get("queued", 0),
        )
    except RetoucheError as error:
        return Entry(dataset=dataset, trouble=problem(error, locale())[1])
