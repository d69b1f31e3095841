"""The steps of a contribution: type, look at the difference, send. One function per answer."""

from __future__ import annotations

import re
import secrets
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from flask import g, redirect, render_template, request
from werkzeug.wrappers import Response

from retouche.core.errors import (
    AmbiguousRow,
    Conflict,
    Invalid,
    NoChange,
    NotAllowed,
    NotEditable,
    NotFound,
    Paused,
    ProofRequired,
    RateLimited,
    RetoucheError,
)
from retouche.core.messages import describe, problem
from retouche.core.operations import Insert, Update
from retouche.core.report import CellConflict, CellError
from retouche.services.proposals import Checked
from retouche.web.context import services
from retouche.web.guard import check_call, door, tell_soon
from retouche.web.language import locale
from retouche.web.pages.drafts import Draft
from retouche.web.pages.fields import groups
from retouche.web.pages.forms import form_groups
from retouche.web.pages.links import page_url
from retouche.web.pages.proving import challenge_for
from retouche.web.problems import retry_after, status_of
from retouche.web.translations import gettext as _

Answer: TypeAlias = Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]
TRAP = "website"
ABOUT = {
    "/comment": "comment",
    "/source": "source",
    "/contributor/name": "name",
    "/contributor/email": "email",
}
"""The inputs beside the cells, by what a refusal points at."""
POINTER = re.compile(r"/operations/0/(?:new|row)/(.+)")
TEMPLATES = {"update": "correct.html", "insert": "add.html", "delete": "remove.html"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What stands in the way of a draft: sentences per field, per other input, and the rest."""

    by_field: Mapping[str, Sequence[str]] = field(default_factory=dict)
    about: Mapping[str, Sequence[str]] = field(default_factory=dict)
    general: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.by_field or self.about or self.general)

    def beyond(self, shown: Container[str]) -> Faults:
        """The same, with the sentences about fields that the form does not show on top."""
        others = [one for name, told in self.by_field.items() if name not in shown for one in told]
        return replace(self, general=(*self.general, *others))


def open_form(draft: Draft) -> Answer:
    """The form as it is first met. Raises `NotEditable`, `Paused`."""
    if not draft.resource.editable:
        keyed = bool(draft.resource.schema.primary_key)
        reason = "not_editable_resource" if keyed else "no_primary_key"
        raise NotEditable(reason, resource=draft.resource.name)
    services().guard.check_open(draft.base.dataset)
    g.private = True  # the time at which it was opened is in it
    return _form(_stamped(draft), Faults())


def _stamped(draft: Draft) -> Draft:
    """The draft with a time of opening, unless its form carries one of ours."""
    guard, name = services().guard, draft.base.dataset.name
    if guard.is_stamp(name, draft.opened):
        return draft
    return replace(draft, opened=guard.stamp(name))


def proceed(draft: Draft) -> Answer:
    """Take the step that the form asks for: back to `edit`, to the `preview`, or `send`."""
    step, carried = request.form.get("step"), draft.opened
    draft = _stamped(draft)
    if step == "edit":
        return _form(draft, Faults())
    if request.form.get(TRAP):
        return _form(draft, Faults(general=(trapped(),))), 422
    if draft.op != "delete" and not draft.changed:
        return _refused(draft, NoChange())
    if step == "send":
        return _send(draft, carried)
    return _preview(draft)


def trapped() -> str:
    """What somebody is told who filled in what only a program would."""
    return _("A hidden field that nobody can see was filled in. It is empty again: try once more.")


def _send(draft: Draft, carried: str) -> Answer:
    """`carried` is the time of opening as the form sent it."""
    dataset, body = draft.base.dataset, draft.body()
    try:
        services().guard.check_form(dataset.name, carried)
        proposal = services().proposals.submit(
            dataset,
            body,
            idempotency_key=draft.idempotency_key or None,
            door=door(dataset.name, body),
        )
    except (RateLimited, Paused, ProofRequired, NotAllowed) as error:
        return _preview(draft, error)
    except RetoucheError as error:
        return _refused(draft, error)
    tell_soon()
    return redirect(
        page_url(
            "proposals.show_proposal",
            name=dataset.name,
            proposal=proposal.id,
            secret=services().proposals.secret(proposal),
            done="sent",
        ),
        303,
    )


def _preview(draft: Draft, refusal: RetoucheError | None = None) -> Answer:
    """The difference, from which it is sent; `refusal` says why it was not, just now."""
    try:
        check_call("validate", draft.base.dataset.name)
        checked = services().proposals.validate(draft.base.dataset, draft.body())
    except RetoucheError as error:
        return _refused(draft, error)
    if not checked.report.valid:
        return _form(draft, faults_of(draft, checked.report.errors)), 422
    # A new key for each preview: a second click on *send* is the same proposal, a draft that
    # was changed after sending is another.
    keyed = replace(draft, idempotency_key=secrets.token_urlsafe(18))
    fields = draft.base.snapshot(draft.resource.name).fields
    page = render_template(
        "preview.html",
        fault=problem(refusal, locale())[1] if refusal else "",
        challenge=challenge_for(draft.base.dataset, refusal),
        draft=keyed,
        label=label_of(draft),
        changes=_changes(checked),
        fields={one.name: one for one in fields},
        warnings=[_sentence(draft, one) for one in checked.report.warnings],
    )
    return page if refusal is None else (page, status_of(refusal), told_when(refusal))


def told_when(error: RetoucheError) -> dict[str, str]:
    """The header that says when to try again, where trying again helps."""
    limited = isinstance(error, RateLimited)
    return {"Retry-After": str(retry_after(error))} if limited else {}


def _refused(draft: Draft, error: RetoucheError) -> Answer:
    """A refusal at the place where the contributor can do something about it."""
    match error:
        case Invalid():
            return _form(draft, faults_of(draft, error.errors)), 422
        case Conflict() if error.conflicts:
            return _conflict(draft, error.conflicts), 409
        case NotFound(reason="unknown_row") | AmbiguousRow() | NoChange():
            return _form(draft, Faults(general=(problem(error, locale())[1],))), status_of(error)
    sentence = problem(error, locale())[1]
    named = POINTER.fullmatch(error.pointer or "")
    beside = ABOUT.get(error.pointer or "")
    if named:
        faults = Faults(by_field={named[1]: (sentence,)})
    elif beside:
        faults = Faults(about={beside: (sentence,)})
    else:
        faults = Faults(general=(sentence,))
    return _form(draft, faults), status_of(error), told_when(error)


def _conflict(draft: Draft, conflicts: Sequence[CellConflict]) -> str:
    """Three values, and the contributor chooses; the choice is a draft on what is published."""
    published = draft.base.dataset.at()
    fields = {one.name: one for one in draft.base.snapshot(draft.resource.name).fields}
    cells = [one for one in conflicts if one.field in fields]
    try:
        moved = draft.onto(published)
    except RetoucheError:  # the row is gone, or no single row any more
        moved = None
    chosen = {one.field for one in cells}
    kept = {name: text for name, text in moved.typed.items() if name not in chosen} if moved else {}
    return render_template(
        "conflict.html",
        draft=replace(moved or draft, typed=kept),
        before=draft,
        label=label_of(draft),
        conflicts=cells,
        fields=fields,
        gone=moved is None,
        kinds={one.kind for one in conflicts},
    )


def _form(draft: Draft, faults: Faults) -> str:
    fields = draft.base.snapshot(draft.resource.name).fields
    found = form_groups(draft, faults.by_field)
    return render_template(
        TEMPLATES[draft.op],
        draft=draft,
        label=label_of(draft),
        faults=faults.beyond({entry.field.name for group in found for entry in group.entries}),
        groups=found,
        card=groups(draft.base.package, fields) if draft.op == "delete" else (),
        fields={one.name: one for one in fields},
    )


def faults_of(draft: Draft, errors: Sequence[CellError]) -> Faults:
    """Each sentence at the cell it is about; those about other rows or whole rows on top."""
    by_field: dict[str, list[str]] = {}
    general: list[str] = []
    for one in errors:
        sentence = _sentence(draft, one)
        if _about(draft, one) and one.field and draft.op != "delete":
            by_field.setdefault(one.field, []).append(sentence)
        else:
            general.append(sentence)
    return Faults(by_field=by_field, general=tuple(dict.fromkeys(general)))


def label_of(draft: Draft) -> str:
    return draft.resource.row_label(draft.present, draft.key) if draft.op != "insert" else ""


def _about(draft: Draft, error: CellError) -> bool:
    """Whether an error is about the row of the draft itself."""
    return error.resource == draft.resource.name and (
        draft.op == "insert" or error.row_key in (None, draft.key)
    )


def _sentence(draft: Draft, error: CellError) -> str:
    """A fault in words; the row need not be named where it is the one that is looked at."""
    if _about(draft, error):
        values = {name: value for name, value in error.values.items() if name != "label"}
        error = replace(
            error, row_key=None, row_number=None, line=None, operation=None, values=values
        )
    return describe(error, locale(), package=draft.base.package)


def _changes(checked: Checked) -> list[tuple[str, str | None, str | None]]:
    """The cells that the draft changes, as (field, old, new); none for a removal."""
    found: list[tuple[str, str | None, str | None]] = []
    for one in checked.operations:
        if isinstance(one, Update):
            found += [(name, one.old[name], cell) for name, cell in one.new.items()]
        elif isinstance(one, Insert):
            found += [(name, None, cell) for name, cell in one.row.items()]
    return found
