"""Projects: the list, drafting one (on the map, or by plain forms), and weighing several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, redirect, render_template, request

from retouche.core.errors import HeadMoved, RetoucheError
from retouche.core.messages import problem
from retouche.ports import Proposal, Scenario
from retouche.services.datasets import Dataset
from retouche.services.impact.wording import sentences
from retouche.web.context import dataset, page, services
from retouche.web.guard import door
from retouche.web.language import locale
from retouche.web.pages.contributions import TRAP, Answer, Faults, told_when, trapped
from retouche.web.pages.drafts import Draft
from retouche.web.pages.forms import form_groups
from retouche.web.pages.links import absolute, page_url
from retouche.web.pages.paging import Pager
from retouche.web.pages.planning import Asked, opened, operations_after
from retouche.web.pages.project_sending import submission, submit
from retouche.web.pages.proving import challenge_for
from retouche.web.pages.scenarios import (
    builder,
    impact_of_scenario,
    map_of,
    steps_of,
)
from retouche.web.pages.sites import located, sites
from retouche.web.problems import status_of
from retouche.web.translations import gettext as _

PAGE_SIZE = 20
MOST_OFFERED = 1_500
"""Rows that a form offers to choose from; of more, the key is written."""

blueprint = Blueprint("projects", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A project in the list."""

    proposal: Proposal
    sentence: str


# -- The list -----------------------------------------------------------------------------------


@blueprint.get("/<dataset:name>/proposals/projects")
def list_projects(name: str) -> str:
    found = dataset(name)
    number = page()
    listed, total = services().proposals.page(found, project=True, page=number, page_size=PAGE_SIZE)
    return render_template(
        "projects.html",
        revision=found.at(),
        entries=[Entry(proposal=one, sentence=_first_sentence(found, one)) for one in listed],
        pager=Pager(number=number, size=PAGE_SIZE, total=total),
        drafts=bool(located(found.at().package)),
    )


def _first_sentence(found: Dataset, proposal: Proposal) -> str:
    """What a project changes first of all; the empty text where nobody can say."""
    try:
        report = services().impact.of_proposal(found, proposal)
    except RetoucheError:  # its commit is not made yet, or its indicators cannot be computed
        return ""
    return next(iter(sentences(report, locale())), "")


# -- Drafting one -------------------------------------------------------------------------------


@blueprint.get("/<dataset:name>/proposals/projects/new")
def begin(name: str) -> Answer:
    found = dataset(name)
    services().guard.check_open(found)
    return _page(found, None)


@blueprint.post("/<dataset:name>/proposals/projects/new")
def create(name: str) -> Answer:
    found = dataset(name)
    body = _written(request.form.get("title", ""), ())
    try:
        made = services().scenarios.make(found, body, door=door(name, body))
    except RetoucheError as error:
        return _page(found, None, error=error)
    return redirect(_address(name, made.id), 303)


@blueprint.get("/<dataset:name>/proposals/projects/<scenario>")
def show(name: str, scenario: str) -> Answer:
    found = dataset(name)
    present = services().scenarios.get(found, scenario)
    if "submit" in request.args:
        return submission(found, present, Faults())
    if "open" in request.args:
        return _opening(found, present)
    return _page(found, present)


@blueprint.post("/<dataset:name>/proposals/projects/<scenario>")
def change(name: str, scenario: str) -> Answer:
    """One step more or less, another title, or a variant: as plain forms send them."""
    found = dataset(name)
    present = services().scenarios.get(found, scenario)
    step = request.form.get("step", "")
    if request.form.get(TRAP):
        return _page(found, present, fault=trapped(), status=422)
    if step == "submit":
        return submit(found, present)
    try:
        if step == "open":
            return _open(found, present)
        if step == "variant":
            title = request.form.get("title", "").strip() or present.title
            body = {**_written(title, present.operations), "base_revision": present.base_revision}
            made = services().scenarios.make(found, body, door=door(name, body))
            return redirect(_address(name, made.id, of=present.id), 303)
        title = request.form.get("title", "").strip() or present.title
        operations: Sequence[Any] = present.operations
        if step != "title":
            base = found.at(present.base_revision)
            operations = operations_after(step, base, present.operations, Asked.sent())
        _write(found, present, title, operations)
    except RetoucheError as error:
        return _page(found, present, error=error)
    return redirect(_address(name, scenario, done=step), 303)


def _written(title: str, operations: Sequence[Any]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "title": title.strip(),
        "operations": [dict(one) for one in operations],
        "locale": locale(),
    }
    given = {one: request.form.get(one) for one in ("proof", "opened", TRAP)}
    return body | {name: text for name, text in given.items() if text}


def _write(found: Dataset, present: Scenario, title: str, operations: Sequence[Any]) -> None:
    """Raises `HeadMoved` when the page showed an older version."""
    version = request.form.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    if seen != present.version:
        raise HeadMoved("scenario_moved", present=present.version)
    body = {**_written(title, operations), "version": seen}
    services().scenarios.write(found, present.id, body, door=door(found.name, body))


def _address(name: str, scenario: str, **more: str) -> str:
    return page_url("projects.show", name=name, scenario=scenario, **more)


def _page(
    found: Dataset,
    scenario: Scenario | None,
    *,
    error: RetoucheError | None = None,
    fault: str = "",
    status: int = 200,
) -> Answer:
    g.private = True  # the address of a scenario is the right to it
    base = found.at(scenario.base_revision) if scenario else found.at()
    drawn = builder(found.name, base, map_of(base))
    refused = problem(error, locale())[1] if error else fault
    steps = steps_of(found, base, scenario) if scenario else ()
    listed = list(sites(base))
    shown = render_template(
        "project.html",
        revision=base,
        scenario=scenario,
        title=request.form.get("title") or (scenario.title if scenario else ""),
        steps=steps,
        fault=refused,
        impact=impact_of_scenario(found, scenario) if scenario else None,
        located=located(base.package),
        offered=[(one.id, one.label, one.resource) for one in listed]
        if len(listed) <= MOST_OFFERED
        else None,
        # The builder does its own calculation; without it, the forms bring one.
        challenge=None if drawn["script"] else challenge_for(found, error),
        opened=services().guard.stamp(found.name),
        link=absolute(_address(found.name, scenario.id, lang="")) if scenario else "",
        **drawn,
    )
    if error is not None:
        return shown, status_of(error), told_when(error)
    return shown, status


# -- Opening a row ------------------------------------------------------------------------------


def _opening(found: Dataset, scenario: Scenario) -> Answer:
    """The form of a row to open, with what its place says of it."""
    base = found.at(scenario.base_revision)
    try:
        draft = opened(base, Asked.read(request.args), scenario.operations)
    except RetoucheError as error:
        return _page(found, scenario, error=error)
    return _row_form(scenario, draft, Faults())


def _row_form(scenario: Scenario, draft: Draft, faults: Faults) -> str:
    g.private = True
    groups = form_groups(draft, faults.by_field)
    shown = {entry.field.name for group in groups for entry in group.entries}
    return render_template(
        "project_row.html",
        revision=draft.base,
        scenario=scenario,
        draft=draft,
        groups=groups,
        faults=faults.beyond(shown),
    )


def _open(found: Dataset, scenario: Scenario) -> Answer:
    base = found.at(scenario.base_revision)
    resource = base.package.resource(request.form.get("resource", ""))
    draft = Draft.sent(base, resource, op="insert")
    by_name = resource.schema.by_name
    missing = {
        name: (_("Write something here: it must not be empty."),)
        for name, one in by_name.items()
        if one.required and one.editable and not draft.text(name).strip()
    }
    if missing:
        return _row_form(scenario, draft, Faults(by_field=missing)), 422
    operation = draft.body()["operations"][0]
    _write(found, scenario, scenario.title, (*scenario.operations, operation))
    return redirect(_address(found.name, scenario.id, done="open"), 303)
