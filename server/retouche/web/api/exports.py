"""Rows of a dataset as another standard has them: the mappings that the dataset declares."""

from __future__ import annotations

from flask import Blueprint, Response

from retouche.core.errors import NotFound
from retouche.core.mapping import mapping_of
from retouche.core.reading.query import Query
from retouche.core.reading.selection import select
from retouche.formats import check_extensions
from retouche.services import exports
from retouche.web.caching import conditional
from retouche.web.context import only_parameters, revision, services

blueprint = Blueprint("api_exports", __name__)
WRITERS = {
    "csv": ("text/csv; charset=utf-8", exports.to_mapped_csv),
    "json": ("application/json", exports.to_mapped_json),
}


@blueprint.get("/datasets/<name>/exports/<mapping>.<kind>")
def export(name: str, mapping: str, kind: str) -> Response:
    only_parameters("revision")
    found = revision(name)
    if kind not in WRITERS:
        raise NotFound("unknown_format", format=kind[:20], known=", ".join(WRITERS))
    check_extensions(found.package)
    declared = mapping_of(found.package, mapping)

    def make() -> Response:
        snapshot = services().derived.snapshot(found, declared.resource)
        media, write = WRITERS[kind]
        response = Response(
            write(snapshot, select(snapshot, Query()), declared), content_type=media
        )
        # As for downloads of rows: contributed text must never run as a page of ours.
        response.headers["Content-Disposition"] = f'attachment; filename="{declared.name}.{kind}"'
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    return conditional(found, make)
