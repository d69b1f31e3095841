"""The quality of a dataset: figures per field, how they went on, and what to look at again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request

from retouche.core.errors import (
    NotAllowed,
    Paused,
    ProofRequired,
    RateLimited,
    RetoucheError,
    UnreadableFile,
)
from retouche.core.keys import format_key, parse_key
from retouche.core.messages import problem
from retouche.core.operations import Key
from retouche.core.package import Resource
from retouche.services.datasets import DatasetRevision
from retouche.services.quality.course import Point
from retouche.services.quality.portrait import Portrait, can_be_confirmed, portrait
from retouche.services.quality.quality import PATIENCE
from retouche.services.quality.territories import among, levels_of, listed
from retouche.web.context import page, services
from retouche.web.guard import door
from retouche.web.language import locale
from retouche.web.notices import pause_told
from retouche.web.pages.context import revision_looked_at
from retouche.web.pages.contributions import TRAP, Answer, told_when, trapped
from retouche.web.pages.links import absolute, page_url
from retouche.web.pages.paging import Pager
from retouche.web.pages.presentation import quality
from retouche.web.pages.proving import challenge_for
from retouche.web.problems import status_of

PAGE_SIZE = 20
WIDTH, HEIGHT = 600, 120
"""Of the drawing of a course, in units of its own."""
blueprint = Blueprint("quality", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The course as it is drawn: points of lines, and the share at the foot of the drawing."""

    filled: str
    valid: str
    low: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which rows the list of what is to be done shows."""

    resource: Resource
    territory: str

    @property
    def parameters(self) -> dict[str, Any]:
        return {"resource": self.resource.name, "territory": self.territory}


@blueprint.get("/quality/<dataset:name>")
def show_quality(name: str) -> Answer:
    return _page(revision_looked_at(name))


@blueprint.post("/quality/<dataset:name>/confirmations")
def confirm(name: str) -> Answer:
    """Somebody says of a row of the list that it is still correct, as they saw it."""
    revision = revision_looked_at(name)
    if request.form.get(TRAP):
        return _page(revision, fault=trapped()), 422
    resource, key = request.form.get("of", ""), parse_key(request.form.get("key", ""))
    body = {name: request.form[name] for name in ("revision", "proof") if request.form.get(name)}
    try:
        services().voices.confirm(revision.dataset, resource, key, body, door=door(name, body))
    except (RateLimited, Paused, ProofRequired, NotAllowed) as error:
        answer = _page(revision, refusal=error, refused=key)
        return answer, status_of(error), told_when(error)
    kept = {one: request.args.get(one) for one in ("resource", "territory", "page")}
    return redirect(page_url("quality.show_quality", name=name, done="confirmed", **kept), 303)


def _page(
    revision: DatasetRevision,
    *,
    fault: str = "",
    refusal: RetoucheError | None = None,
    refused: Key | None = None,
) -> str:
    """The page; `fault` or `refusal` says why a confirmation, of the row `refused`, was not
    taken."""
    name = revision.dataset.name
    began = services().course.begin()
    found = portrait(services().quality, services().freshness, revision, seconds=PATIENCE)
    course = services().course.of(revision, began=began)
    api = absolute(f"/api/v1/datasets/{name}")
    badge = absolute(f"/quality/{name}.svg?lang={locale()}")
    here = absolute(page_url("quality.show_quality", name=name, revision="", lang=""))
    return render_template(
        "quality.html",
        revision=revision,
        portrait=found,
        troubles={
            one.resource.name: problem(one.trouble, locale())[1]
            for one in found.resources
            if one.trouble is not None
        },
        course=course,
        pending=sum(1 for one in course if one.pending),
        line=line_of(course),
        confirmations=services().freshness.confirmations(revision.dataset),
        todo=_todo(revision, found),
        challenge=challenge_for(revision.dataset, refusal) if refusal else None,
        refused=refused,
        fault=problem(refusal, locale())[1] if refusal else fault,
        paused=pause_told(revision.dataset),
        badge=badge,
        badge_path=f"/quality/{name}.svg?lang={locale()}",
        said=" ".join(quality(found.overall.sound_share if found.overall.cells else None)),
        here=here,
        feed=absolute(f"/feed/{name}.atom?lang={locale()}"),
        api=api,
    )


def _todo(revision: DatasetRevision, found: Portrait) -> dict[str, Any] | None:
    """One page of the rows to look at again, and how they can be chosen; None where no row can
    be confirmed. Raises `Malformed`, `NotFound`."""
    package = revision.package
    known = [one.resource.name for one in found.resources if one.trouble is None]
    offered = [package.resources[one] for one in known if can_be_confirmed(package.resources[one])]
    if not offered:
        return None
    asked = request.args.get("resource")
    resource = package.resource(asked) if asked else offered[0]
    choice = Choice(resource=resource, territory=request.args.get("territory", ""))
    number = page()
    try:
        due, total = services().freshness.todo(
            revision,
            resource.name,
            among=among(revision, resource.name, choice.territory or None),
            page=number,
            page_size=PAGE_SIZE,
        )
    except UnreadableFile:  # which its figures, still pending, would have told
        return None
    levels = levels_of(package, resource.name, locale())
    return {
        "offered": offered,
        "choice": choice,
        "levels": [
            (one, options) for one in levels if (options := listed(revision, resource.name, one))
        ],
        "due": due,
        "named": {one.key: format_key(one.key) for one in due},
        "pager": Pager(number=number, size=PAGE_SIZE, total=total),
    }


def line_of(course: Sequence[Point]) -> Line | None:
    """The drawing of a course; None with fewer than two points."""
    known = [(at, one.overall) for at, one in enumerate(course) if one.overall is not None]
    if len(known) < 2:
        return None
    shares = [one for _, each in known for one in (each.filled_share, each.valid_share)]
    low = min(int(min(shares) * 10), 9) / 10

    def points(values: Sequence[tuple[int, float]]) -> str:
        return " ".join(
            f"{at * WIDTH / (len(course) - 1):.1f},{(1 - share) / (1 - low) * HEIGHT:.1f}"
            for at, share in values
        )

    return Line(
        filled=points([(at, one.filled_share) for at, one in known]),
        valid=points([(at, one.valid_share) for at, one in known]),
        low=low,
    )
