"""Pages of lists: GitLab's headers by number, or only a link when pages go by key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from tests.gitlab_double.exchange import Answer, Refusal, Request, in_json

T = TypeVar("T")
MANY = 10_000


def page(
    request: Request, url: str, items: Sequence[T], shown: Callable[[T], Any], keyset: bool = False
) -> Answer:
    """One page of a list. `keyset`: only a link leads on, when asked for."""
    params = request.params()
    size = min(_number(params, "per_page", 20), 100)
    if keyset and params.get("pagination") == "keyset":
        return _by_key(request, url, items, shown, size)
    number = _number(params, "page", 1)
    pages = max(1, -(-len(items) // size))
    part = [shown(item) for item in items[(number - 1) * size : number * size]]
    following = number + 1 if number < pages else None
    links = {"prev": number - 1 if number > 1 else None, "next": following, "first": 1}
    headers = {
        "X-Page": str(number),
        "X-Per-Page": str(size),
        "X-Prev-Page": str(number - 1) if number > 1 else "",
        "X-Next-Page": str(following or ""),
    }
    if len(items) <= MANY:
        headers |= {"X-Total": str(len(items)), "X-Total-Pages": str(pages)}
        links["last"] = pages
    headers["Link"] = ", ".join(
        f'<{_link(request, url, page=aim, per_page=size)}>; rel="{name}"'
        for name, aim in links.items()
        if aim is not None
    )
    return in_json(part, headers=headers)


def _by_key(
    request: Request, url: str, items: Sequence[T], shown: Callable[[T], Any], size: int
) -> Answer:
    params = request.params()
    start = int(params.get("cursor") or params.get("page_token") or 0)
    headers = {}
    if start + size < len(items):
        link = _link(request, url, cursor=start + size, per_page=size)
        headers["Link"] = f'<{link}>; rel="next"'
    return in_json([shown(item) for item in items[start : start + size]], headers=headers)


def _link(request: Request, url: str, **changes: Any) -> str:
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    query |= {name: str(value) for name, value in changes.items()}
    return f"{url}{request.path}?{urlencode(query)}"


def _number(params: Mapping[str, Any], name: str, default: int) -> int:
    try:
        number = int(params.get(name) or default)
    except (TypeError, ValueError):
        raise Refusal(400, {"error": f"{name} is invalid"}) from None
    if number < 1:
        raise Refusal(400, {"error": f"{name} does not have a valid value"})
    return number
