"""The figures as one table: for the terminal, as a document, and as JSON. Measures nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from benchmarks.figures import Aim, Figure, Unit, growth

HEAD = ("work", "size", "Retouche", "against", "peer or limit", "ratio", "aim", "holds", "growth")
SIGNS = {"at most": "≤", "at least": "≥", "below": "<"}
NOT_MEASURED = "not measured"


def table(figures: Sequence[Figure]) -> str:
    """A Markdown table, padded so that it can be read in a terminal too."""
    rows = [HEAD, *(_row(one, figures) for one in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines) + "\n"


def remarks(figures: Sequence[Figure]) -> str:
    """The notes of the rows, as a list."""
    seen = dict.fromkeys(
        f"- {one.work}{f', {one.size}' if one.size else ''}: {one.note.rstrip('.')}.\n"
        for one in figures
        if one.note
    )
    return "".join(seen)


def document(
    figures: Sequence[Figure],
    machine: Mapping[str, str],
    how: Mapping[str, str],
    sizes: Mapping[str, str],
) -> str:
    """A page such as `docs/performance.md`. `how` tells for each subject how it is measured."""
    known = [one for one in figures if one.holds is not None]
    held = sum(bool(one.holds) for one in known)
    parts = [
        "# Performance\n",
        "Written by `python -m benchmarks`; do not edit. Every figure stands beside a peer or a"
        " limit measured in the same run, in turns, so the ratios mean more than the times.\n",
        f"Of {len(known)} figures with an aim, {held} hold.\n",
        "## Measured on\n",
        "| | |\n|---|---|\n" + "".join(f"| {name} | {one} |\n" for name, one in machine.items()),
        "## Figures\n",
        *(
            ["Files: " + "; ".join(f"**{name}** {what}" for name, what in sizes.items()) + ".\n"]
            if sizes
            else []
        ),
        "**Ratio** is ours over the limit where the aim is a bound (≤), and how many times"
        " better we are everywhere else. **Growth** is what the same work costs more than on"
        " the size before.\n",
        table(figures),
        "## Remarks\n",
        remarks(figures) or "None.\n",
        "## How each is measured\n",
        "".join(f"- **{name}**: {text}\n" for name, text in how.items()),
    ]
    return "\n".join(parts)


def as_json(figures: Sequence[Figure], machine: Mapping[str, str]) -> str:
    """For programs: the figures in seconds, bytes and requests a second."""
    rows = [{**asdict(one), "ratio": one.ratio, "holds": one.holds} for one in figures]
    return json.dumps({"machine": machine, "figures": rows}, indent=2, ensure_ascii=False) + "\n"


def shown(value: float, unit: Unit) -> str:
    """A figure with its unit, in three digits or so."""
    if unit == "/s":
        return f"{_digits(value)} /s"
    if unit == "":
        return f"{value:,.0f}"
    if unit == "B":
        for name, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
            if value >= size:
                return f"{_digits(value / size)} {name}"
        return f"{value:.0f} B"
    for name, size in (("s", 1.0), ("ms", 1e-3)):
        if value >= size:
            return f"{_digits(value / size)} {name}"
    return f"{_digits(value * 1e6)} µs"


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _row(figure: Figure, among: Sequence[Figure]) -> tuple[str, ...]:
    ratio, grown = figure.ratio, growth(figure, among)
    bound = "at least " if figure.cut else ""
    return (
        figure.work,
        figure.size,
        NOT_MEASURED if figure.ours is None else shown(figure.ours, figure.unit),
        figure.against,
        _peer(figure, bound),
        "" if ratio is None else f"{bound}{_digits(ratio)}×",
        "" if figure.aim is None else _aim(figure.aim, figure.unit),
        {True: "yes", False: "**no**", None: ""}[figure.holds],
        "" if grown is None else f"{_digits(grown[1])}× of {grown[0]}",
    )


def _peer(figure: Figure, bound: str) -> str:
    if figure.peer is None:
        return NOT_MEASURED if figure.against and figure.ours is not None else ""
    return bound + shown(figure.peer, figure.unit)


def _aim(aim: Aim, unit: Unit) -> str:
    value = shown(aim.value, unit) if aim.sense == "below" else f"{aim.value:g}×"
    return f"{SIGNS[aim.sense]} {value}"
