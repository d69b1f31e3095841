"""What the values of a column are called: definitions, and the answers yes and no."""

from __future__ import annotations

from typing import Any

from retouche.core.datami.section import Section


def read_definition(one: Section, values: dict[str, Any]) -> None:
    value = one.raw("value")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        one.tell("value", "unusable", "wrong_type", expected="text")
        one.close()
        return
    one.tell("value", "carried")
    entry: dict[str, Any] = {}
    label, color = one.texts("label"), one.color("bgColor")
    if label is not None:
        entry["label"] = label
    if color is not None:
        entry["color"] = color
    if entry:
        values[str(value)] = entry
    one.close()


def read_booleans(
    options: Section, made: dict[str, Any], values: dict[str, Any], cells: frozenset[str] | None
) -> None:
    """What stands for yes and no in the file, and what readers see for it."""
    own: dict[str, str] = {}
    for answer in ("true", "false"):
        part = options.part(answer, "boolean_option")
        if part is None:
            continue
        raw = part.raw("value")
        value = (
            str(raw).lower() if isinstance(raw, bool) else str(raw) if raw is not None else answer
        )
        part.tell("value", "carried")
        label = part.texts("label")
        own[answer] = value
        if label is not None:
            values[value] = {"label": label}
        part.close()
    options.close()
    fits = len(own) == 2 and own["true"] != own["false"]
    if fits and (cells is None or cells <= set(own.values())):
        made |= {"type": "boolean", "trueValues": [own["true"]], "falseValues": [own["false"]]}
