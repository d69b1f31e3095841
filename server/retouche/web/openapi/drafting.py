"""The calls that draft a project before one is proposed."""

from __future__ import annotations

from retouche.web.openapi.calls import DATASET, call, get, ref
from retouche.web.openapi.components import Json, query

SCENARIOS = f"{DATASET}/scenarios"
SCENARIO = f"{SCENARIOS}/{{scenario}}"
REFUSALS = (400, 403, 404, 409, 413, 415, 422, 429, 503, 507)


def scenarios() -> Json:
    named = [ref("dataset")]
    one = [*named, ref("scenario")]
    ids = {
        "type": "array",
        "items": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "minItems": 1,
        "maxItems": 4,
    }
    return {
        SCENARIOS: {
            "post": call(
                "make_scenario",
                "Begin a scenario; its address is the right to read and to change it",
                named,
                body="scenario",
                answers={"201": "drafted"},
                errors=REFUSALS,
            )
        },
        f"{SCENARIOS}/compare": get(
            "compare_scenarios",
            "Up to four scenarios side by side, each with its impact",
            [*named, query("scenario", "Scenarios to compare", ids, required=True)],
            answer="compared",
        ),
        SCENARIO: {
            **get("show_scenario", "A scenario", one, answer="drafted"),
            "put": call(
                "write_scenario",
                "Write a scenario over, with the version that was seen",
                one,
                body="scenario",
                answers={"200": "drafted"},
                errors=REFUSALS,
            ),
            "delete": _gone(one),
        },
        f"{SCENARIO}/impact": get(
            "show_scenario_impact",
            "What it would change in the indicators, and for whom",
            one,
            answer="impact",
        ),
        f"{SCENARIO}/submit": {
            "post": call(
                "submit_scenario",
                "Propose what it does, once; again, it gives the same proposal",
                one,
                body="submission",
                body_required=False,
                answers={
                    "200": "proposal_summary",
                    "201": "receipt",
                    "202": "receipt",
                },
                errors=REFUSALS,
            )
        },
    }


def _gone(parameters: list[Json]) -> Json:
    operation = call(
        "delete_scenario",
        "Forget a scenario",
        parameters,
        answers={},
        errors=(400, 404, 429, 503, 507),
    )
    operation["responses"]["204"] = {"description": "Forgotten"}
    return operation
