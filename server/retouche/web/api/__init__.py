"""The HTTP contract under `/api/v1`: one blueprint per resource."""

from flask import Flask

from retouche.web.api import (
    comparison,
    datasets,
    decisions,
    exports,
    history,
    impact,
    indicators,
    openapi,
    pending,
    proposals,
    quality,
    rows,
    scenarios,
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
        exports,
        comparison,
        rows,
        pending,
        voices,
        history,
        quality,
        indicators,
        widgets,
        proposals,
        decisions,
        impact,
        scenarios,
        terms,
        openapi,
    ):
        app.register_blueprint(module.blueprint, url_prefix=PREFIX)
