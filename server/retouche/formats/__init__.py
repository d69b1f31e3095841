"""The JSON that Retouche reads and writes, as JSON Schemas, and the one check against them.

The files beside this module are the truth: the server checks bodies with them and the OpenAPI
document quotes them. jsonschema has its only importer here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING, Any

from retouche.core.errors import BadDataset, Malformed, TooLarge
from retouche.core.package import Package

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

NAMES = (
    "proposal",
    "acceptance",
    "rejection",
    "withdrawal",
    "confirmation",
    "remark",
    "scenario",
    "submission",
    "problem",
    "extension",
    "widget",
)


COMMIT_ID = "^[0-9a-f]{40}$"
MOST_FAULTS = 200
"""Faults of a body that are looked at: a hostile one has as many as it has bytes."""
TOO_MANY = ("maxItems", "maxProperties")


@cache
def schema(name: str) -> Mapping[str, Any]:
    """The JSON Schema of one of our formats."""
    text = (files(__name__) / f"{name}.schema.json").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = json.loads(text)
    return loaded


@cache
def _validator(name: str, definition: str = "") -> Draft202012Validator:
    # Read when there is something to check: a command that has nothing to starts sooner.
    from jsonschema import Draft202012Validator
    from referencing import Registry

    # An empty registry: a remote `$ref` is an error, never a request.
    whole = schema(name)
    part = {**whole["$defs"][definition], "$defs": whole["$defs"]} if definition else whole
    return Draft202012Validator(part, registry=Registry())


def faults_of_form(name: str, value: Any) -> Iterator[ValidationError]:
    """Everything about a value that one of our formats does not allow."""
    return _validator(name).iter_errors(value)


def check_body(name: str, body: Any) -> None:
    """Check a request body. Raises `Malformed` or `TooLarge`, pointing at the first fault."""
    error = _first(_some(faults_of_form(name, body)))
    if error is not None:
        raise _refusal(error)


def check_extension(part: str, value: Any, *, where: str) -> None:
    """Check our additions to a `package`, `resource` or `field`. Raises `BadDataset`."""
    if value == {}:
        return  # every part of it may be left out
    error = _first(_validator("extension", part).iter_errors(value))
    if error is not None:
        raise BadDataset("bad_extension", where=where + _pointer(error), detail=error.message[:200])


def check_extensions(package: Package) -> None:
    """Check all our additions to a data package. Raises `BadDataset`."""
    check_extension("package", package.extension, where="retouche")
    for name, resource in package.resources.items():
        check_extension("resource", resource.extension, where=f"{name}/retouche")
        for field in resource.schema.fields:
            check_extension("field", field.extension, where=f"{name}/{field.name}/retouche")


def _some(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """The first faults; none after one that says that something is too long to be walked."""
    for error in islice(errors, MOST_FAULTS):
        yield error
        if error.validator in TOO_MANY:
            return


def _first(errors: Iterable[ValidationError]) -> ValidationError | None:
    """The fault nearest to the root, then first in the document, so answers are stable."""
    return min(
        errors, key=lambda one: (len(one.absolute_path), str(one.absolute_path)), default=None
    )


def _pointer(error: ValidationError) -> str:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in error.absolute_path)
    return "".join(f"/{part}" for part in parts)


def _refusal(error: ValidationError) -> Malformed | TooLarge:
    pointer = _pointer(error)
    rule = str(error.validator)
    limit: Any = error.validator_value
    instance: Any = error.instance
    if rule == "additionalProperties":
        known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
        extra = sorted(set(instance) - set(known))
        return Malformed(
            "unknown_property",
            pointer=f"{pointer}/{extra[0]}",
            property=extra[0][:80],
            known=", ".join(sorted(known)),
        )
    if rule == "required":
        missing = next(name for name in limit if name not in instance)
        return Malformed("missing_property", pointer=pointer, property=missing)
    if rule in TOO_MANY:
        return TooLarge("too_many", pointer=pointer, limit=limit, count=len(instance))
    if rule == "maxLength":
        return TooLarge("too_long", pointer=pointer, limit=limit, count=len(instance))
    if rule in ("minItems", "minProperties", "minLength"):
        return Malformed("empty_value", pointer=pointer)
    if rule == "enum":
        return Malformed("bad_choice", pointer=pointer, allowed=", ".join(map(str, limit)))
    if rule == "pattern" and limit != COMMIT_ID:
        return Malformed("control_character", pointer=pointer)
    if rule == "pattern":
        return Malformed("bad_commit_id", pointer=pointer, value=str(instance)[:80])
    if rule == "type":
        expected = " / ".join([limit] if isinstance(limit, str) else limit)
        return Malformed("wrong_type", pointer=pointer, expected=expected)
    return Malformed("bad_value", pointer=pointer)
