"""What a contributor has typed so far, carried from step to step by the form itself.

A cell that a form does not send, or sends back as it was, is not changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from flask import request

from retouche.core.operations import Cell, Cells, Key
from retouche.core.package import Resource
from retouche.services.datasets import DatasetRevision
from retouche.web.context import dataset, services
from retouche.web.language import locale
from retouche.web.pages.controls import normal

Op = Literal["update", "insert", "delete"]
CELL = "cell."


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An operation in the making on a row of `base`, the revision that the contributor sees."""

    base: DatasetRevision
    resource: Resource
    op: Op
    key: Key = ()
    present: Cells = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""
    source: str = ""
    name: str = ""
    email: str = ""
    idempotency_key: str = ""
    opened: str = ""
    """When its form was opened, signed."""
    proof: str = ""

    @classmethod
    def blank(cls, base: DatasetRevision, resource: Resource, *, op: Op, key: Key = ()) -> Draft:
        """A form not yet filled. Raises `NotFound`, `AmbiguousRow`."""
        read = services().derived.snapshot
        present = read(base, resource.name).row(key) if op != "insert" else {}
        return cls(base=base, resource=resource, op=op, key=key, present=present)

    @classmethod
    def sent(
        cls, looked_at: DatasetRevision, resource: Resource, *, op: Op, key: Key = ()
    ) -> Draft:
        """The form of this request. Raises `NotFound`, `AmbiguousRow`."""
        form = request.form
        base_revision = form.get("base_revision")
        base = dataset(looked_at.dataset.name).at(base_revision) if base_revision else looked_at
        draft = cls.blank(base, base.package.resource(resource.name), op=op, key=key)
        typed = {
            name[len(CELL) :]: normal(text) for name, text in form.items() if name.startswith(CELL)
        }
        return replace(
            draft,
            typed=typed,
            comment=normal(form.get("comment", "")).strip(),
            source=form.get("source", "").strip(),
            name=form.get("name", "").strip(),
            email=form.get("email", "").strip(),
            idempotency_key=form.get("idempotency_key", ""),
            opened=form.get("opened", ""),
            proof=form.get("proof", ""),
        )

    def text(self, name: str) -> str:
        """What the form shows for a cell: what was typed, else what the row holds."""
        return self.typed.get(name, self.present.get(name) or "")

    @property
    def changed(self) -> dict[str, Cell]:
        """The cells that were typed anew; an emptied cell is a missing value."""
        return {
            name: self._as_written(name, text) or None
            for name, text in self.typed.items()
            if text != normal(self.present.get(name) or "")
        }

    def _as_written(self, name: str, text: str) -> str:
        """New text keeps the line ends that the cell had."""
        return text.replace("\n", "\r\n") if "\r\n" in (self.present.get(name) or "") else text

    def onto(self, base: DatasetRevision) -> Draft:
        """The same changes as seen from another revision. Raises `NotFound` when the row went."""
        typed = {name: cell or "" for name, cell in self.changed.items()}
        fresh = Draft.blank(
            base, base.package.resource(self.resource.name), op=self.op, key=self.key
        )
        return replace(self, base=base, resource=fresh.resource, present=fresh.present, typed=typed)

    def body(self) -> dict[str, Any]:
        """The proposal as the API takes it."""
        contributor = {"name": self.name, "email": self.email}
        given = {name: text for name, text in contributor.items() if text}
        body: dict[str, Any] = {
            "base_revision": self.base.commit,
            "operations": [self._operation()],
            "locale": locale(),
        }
        if self.comment:
            body["comment"] = self.comment
        if self.source:
            body["source"] = self.source
        if given:
            body["contributor"] = given
        if self.opened:
            body["opened"] = self.opened
        if self.proof:
            body["proof"] = self.proof
        return body

    def _operation(self) -> dict[str, Any]:
        head = {"op": self.op, "resource": self.resource.name}
        named = dict(zip(self.resource.schema.primary_key, self.key, strict=False))
        if self.op == "insert":
            return {**head, "row": self.changed}
        if self.op == "delete":
            return {**head, "key": named}
        return {**head, "key": named, "new": self.changed}
