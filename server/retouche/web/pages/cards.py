"""The element that shows a row's card, charts and map and all, where a page may run scripts."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import g, request

from retouche.core.errors import NotFound
from retouche.core.keys import format_key
from retouche.core.operations import Key
from retouche.services.datasets import DatasetRevision
from retouche.web.elements import are_built
from retouche.web.embedding.sources import element_sources
from retouche.web.embedding.standing import cards_of
from retouche.web.pages.headers import policy


@dataclass(frozen=True, slots=True, kw_only=True)
class CardElement:
    """The attributes of a `retouche-card`."""

    source: str
    """The path of the descriptor, at the revision looked at."""
    key: str
    """As in addresses."""


def card_element(revision: DatasetRevision, resource: str, key: Key) -> CardElement | None:
    """The card, which the page's policy then lets in; None where no widget shows such rows."""
    if not are_built():
        return None
    try:
        widget = cards_of(revision, resource)
    except NotFound:
        return None
    g.policy = policy(element_sources(revision.widget(widget)))
    name = quote(revision.dataset.name, safe="")
    source = f"/api/v1/datasets/{name}/widgets/{quote(widget, safe='')}"
    asked = request.args.get("revision")
    if asked:
        source += f"?{urlencode({'revision': asked})}"
    return CardElement(source=source, key=format_key(key))
