"""The OpenAPI document put together; nothing of a single call."""

from __future__ import annotations

from retouche import __version__
from retouche.web.answers import SCHEMAS
from retouche.web.openapi.components import FORMATS, Json, component, parameters
from retouche.web.openapi.deciding import decisions, proposals
from retouche.web.openapi.drafting import scenarios
from retouche.web.openapi.indicators import indicators
from retouche.web.openapi.quality import quality
from retouche.web.openapi.reading import reading, rows, tables


def document() -> Json:
    """The whole document; `GET /api/v1/openapi.json` and `retouche openapi` give it."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Retouche",
            "version": __version__,
            "license": {"name": "MIT", "identifier": "MIT"},
            "description": (
                "Read versioned open data and propose corrections to it. Answers at a full "
                "commit id never change. Errors are RFC 9457 problems with a stable `code`."
            ),
        },
        "paths": {
            **reading(),
            **tables(),
            **rows(),
            **proposals(),
            **decisions(),
            **scenarios(),
            **quality(),
            **indicators(),
        },
        "components": {
            "schemas": {**{name: component(name) for name in FORMATS}, **SCHEMAS},
            "securitySchemes": {
                "reviewer": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "retouche"},
            },
            "parameters": parameters(),
        },
    }
