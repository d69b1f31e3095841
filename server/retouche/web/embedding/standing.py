"""Which widget stands for a dataset, and which for the rows of a resource."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retouche.core.errors import NotFound
from retouche.services.datasets import DatasetRevision


def first_of(found: DatasetRevision) -> str:
    """The widget a reader sees first: one with cards, else any. Raises `NotFound`."""
    widgets = found.widgets()
    shown = [name for name, one in widgets.items() if "cards" in _views(one)]
    for name in (*shown, *widgets):
        return name
    raise NotFound("no_widget", dataset=found.dataset.name)


def cards_of(found: DatasetRevision, resource: str) -> str:
    """The first widget that shows the rows of a resource as cards. Raises `NotFound`."""
    for name, widget in found.widgets().items():
        if widget.get("resource") == resource and "cards" in _views(widget):
            return name
    raise NotFound("no_cards", resource=resource)


def _views(widget: dict[str, Any]) -> Iterator[str]:
    """The types of the views of a widget without tabs."""
    return (view["type"] for view in widget.get("views", ()))
