"""Scenarios: draft a project, look at what it would change, submit it.

The address of a scenario is the right to it: its answers are kept by nobody and named to nobody.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request

from retouche.ports import Scenario
from retouche.services.datasets import Dataset
from retouche.web.api.impact import impact_body
from retouche.web.api.proposals import receipt, summary
from retouche.web.body import json_body
from retouche.web.caching import PRIVATE, json_response
from retouche.web.context import base_url, dataset, only_parameters, services
from retouche.web.guard import check_call, door
from retouche.web.language import locale
from retouche.web.problems import cell_error

blueprint = Blueprint("api_scenarios", __name__)
SCENARIOS = "/datasets/<name>/scenarios"
SCENARIO = f"{SCENARIOS}/<scenario>"


@blueprint.post(SCENARIOS)
def make(name: str) -> Response:
    found = dataset(name)
    g.package = found.at().package
    body = json_body()
    made = services().scenarios.make(found, body, door=door(name, body))
    response = json_response(shown(found, made), 201)
    response.headers["Location"] = _self(made)
    return response


@blueprint.get(f"{SCENARIOS}/compare")
def compare(name: str) -> Response:
    only_parameters("scenario")
    found = dataset(name)
    several = services().scenarios.several(found, request.args.getlist("scenario"))
    data = [{"scenario": shown(found, one), "impact": _impact(found, one)} for one in several]
    return json_response({"data": data})


@blueprint.get(SCENARIO)
def show(name: str, scenario: str) -> Response:
    only_parameters()
    found = dataset(name)
    return json_response(shown(found, services().scenarios.get(found, scenario)))


@blueprint.put(SCENARIO)
def write(name: str, scenario: str) -> Response:
    found = dataset(name)
    g.package = found.at().package
    body = json_body()
    written = services().scenarios.write(found, scenario, body, door=door(name, body))
    return json_response(shown(found, written))


@blueprint.delete(SCENARIO)
def delete(name: str, scenario: str) -> Response:
    found = dataset(name)
    check_call("scenario", name)
    services().scenarios.delete(found, scenario)
    return Response(status=204)


@blueprint.get(f"{SCENARIO}/impact")
def impact(name: str, scenario: str) -> Response:
    only_parameters()
    found = dataset(name)
    return json_response(_impact(found, services().scenarios.get(found, scenario)))


@blueprint.post(f"{SCENARIO}/submit")
def submit(name: str, scenario: str) -> Response:
    found = dataset(name)
    g.package = found.at().package
    body = json_body() if request.get_data(cache=True) else {}
    proposal, mine = services().scenarios.submit(found, scenario, body, door=door(name, body))
    return receipt(found, proposal) if mine else json_response(summary(proposal))


@blueprint.after_request
def keep_to_oneself(response: Response) -> Response:
    response.headers["Cache-Control"] = PRIVATE
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.vary.add("Accept-Language")
    return response


def shown(found: Dataset, scenario: Scenario) -> dict[str, Any]:
    """A scenario, with what would be wrong with it as a proposal."""
    report = services().scenarios.report(found, scenario)
    package = found.at(scenario.base_revision).package
    api = f"{base_url()}/api/v1/datasets/{found.name}"
    at = f"?revision=scenario:{scenario.id}"
    mine = _self(scenario)
    return {
        "id": scenario.id,
        "title": scenario.title,
        "version": scenario.version,
        "dataset": found.name,
        "base_revision": scenario.base_revision,
        "operations": [dict(one) for one in scenario.operations],
        "created_at": scenario.created_at.isoformat(),
        "updated_at": scenario.updated_at.isoformat(),
        "proposal": scenario.proposal,
        "moved": scenario.base_revision != found.forge.published(),
        "warnings": [cell_error(one, package) for one in (*report.errors, *report.warnings)],
        "url": f"{base_url()}/{found.name}/proposals/projects/{scenario.id}",
        "preview_url": f"{base_url()}/{found.name}{at}",
        "links": {
            "self": mine,
            "impact": f"{mine}/impact",
            "submit": f"{mine}/submit",
            "dataset": f"{api}{at}",
            "widgets": f"{api}/widgets{at}",
            **{
                f"rows_{one}": f"{api}/resources/{one}/rows{at}"
                for one in sorted({each.name for each in package.editable})
            },
        },
    }


def _impact(found: Dataset, scenario: Scenario) -> dict[str, Any]:
    before = found.at(scenario.base_revision)
    after = found.at(f"scenario:{scenario.id}")
    report = services().impact.of(before, after)
    return impact_body(report, locale(), moved=before.commit != found.forge.published())


def _self(scenario: Scenario) -> str:
    return f"{base_url()}/api/v1/datasets/{scenario.dataset}/scenarios/{scenario.id}"
