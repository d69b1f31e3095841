"""The HTTP contract under `/api/v1`: one blueprint per resource."""

from flask import Flask

from retouche.web.api import (
    comparison,
    datasets,
    decisions,
    history,
    openapi,
    pending,
    proposals,
    rows,
    tables,
    terms,
    voices,
    widgets,
)

PREFIX = "/api/v1"


def register(app: Flask) -> None:
    for module in (
        datasets,
        tables,
        comparison,
        rows,
        pending,
        voices,
        history,
        widgets,
        proposals,
        decisions,
        terms,
        openapi,
    ):
        app.register_blueprint(module.blueprint, url_prefix=PREFIX)
