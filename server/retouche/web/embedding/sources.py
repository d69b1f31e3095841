"""What a page that holds an element lets it load, as directives of Content-Security-Policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit


def element_sources(descriptor: Mapping[str, Any]) -> dict[str, str]:
    """Our own origin, and the map grounds that the descriptor names."""
    grounds = sorted(set(_ground_origins(descriptor)))
    return {
        "script-src": "'self'",
        "connect-src": " ".join(("'self'", *grounds)),
        # Logos of partners are where the descriptor says they are, images where a cell says.
        "img-src": "'self' data: blob: https:",
        "worker-src": "'self' blob:",
    }


def _ground_origins(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        ground = value.get("basemap")
        if isinstance(ground, Mapping):
            parts = urlsplit(str(ground.get("style", "")))
            if parts.scheme == "https" and parts.netloc:
                yield f"https://{parts.netloc}"
        for one in value.values():
            yield from _ground_origins(one)
    elif isinstance(value, list):
        for one in value:
            yield from _ground_origins(one)
