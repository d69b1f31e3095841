"""The shapes of our answers, as JSON Schemas for the OpenAPI document."""

from __future__ import annotations

from retouche.web.answers import impact, indicators, proposals, quality, reading, widgets
from retouche.web.answers.shapes import Json

SCHEMAS: Json = {
    **reading.SCHEMAS,
    **widgets.SCHEMAS,
    **proposals.SCHEMAS,
    **indicators.SCHEMAS,
    **impact.SCHEMAS,
    **quality.SCHEMAS,
}
