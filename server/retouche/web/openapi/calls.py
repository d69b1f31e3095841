"""One call of the document: its parameters, its body, its answers, its refusals."""

from __future__ import annotations

from collections.abc import Mapping

from retouche.web.openapi.components import Json

API = "/api/v1"
DATASET = f"{API}/datasets/{{dataset}}"
RESOURCE = f"{DATASET}/resources/{{resource}}"
PROPOSAL = f"{DATASET}/proposals/{{proposal}}"
READ = (400, 404, 422, 503)


def get(
    name: str,
    summary: str,
    parameters: list[Json] | None = None,
    *,
    answer: str,
    errors: tuple[int, ...] = READ,
    description: str | None = None,
) -> Json:
    operation = call(name, summary, parameters or [], answers={"200": answer}, errors=errors)
    if description:
        operation["description"] = description
    return {"get": operation}


def call(
    name: str,
    summary: str,
    parameters: list[Json],
    *,
    answers: Mapping[str, str],
    errors: tuple[int, ...],
    body: str | None = None,
    body_required: bool = True,
) -> Json:
    operation: Json = {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            **{
                status: {"description": "OK", "content": json(answer)}
                for status, answer in answers.items()
            },
            **{str(status): problem() for status in errors},
            "414": {"description": "The address is longer than 8,190 characters"},
        },
    }
    if body:
        operation["requestBody"] = {"required": body_required, "content": json(body)}
    return operation


def file(
    name: str, summary: str, media: str, parameters: list[Json], *, errors: tuple[int, ...]
) -> Json:
    operation = call(name, summary, parameters, answers={}, errors=errors)
    operation["responses"]["200"] = {"description": "OK", "content": {media: {}}}
    return {"get": operation}


def problem() -> Json:
    reference = {"$ref": "#/components/schemas/problem"}
    return {
        "description": "A problem with a stable code",
        "content": {"application/problem+json": {"schema": reference}},
    }


def json(name: str) -> Json:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/parameters/{name}"}
