"""What every view needs: the services, the dataset at the revision asked for, addresses."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote, urlencode

from flask import current_app, request

from retouche.core.errors import Malformed
from retouche.ports import Proposal
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.wiring import Services

LARGEST_PAGE = 1000
LAST_PAGE = 10**15


def services() -> Services:
    return cast(Services, current_app.extensions["retouche"])


def dataset(name: str) -> Dataset:
    return services().catalogue.get(name)


def revision(name: str) -> DatasetRevision:
    """The dataset at the `revision` of the query string, or as published."""
    return dataset(name).at(request.args.get("revision"))


def base_url() -> str:
    """The public address of the server, without a trailing slash."""
    return services().settings.base_url or request.url_root.rstrip("/")


def clone_address(name: str) -> str:
    """Where git clones a dataset from: here, or where it lives."""
    connection = services().connections.get(name)
    return f"{base_url()}/git/{name}.git" if connection is None else connection.clone_url


def only_parameters(*known: str) -> None:
    """Refuse a parameter that means nothing here: a typing error must not change an answer."""
    allowed = {*known, "lang"}
    unknown = next((name for name in request.args if name not in allowed), None)
    if unknown is not None:
        listed = ", ".join(sorted(allowed - {"lang"})) or None
        raise Malformed(
            "unexpected_parameter", pointer=unknown, parameter=unknown[:80], known=listed
        )


def at_revision() -> str:
    """What an address needs to stay at the revision asked for; nothing when none was."""
    asked = request.args.get("revision")
    return f"?revision={quote(asked, safe=':')}" if asked is not None else ""


def whole_number(name: str, default: int, *, most: int) -> int:
    """A query parameter from 1 to `most`. Raises `Malformed`."""
    text = request.args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and 1 <= int(text) <= most):
        raise Malformed("bad_page", pointer=name, parameter=name, value=text[:80], most=most)
    return int(text)


def page() -> int:
    return whole_number("page", 1, most=LAST_PAGE)


def page_size() -> int:
    return whole_number("page_size", 20, most=LARGEST_PAGE)


def page_links(total: int) -> dict[str, str | None]:
    """The addresses of the neighbouring pages, None where there is none."""
    here, size = page(), page_size()
    others = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    address = f"{base_url()}{request.path}?{urlencode([*others, ('page', '')])}"
    return {
        "next": f"{address}{here + 1}" if here * size < total else None,
        "prev": f"{address}{min(here - 1, max(1, -(-total // size)))}" if here > 1 else None,
    }


def proposal_page(proposal: Proposal) -> str:
    return f"{base_url()}/{proposal.dataset}/proposals/{proposal.id}"
