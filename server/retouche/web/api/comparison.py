"""A corrected copy of a resource's file, compared with what is published."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request

from retouche.core.comparing.upload import Note
from retouche.core.errors import Malformed, Unsupported
from retouche.core.messages.notes import sentence
from retouche.core.operations import Delete, Insert, Update
from retouche.core.package import Resource
from retouche.services.comparison import compare_copy
from retouche.services.patches import public, to_wire
from retouche.web.api.tables import RESOURCE
from retouche.web.body import whole_body
from retouche.web.caching import json_response
from retouche.web.context import dataset, only_parameters, services
from retouche.web.guard import check_call
from retouche.web.language import locale

blueprint = Blueprint("api_comparison", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM = "multipart/form-data"
TAKEN = ("text/csv", XLSX, FORM)
ABSENT = ("keep", "delete")


@blueprint.post(f"{RESOURCE}/comparison")
def compare(name: str, resource: str) -> Response:
    only_parameters("absent")
    absent = request.args.get("absent", "keep")
    if absent not in ABSENT:
        raise Malformed("bad_choice", pointer="absent", allowed=", ".join(ABSENT))
    found = dataset(name).at()
    check_call("comparison", name)
    g.package = found.package
    described = found.package.resource(resource)
    settings = services().settings
    request.max_content_length = settings.max_upload
    compared = compare_copy(
        found, resource, _file(), delete=absent == "delete", most=settings.max_operations
    )
    operations = [public(to_wire(one, found.package), found.package) for one in compared.operations]
    meta = {
        "revision": found.commit,
        "rows": compared.rows,
        "unchanged": compared.unchanged,
        "updated": compared.count(Update),
        "inserted": compared.count(Insert),
        "deleted": compared.count(Delete),
        "absent": compared.absent,
    }
    notes = [_note(one, described) for one in compared.notes]
    response = json_response({"operations": operations, "meta": meta, "notes": notes})
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Language")
    return response


def _file() -> bytes:
    """The copy: the body itself, or the one file of a form."""
    if request.mimetype not in TAKEN:
        given = request.mimetype[:80] or "-"
        raise Unsupported("media_type", expected=", ".join(TAKEN), given=given)
    body = whole_body()
    if request.mimetype != FORM:
        return body
    files = request.files.getlist("file")
    if len(files) != 1:
        raise Malformed("missing_property", pointer="file", property="file")
    return files[0].stream.read()


def _note(note: Note, resource: Resource) -> dict[str, Any]:
    """A note as the contract has it, naming columns as readers do."""
    by_name = resource.schema.by_name
    fields = [
        by_name[one].label(locale()) if one in by_name else one
        for one in note.values.get("fields", ())
    ]
    values = {**note.values, "columns": note.values.get("columns") or fields}
    return {"code": note.code, "message": sentence(note.code, locale(), values)}
