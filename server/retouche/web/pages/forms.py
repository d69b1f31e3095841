"""The fields of a contribution form: control, text and faults, or why one is locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retouche.core.schema import Field
from retouche.web.language import locale
from retouche.web.pages.controls import Control, bounds, control, locked_because
from retouche.web.pages.drafts import Draft
from retouche.web.pages.fields import groups
from retouche.web.pages.related import suggestions
from retouche.web.pages.values import kind_of

MOST_TAGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One field of the form; `locked` says why it cannot be edited."""

    id: str
    field: Field
    text: str
    control: Control
    hints: tuple[str, ...]
    faults: tuple[str, ...]
    locked: str = ""

    @property
    def wide(self) -> bool:
        return self.control.kind == "textarea"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormGroup:
    title: str
    entries: tuple[Entry, ...]
    week: bool


def form_groups(draft: Draft, faults: Mapping[str, Sequence[str]]) -> list[FormGroup]:
    """The fields to fill or to see; a row in the making leaves out what nobody can fill."""
    if draft.op == "delete":
        return []
    snapshot = draft.base.snapshot(draft.resource.name)
    new = draft.op == "insert"
    header = snapshot.table.header
    places = {one.name: place for place, one in enumerate(snapshot.fields)}
    found = []
    for group in groups(draft.base.package, snapshot.fields):
        entries = tuple(
            _entry(draft, one, faults.get(one.name, ()), place=places[one.name], locked=locked)
            for one in group.fields
            for locked in [locked_because(one, draft.resource.schema, header, new=new)]
            if not (new and locked)
        )
        if entries:
            found.append(FormGroup(title=group.title, entries=entries, week=group.week))
    return found


def _entry(draft: Draft, field: Field, faults: Sequence[str], *, place: int, locked: str) -> Entry:
    present = draft.present.get(field.name)
    text = draft.text(field.name)
    known = () if locked else known_values(draft, field)
    chosen = control(field, draft.typed.get(field.name, present), known)
    hints = (field.help(locale()), chosen.hint, bounds(field))
    return Entry(
        id=f"f{place}",
        field=field,
        text=text,
        control=chosen,
        hints=tuple(one for one in hints if one),
        faults=tuple(faults),
        locked=locked,
    )


def known_values(draft: Draft, field: Field) -> tuple[tuple[str, str], ...]:
    """Good values to suggest: those a foreign key allows, or the tags already in use."""
    allowed = suggestions(draft.base, draft.resource, field.name)
    if allowed or kind_of(field) != "tag":
        return tuple(allowed)
    values = draft.base.snapshot(draft.resource.name).column(field.name).values
    few = values if len(values) <= MOST_TAGS else ()
    return tuple((one, field.value_label(one, locale())) for one in few)
