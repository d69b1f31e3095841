"""Proposals: check one, send one, follow it, take it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, Response, g, request

from retouche.core.errors import Malformed
from retouche.formats import check_body
from retouche.ports import Proposal, State
from retouche.services.datasets import Dataset
from retouche.services.findings import error_from_wire
from retouche.services.patches import public
from retouche.services.presentation import present as present_now
from retouche.web.access import secret, sees_private
from retouche.web.body import idempotency_key, json_body
from retouche.web.caching import PRIVATE, json_response
from retouche.web.context import (
    base_url,
    dataset,
    only_parameters,
    page,
    page_links,
    page_size,
    proposal_page,
    services,
)
from retouche.web.cookie import signed_in
from retouche.web.guard import check_call, door, tell_soon
from retouche.web.notices import seconds_until_try
from retouche.web.previewing import preview_url
from retouche.web.problems import cell_error, conflict

blueprint = Blueprint("api_proposals", __name__)
STATES: tuple[State, ...] = ("queued", "open", "accepted", "rejected", "withdrawn")


@blueprint.post("/datasets/<name>/validate")
def validate(name: str) -> Response:
    found = dataset(name)
    g.package = found.at().package
    check_call("validate", name)
    checked = services().proposals.validate(found, json_body())
    package = checked.published.package
    return json_response(
        {
            "valid": checked.report.valid,
            "errors": [cell_error(one, package) for one in checked.report.errors],
            "warnings": [cell_error(one, package) for one in checked.report.warnings],
        }
    )


@blueprint.post("/datasets/<name>/proposals")
def submit(name: str) -> Response:
    found = dataset(name)
    g.package = found.at().package
    sent = json_body()
    proposal = services().proposals.submit(
        found, sent, idempotency_key=idempotency_key(), door=door(name, sent)
    )
    return receipt(found, proposal)


@blueprint.get("/datasets/<name>/proposals")
def list_proposals(name: str) -> Response:
    only_parameters("state", "page", "page_size")
    found = dataset(name)
    states = request.args.getlist("state")
    unknown = next((one for one in states if one not in STATES), None)
    if unknown is not None:
        raise Malformed("bad_choice", pointer="state", allowed=", ".join(STATES))
    proposals, total = services().proposals.page(
        found, states=cast("list[State]", states), page=page(), page_size=page_size()
    )
    meta = {"page": page(), "page_size": page_size(), "total": total}
    body = {
        "data": [summary(one) for one in proposals],
        "meta": meta,
        "links": page_links(total),
    }
    return _fresh(json_response(body))


@blueprint.get("/datasets/<name>/proposals/<proposal>")
def show_proposal(name: str, proposal: str) -> Response:
    only_parameters("secret")
    found = dataset(name)
    present = services().proposals.get(found, proposal)
    body = summary(present) | {
        "events": [
            {"time": one.time.isoformat(), "kind": one.kind}
            for one in services().proposals.events(found, proposal)
        ]
    }
    if sees_private(present):
        body |= {
            "comment": present.comment,
            "source": present.source,
            "contributor": present.contributor,
            "decision": _decision(present),
            "notes": _notes(found, present),
        }
    return _fresh(json_response(body))


@blueprint.get("/datasets/<name>/proposals/<proposal>/diff")
def show_diff(name: str, proposal: str) -> Response:
    found = dataset(name)
    present = services().proposals.get(found, proposal)
    package = found.at(present.parent).package
    presented = present_now(found, present)
    return _fresh(
        json_response(
            {
                "head": present.head,
                "parent": present.parent,
                "operations": [public(one, package) for one in present.operations],
                "conflicts": [conflict(one, package) for one in presented.conflicts],
                "errors": [cell_error(one, package) for one in presented.errors],
                "warnings": [cell_error(one, package) for one in presented.warnings],
            }
        )
    )


@blueprint.post("/datasets/<name>/proposals/<proposal>/withdraw")
def withdraw(name: str, proposal: str) -> Response:
    found = dataset(name)
    body = json_body() if request.get_data(cache=True) else {}
    check_body("withdrawal", body)
    given = body.get("secret") or secret()
    ended = services().proposals.withdraw(found, proposal, secret=given)
    return _fresh(json_response(summary(ended)))


def receipt(found: Dataset, proposal: Proposal) -> Response:
    """The answer to who has sent a proposal: with the link by which they follow it."""
    tell_soon()
    body = summary(proposal)
    address = proposal_page(proposal)
    body["follow_up_url"] = f"{address}?secret={services().proposals.secret(proposal)}"
    response = json_response(body, 202 if proposal.state == "queued" else 201)
    response.headers["Location"] = _self(proposal)
    response.headers["Cache-Control"] = PRIVATE
    if proposal.state == "queued":
        response.headers["Retry-After"] = str(seconds_until_try(found))
    return response


def summary(proposal: Proposal) -> dict[str, Any]:
    """A proposal as anybody may see it."""
    found: Dataset = dataset(proposal.dataset)
    parent = found.at(proposal.parent)
    package = parent.package
    number = proposal.number
    decision = _decision(proposal) or {}
    return {
        "id": proposal.id,
        "dataset": proposal.dataset,
        "state": proposal.state,
        "conflicted": proposal.conflicted,
        "url": proposal_page(proposal),
        "merge_request": None
        if number is None
        else {"number": number, "url": proposal.merge_request_url or proposal_page(proposal)},
        "preview_url": preview_url(
            parent,
            f"proposal:{proposal.id}",
            {str(one["resource"]) for one in proposal.operations},
        ),
        "base_revision": proposal.base_revision,
        "parent": proposal.parent,
        "head": proposal.head,
        "created_at": proposal.created_at.isoformat(),
        "updated_at": proposal.updated_at.isoformat(),
        "operations": [public(one, package) for one in proposal.operations],
        "warnings": [cell_error(error_from_wire(one), package) for one in proposal.warnings],
        "reason": decision.get("reason"),
        "reason_code": reason_code(decision),
        "refused": refused(decision) if proposal.state == "accepted" else None,
        "accepted_cells": decision.get("cells") if proposal.state == "accepted" else None,
        "accepted_operations": decision.get("operations") if proposal.state == "accepted" else None,
        "revision": decision.get("revision") if proposal.state == "accepted" else None,
        "upstream": upstream_codes(proposal),
        "project": proposal.project,
        "title": proposal.title,
        "links": {
            "self": _self(proposal),
            "diff": f"{_self(proposal)}/diff",
            "impact": f"{_self(proposal)}/impact",
        },
    }


def refused(decision: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The parts of an accepted proposal that were not, with the reasons; messages are private."""
    return [
        {
            "operation": one["operation"],
            "field": one["field"],
            "reason": one["reason"],
            "reason_code": reason_code(one),
        }
        for one in decision.get("refused") or ()
    ]


def reason_code(kept: Mapping[str, Any]) -> str | None:
    """The reason as the reviewer gave it: the dataset's own, or the general one."""
    found: str | None = (kept.get("own_reason") or kept).get("code", kept.get("reason"))
    return found


def upstream_codes(proposal: Proposal) -> list[str]:
    """What was found of a proposal at a forge elsewhere, as codes."""
    seen = proposal.upstream
    facts = {
        "edited": seen.edited,
        "other_files": seen.other_files,
        "branch_deleted": seen.branch_deleted,
        "retargeted": seen.target is not None,
        "invalid": seen.invalid,
        "already_published": seen.already_published,
        "refused": seen.refused is not None,
    }
    return [name for name, found in facts.items() if found]


def _decision(proposal: Proposal) -> dict[str, Any] | None:
    """A decision that was taken; one that is only begun is not told."""
    return None if not proposal.decision or proposal.is_begun else dict(proposal.decision)


def _notes(found: Dataset, proposal: Proposal) -> list[dict[str, str]]:
    """What people wrote in its merge request, oldest first, as plain text."""
    if found.remote is None:
        return []
    return [
        {"author": one.author, "body": one.body, "time": one.time.isoformat()}
        for one in services().watch.notes(found.name, proposal.id)
    ]


def _self(proposal: Proposal) -> str:
    return f"{base_url()}/api/v1/datasets/{proposal.dataset}/proposals/{proposal.id}"


def _fresh(response: Response) -> Response:
    """Depends on who asks and on decisions taken meanwhile: never kept by a shared cache."""
    private = signed_in() or secret() is not None
    response.headers["Cache-Control"] = PRIVATE if private else "no-cache"
    response.vary.update(("Cookie", "Authorization", "Accept-Language"))
    return response
