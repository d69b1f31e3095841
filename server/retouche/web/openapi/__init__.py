"""The OpenAPI 3.1 document, quoting the formats that the server itself checks with."""

from __future__ import annotations

from retouche.web.openapi.document import document

__all__ = ["document"]
