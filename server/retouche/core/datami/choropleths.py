"""The figure that areas of a map are coloured by, and its legend."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from retouche.core.datami.columns import Columns
from retouche.core.datami.section import Section


def measure_of(one: Section, columns: Columns) -> dict[str, Any]:
    """The sum of a column of the rows, or their number."""
    joined = [
        (part, columns.named(part, "field")) for part in one.parts("joined_props", "joined_prop")
    ]
    for part, _ in joined:
        operation = part.text("aggregation_type")
        if operation not in (None, "sum"):
            part.tell("aggregation_type", "changed", "summed")
        part.close()
    data = one.raw("agregated_data_field")
    named = {name for _, name in joined if name is not None}
    if isinstance(data, str) and data in named:
        one.tell("agregated_data_field", "carried")
        return {"operation": "sum", "field": data}
    one.tell("agregated_data_field", "changed", "rows_counted")
    return {"operation": "count"}


def read_legend(one: Section, layer: dict[str, Any]) -> None:
    legend = one.part("legend", "legend")
    if legend is None:
        return
    title = legend.texts("title")
    if title is not None:
        layer["title"] = title
    scale: list[tuple[str, float | None]] = []
    for part in legend.parts("scales", "scale"):
        color, value = part.color("color"), part.raw("value")
        number = float(value) if isinstance(value, int | float) else None
        part.tell("value", *(("carried",) if number is not None else
                             ("not_carried", "steps_not_numbers")))  # fmt: skip
        part.close()
        if color is not None:
            scale.append((color, number))
    legend.close()
    scale = scale[:12]
    if scale:
        layer["scale"] = [color for color, _ in scale]
        steps = [number for _, number in scale[1:] if number is not None]
        rising = all(low < high for low, high in pairwise(steps))
        if steps and len(steps) == len(scale) - 1 and rising:
            layer["steps"] = steps
