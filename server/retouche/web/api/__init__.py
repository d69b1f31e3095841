"""The HTTP contract under `/api/v1`: one blueprint per resource."""

from flask import Flask

from retouche.web.api import datasets, decisions, history, openapi, proposals, rows, tables, widgets

PREFIX = "/api/v1"


def register(app: Flask) -> None:
    for module in (datasets, tables, rows, history, widgets, proposals, decisions, openapi):
        app.register_blueprint(module.blueprint, url_prefix=PREFIX)
