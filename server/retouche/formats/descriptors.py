"""The form of a widget descriptor: the first fault, in the words of whoever wrote the file.

What a descriptor names is checked elsewhere; here is only its shape.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeAlias

from retouche.core.errors import BadDataset
from retouche.core.widget_names import pointed
from retouche.formats import faults_of_form

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Faults: TypeAlias = "Sequence[ValidationError]"
LIMITS = {
    "minimum": "least",
    "exclusiveMinimum": "above",
    "minItems": "fewest",
    "minProperties": "fewest",
    "minLength": "fewest",
    "maximum": "most",
    "maxItems": "most_entries",
    "maxProperties": "most_entries",
    "maxLength": "most_entries",
}


def check_widget_form(widget: Any, *, path: str) -> None:
    """Check the shape of a descriptor. Raises `BadDataset`: file, JSON pointer, what is right."""
    error = _nearest(faults_of_form("widget", widget))
    if error is None:
        return
    while error.context:
        branches = _branches(error)
        if all(_other_type(one) for one in branches):
            raise _unknown_type(error, branches, path)
        if all(_wrong_kind(one) for one in branches):
            kinds = [str(one.validator_value) for branch in branches for one in _wrong_kind(branch)]
            raise _refusal(error, path, "widget_wrong_type", expected=" / ".join(kinds))
        closest = min(branches, key=_distance)
        error = _nearest(closest)
        assert error is not None  # a branch without a fault is no fault
    raise _described(error, path)


def _nearest(errors: Iterable[ValidationError]) -> ValidationError | None:
    """The fault nearest to the root, then the one that explains others, so answers are stable."""
    return min(
        errors,
        key=lambda one: (
            len(one.absolute_path),
            str(one.absolute_path),
            one.validator != "additionalProperties",
            str(one.validator),
        ),
        default=None,
    )


def _branches(error: ValidationError) -> list[Faults]:
    """The faults of each of the forms that a value might have had."""
    found: defaultdict[Any, list[ValidationError]] = defaultdict(list)
    for one in error.context or ():
        found[one.relative_schema_path[0]].append(one)
    return [found[one] for one in sorted(found)]


def _other_type(errors: Faults) -> Faults:
    """The faults which say that an object is not of this `type`."""
    return [
        one
        for one in errors
        if one.validator in ("const", "enum") and list(one.relative_path) == ["type"]
    ]


def _wrong_kind(errors: Faults) -> Faults:
    return [one for one in errors if one.validator == "type" and not one.relative_path]


def _distance(errors: Faults) -> tuple[int, int, int, int]:
    """How far a value is from a form: by its type, its kind, what it lacks, and all in all."""
    lacks = sum(one.validator == "required" and not one.relative_path for one in errors)
    return len(_other_type(errors)), len(_wrong_kind(errors)), lacks, len(errors)


def _unknown_type(error: ValidationError, branches: Iterable[Faults], path: str) -> BadDataset:
    known: list[str] = []
    value: Any = error.instance
    for one in (fault for branch in branches for fault in _other_type(branch)):
        allowed: Any = one.validator_value
        known += [allowed] if isinstance(allowed, str) else list(allowed)
    return BadDataset(
        "widget_bad_choice",
        path=path,
        at=pointed("", *error.absolute_path, "type"),
        value=value["type"],
        allowed=known,
    )


def _described(error: ValidationError, path: str) -> BadDataset:
    rule = str(error.validator)
    limit: Any = error.validator_value
    value: Any = error.instance
    if rule == "additionalProperties":
        schema = error.schema if isinstance(error.schema, Mapping) else {}
        known = sorted(schema.get("properties", {}))
        extra = min(set(value) - set(known))
        close = get_close_matches(extra, known, 1)
        return _refusal(
            error, path, "widget_unknown_property", property=extra, close=close, known=known
        )
    if rule == "required":
        missing = next(name for name in limit if name not in value)
        return _refusal(error, path, "widget_missing_property", property=missing)
    if rule in ("enum", "const"):
        allowed = limit if rule == "enum" else [limit]
        return _refusal(error, path, "widget_bad_choice", value=value, allowed=allowed)
    if rule == "type":
        return _refusal(error, path, "widget_wrong_type", expected=limit)
    if rule == "pattern":
        return _refusal(error, path, "widget_bad_form", value=value, pattern=limit)
    if rule in LIMITS:
        return _refusal(error, path, "widget_bad_size", **{LIMITS[rule]: limit})
    return _refusal(error, path, "widget_bad_value", detail=error.message)


def _refusal(error: ValidationError, path: str, reason: str, **values: Any) -> BadDataset:
    return BadDataset(reason, path=path, at=pointed("", *error.absolute_path) or "/", **values)
