"""What pages show of a scenario: its steps in words, its impact, and the builder that draws it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import g

from retouche.core.errors import RetoucheError
from retouche.core.messages import describe
from retouche.core.report import CellError
from retouche.ports import Scenario
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.web.context import services
from retouche.web.elements import part_address
from retouche.web.embedding.sources import element_sources
from retouche.web.language import locale
from retouche.web.pages.headers import policy
from retouche.web.pages.impact import View, shown
from retouche.web.pages.links import page_url
from retouche.web.pages.sites import label_of, located


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An operation of a scenario, in the words of a reader."""

    op: str
    label: str
    resource: str
    faults: tuple[str, ...]


def builder(name: str, base: DatasetRevision, widget: str | None) -> dict[str, Any]:
    """What the page needs for the builder, and leave to load it."""
    script = part_address("projects") if widget else None
    if widget is None or script is None:
        return {"script": None}
    g.policy = policy(element_sources(base.widget(widget)))
    api = f"/api/v1/datasets/{quote(name, safe='')}"
    return {
        "script": script,
        "widget": f"{api}/widgets/{quote(widget, safe='')}",
        "scenarios": f"{api}/scenarios",
        "pages": page_url("projects.list_projects", name=name, lang=""),
    }


def map_of(revision: DatasetRevision) -> str | None:
    """The widget whose map shows the most of what projects may touch, and places by name."""
    names = {one.name for one in located(revision.package)}

    def worth(widget: Mapping[str, Any]) -> tuple[int, bool]:
        maps = [one for one in widget.get("views", ()) if one["type"] == "map"]
        layers = [layer for one in maps for layer in one.get("layers", ())]
        shown = {layer.get("resource", widget.get("resource")) for layer in layers}
        return len(names & shown), any("places" in one for one in maps)

    found = {name: worth(widget) for name, widget in revision.widgets().items()}
    best = max(found, key=lambda name: found[name], default=None)
    return best if best is not None and found[best][0] else None


def impact_of_scenario(found: Dataset, scenario: Scenario) -> View | None:
    """What a scenario changes; None while it does nothing, or cannot be applied."""
    if not scenario.operations:
        return None
    try:
        before = found.at(scenario.base_revision)
        revision = f"scenario:{scenario.id}"
        report = services().impact.of(before, found.at(revision))
    except RetoucheError:  # it cannot be applied: its steps say why
        return None
    return shown(found, report, after=revision, moved=before.commit != found.forge.published())


def steps_of(found: Dataset, base: DatasetRevision, scenario: Scenario) -> list[Step]:
    report = services().scenarios.report(found, scenario)
    told = [*report.errors, *report.warnings]
    return [
        Step(
            op=_kind(base, one),
            label=label_of(base, one),
            resource=base.package.resource(str(one["resource"])).title(locale()),
            faults=tuple(told_fault(base, each) for each in told if (each.operation or 0) == place),
        )
        for place, one in enumerate(scenario.operations)
    ]


def _kind(base: DatasetRevision, operation: Any) -> str:
    if operation["op"] != "update":
        return {"insert": "open", "delete": "close"}[operation["op"]]
    geo = base.package.resource(str(operation["resource"])).geo or ()
    return "move" if any(name in operation["new"] for name in geo) else "change"


def told_fault(base: DatasetRevision, error: CellError) -> str:
    return describe(error, locale(), package=base.package)
