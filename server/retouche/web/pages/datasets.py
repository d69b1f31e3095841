"""A dataset: what it holds, what changed lately, what is pending, how good it is."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from retouche.core.errors import RetoucheError
from retouche.core.messages import describe, problem
from retouche.core.package import Resource
from retouche.core.schema import Field, in_language
from retouche.services.datasets import DatasetRevision
from retouche.services.quality.figures import FieldQuality
from retouche.services.quality.quality import PATIENCE
from retouche.web.context import clone_address, page, services
from retouche.web.embedding.frames import oembed_address
from retouche.web.language import locale
from retouche.web.notices import notice, pause_told
from retouche.web.pages.context import revision_looked_at
from retouche.web.pages.links import absolute, page_url
from retouche.web.pages.paging import Pager
from retouche.web.pages.structured import dataset_described, json_ld
from retouche.web.pages.summaries import summaries

RECENT = 8
PENDING = 5
blueprint = Blueprint("datasets", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceView:
    """A resource with its figures; `trouble` says why its file cannot be read.

    `remarks` are the sentences of findings about the table as a whole, of no row in particular.
    `pending` while figures or remarks are not there yet.
    """

    resource: Resource
    rows: int | None = None
    quality: Sequence[FieldQuality] = ()
    fields: Mapping[str, Field]
    remarks: Sequence[str] = ()
    pending: bool = False
    trouble: str = ""

    @property
    def filled(self) -> float:
        """The share of all cells that hold something."""
        return sum(one.filled_share for one in self.quality) / max(len(self.quality), 1)

    @property
    def faults(self) -> int:
        """How many cells break a rule."""
        return sum(one.faults for one in self.quality)


@blueprint.get("/<dataset:name>")
def show_dataset(name: str) -> str:
    revision = revision_looked_at(name)
    dataset = revision.dataset
    api = absolute(f"/api/v1/datasets/{name}")
    number, end = page(), time.monotonic() + PATIENCE
    changes, total = services().history.revisions(
        dataset, revision.commit, page=number, page_size=RECENT
    )
    pending, waiting = services().proposals.page(
        dataset, states=("open", "queued"), page_size=PENDING
    )
    return render_template(
        "dataset.html",
        revision=revision,
        resources=[_view(revision, one, end) for one in revision.package.resources.values()],
        licences=licences(revision),
        widgets={
            widget: in_language(one.get("title"), locale()) or widget
            for widget, one in revision.widgets().items()
        },
        oembed=oembed_address(absolute(page_url("datasets.show_dataset", name=name, lang=""))),
        json_ld=json_ld(
            dataset_described(
                revision.package,
                url=absolute(page_url("datasets.show_dataset", name=name, revision="", lang="")),
                licences=licences(revision),
                downloads=[f"{api}/resources/{one}/data.csv" for one in revision.package.resources],
                locale=locale(),
            )
        ),
        changes=changes,
        pager=Pager(number=number, size=RECENT, total=total),
        pending=summaries(dataset, pending),
        waiting=waiting,
        clone=clone_address(name),
        api=api,
        notice=None if revision.pinned else notice(dataset),
        paused=pause_told(dataset),
    )


def licences(revision: DatasetRevision) -> list[dict[str, str]]:
    """The licences of the descriptor, with only such links as can be followed."""
    listed: Any = revision.package.descriptor.get("licenses")
    found = []
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, Mapping):
            path = str(one.get("path") or "")
            title = str(one.get("title") or one.get("name") or path)
            safe = path.startswith(("https://", "http://"))
            found.append({"title": title, "url": path if safe else ""})
    return found


def _view(revision: DatasetRevision, resource: Resource, end: float) -> ResourceView:
    """A resource, with what was found in it, or can be by the moment `end`."""
    name, known = resource.name, services().quality
    try:
        snapshot = revision.snapshot(name)
        fields = {one.name: one for one in snapshot.fields}
        figures = known.soon(revision, name, seconds=max(0.0, end - time.monotonic()))
        report = known.report_soon(revision, name, seconds=max(0.0, end - time.monotonic()))
        return ResourceView(
            resource=resource,
            rows=len(snapshot),
            # What an indicator computes is empty in the file, and nobody could fill it in.
            quality=[one for one in known.fields(revision, name) if not fields[one.field].indicator]
            if figures
            else (),
            fields=fields,
            remarks=_remarks(revision, name) if report else (),
            pending=not (figures and report),
        )
    except RetoucheError as error:
        return ResourceView(resource=resource, fields={}, trouble=problem(error, locale())[1])


def _remarks(revision: DatasetRevision, resource: str) -> list[str]:
    report = services().quality.report(revision, resource)
    return [
        describe(one, locale(), package=revision.package)
        for one in (*report.errors, *report.warnings)
        if one.row_number is None and one.row_key is None
    ]
