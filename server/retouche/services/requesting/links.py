"""Absolute addresses of what a merge request points at, when the public address is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from retouche.core.errors import RetoucheError
from retouche.core.keys import format_key
from retouche.core.operations import Delete, Operation, Patch, Update
from retouche.ports import Proposal
from retouche.services.datasets import DatasetRevision

VIEWS = ("map", "cards", "table")
LONGEST = 1_000
"""Characters of a key in an address; longer ones do not survive everywhere."""


class Links:
    """The addresses of one proposal. Without a public address there are none."""

    def __init__(self, base_url: str, proposal: Proposal, parent: DatasetRevision) -> None:
        self._base = base_url.rstrip("/")
        self._parent = parent
        self._dataset = f"{self._base}/{_part(proposal.dataset)}"
        self._name = _part(proposal.dataset)
        self._revision = f"proposal:{proposal.id}"
        self.proposal = f"{self._dataset}/proposals/{proposal.id}" if self._base else ""

    def row(self, operation: Operation) -> str:
        """The page of a row at the proposal, that of a removed row before it; empty: none."""
        written = self._key(operation)
        if not self._base or not written:
            return ""
        removed = isinstance(operation, Delete)
        at = _revision(self._parent.commit if removed else self._revision)
        return f"{self._dataset}/{_part(operation.resource)}/{written}?{at}"

    def previews(self, operations: Patch) -> Iterator[tuple[str, str]]:
        """The pages that show the data as it would be, each with what it is.

        A single row is open at once where the widget shows cards of it.
        """
        at = _revision(self._revision)
        yield "dataset", f"{self._dataset}?{at}"
        touched = {one.resource for one in operations}
        for view in VIEWS:
            name = self._widget(view, touched)
            if name is None:
                continue
            address = f"{self._base}/embed/{self._name}/{_part(name)}?{at}&view={view}"
            key = self._key(operations[0])
            if view == "cards" and len(operations) == 1 and key:
                address += "" if isinstance(operations[0], Delete) else f"&row={_part(key)}"
            yield view, address

    def _key(self, operation: Operation) -> str:
        """The key of a row once it is changed, in an address; empty where it cannot stand."""
        key = operation.key
        if isinstance(operation, Update):
            schema = self._parent.package.resource(operation.resource).schema
            key = schema.key_after(key, operation.new) or key
        written = format_key(key).replace("~", "%7E")
        # Browsers take `..` for the folder above.
        return written if written.strip(".,") and len(written) <= LONGEST else ""

    def _widget(self, view: str, resources: set[str]) -> str | None:
        """The first widget that shows rows of these resources in a view."""
        try:
            widgets = self._parent.widgets()
        except RetoucheError:  # a preview is worth having, no more
            return None
        for name, widget in widgets.items():
            if widget.get("resource") in resources and view in _views(widget):
                return name
        return None


def _views(widget: Mapping[str, Any]) -> set[str]:
    return {one["type"] for one in widget.get("views", ())}


def _revision(name: str) -> str:
    return urlencode({"revision": name}, safe=":")


def _part(text: str) -> str:
    return quote(text, safe="").replace("~", "%7E")
