"""A project sent as a proposal from a plain form: through the same door as all contributions."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request

from retouche.core.errors import Invalid, RetoucheError
from retouche.core.messages import problem
from retouche.ports import Scenario
from retouche.services.datasets import Dataset
from retouche.web.context import services
from retouche.web.guard import door, tell_soon
from retouche.web.language import locale
from retouche.web.pages.contributions import ABOUT, TRAP, Answer, Faults, told_when
from retouche.web.pages.drafts import Draft
from retouche.web.pages.links import page_url
from retouche.web.pages.proving import challenge_for
from retouche.web.pages.scenarios import impact_of_scenario, steps_of, told_fault
from retouche.web.pages.sites import located
from retouche.web.problems import status_of


def submission(
    found: Dataset, scenario: Scenario, faults: Faults, error: RetoucheError | None = None
) -> Answer:
    g.private = True
    base = found.at(scenario.base_revision)
    first = located(base.package)[0]
    draft = Draft(
        base=base,
        resource=first,
        op="insert",
        comment=request.form.get("comment", ""),
        source=request.form.get("source", ""),
        name=request.form.get("name", ""),
        email=request.form.get("email", ""),
        opened=services().guard.stamp(found.name),
    )
    page = render_template(
        "project_submit.html",
        revision=base,
        scenario=scenario,
        draft=draft,
        faults=faults,
        steps=steps_of(found, base, scenario),
        impact=impact_of_scenario(found, scenario),
        challenge=challenge_for(found, error),
    )
    return page if error is None else (page, status_of(error), told_when(error))


def submit(found: Dataset, scenario: Scenario) -> Answer:
    form = request.form
    body: dict[str, Any] = {"locale": locale()}
    for name in ("comment", "source", "proof", "opened", TRAP):
        if form.get(name, "").strip():
            body[name] = form[name].strip()
    person = {one: form[one].strip() for one in ("name", "email") if form.get(one, "").strip()}
    if person:
        body["contributor"] = person
    try:
        services().guard.check_form(found.name, form.get("opened"))
        proposal, mine = services().scenarios.submit(
            found, scenario.id, body, door=door(found.name, body)
        )
    except RetoucheError as error:
        return submission(found, scenario, _faults(found, scenario, error), error)
    tell_soon()
    secret = services().proposals.secret(proposal) if mine else ""
    address = page_url(
        "proposals.show_proposal",
        name=found.name,
        proposal=proposal.id,
        secret=secret,
        done="sent" if mine else "",
    )
    return redirect(address, 303)


def _faults(found: Dataset, scenario: Scenario, error: RetoucheError) -> Faults:
    sentence = problem(error, locale())[1]
    beside = ABOUT.get(error.pointer or "")
    if beside:
        return Faults(about={beside: (sentence,)})
    if isinstance(error, Invalid):
        base = found.at(scenario.base_revision)
        return Faults(general=tuple(told_fault(base, one) for one in error.errors))
    return Faults(general=(sentence,))
