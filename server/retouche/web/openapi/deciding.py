"""The calls that propose, follow and decide."""

from __future__ import annotations

from retouche.web.openapi.calls import DATASET, PROPOSAL, READ, call, get, ref
from retouche.web.openapi.components import Json, query


def proposals() -> Json:
    named = [ref("dataset")]
    one = [*named, ref("proposal")]
    states = {
        "type": "array",
        "items": {"enum": ["queued", "open", "accepted", "rejected", "withdrawn"]},
    }
    refusals = (400, 403, 404, 409, 413, 415, 422, 429, 503, 507)
    return {
        f"{DATASET}/validate": {
            "post": call(
                "validate",
                "Check a proposal; nothing is written",
                named,
                body="proposal",
                answers={"200": "verdict"},
                errors=refusals,
            )
        },
        f"{DATASET}/challenge": get(
            "show_challenge",
            "What is asked of those who contribute now, with a calculation where one is",
            named,
            answer="terms",
            errors=(*READ, 429),
        ),
        f"{DATASET}/proposals": {
            **get(
                "list_proposals",
                "Proposals, newest first",
                [
                    *named,
                    query("state", "Only these states", states),
                    ref("page"),
                    ref("page_size"),
                ],
                answer="proposals",
            ),
            "post": call(
                "submit",
                "Propose a correction",
                [*named, ref("idempotency_key")],
                body="proposal",
                answers={"201": "receipt", "202": "receipt"},
                errors=refusals,
            ),
        },
        PROPOSAL: get("show_proposal", "A proposal", one, answer="proposal_summary"),
        f"{PROPOSAL}/diff": get(
            "show_proposal_diff", "What it changes, and what clashes", one, answer="proposal_diff"
        ),
        f"{PROPOSAL}/impact": get(
            "show_proposal_impact",
            "What it changes in the indicators, and for whom",
            one,
            answer="impact",
        ),
        f"{PROPOSAL}/withdraw": {
            "post": call(
                "withdraw",
                "Take it back, with the secret of the follow-up link",
                one,
                body="withdrawal",
                body_required=False,
                answers={"200": "proposal_summary"},
                errors=(400, 403, 404, 409, 413, 415, 503),
            )
        },
    }


def decisions() -> Json:
    named = [ref("dataset"), ref("proposal")]
    paths: Json = {}
    for verb, body, errors in (
        ("accept", "acceptance", (400, 401, 403, 404, 409, 413, 415, 422, 503, 507)),
        ("reject", "rejection", (400, 401, 403, 404, 409, 413, 415, 503)),
    ):
        operation = call(
            verb,
            f"{verb.capitalize()} a proposal, as a reviewer",
            named,
            body=body,
            answers={"200": "proposal_summary"},
            errors=errors,
        )
        operation["security"] = [{"reviewer": []}, {"session": []}]
        paths[f"{PROPOSAL}/{verb}"] = {"post": operation}
    return paths
