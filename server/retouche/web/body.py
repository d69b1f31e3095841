"""Request bodies: JSON read strictly, so that nothing ambiguous or oversized gets in."""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any, NoReturn

from flask import request

from retouche.core.errors import Malformed, TooLarge, Unsupported

DEEPEST = 32
IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def json_body() -> Any:
    """The JSON body of the request.

    Raises `Unsupported` for another media type, `TooLarge`, and `Malformed` for anything that is
    not plain JSON: duplicate keys, NaN, lone surrogates, nesting deeper than 32.
    """
    if not request.is_json:
        raise Unsupported("media_type", expected="application/json", given=_media_type())
    return read_json(whole_body())


def idempotency_key() -> str | None:
    """The key under which the request is carried out once. Raises `Malformed`."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not IDEMPOTENCY_KEY.fullmatch(key):
        raise Malformed("idempotency_key_bad", pointer="Idempotency-Key")
    return key


def whole_body() -> bytes:
    """The body of the request, all of it. Raises `TooLarge`."""
    data = request.get_data(cache=True)
    limit = request.max_content_length
    if limit is not None and request.content_length is None and len(data) >= limit:
        # A body of unknown length is cut at the limit, and what is left is not what was sent.
        raise TooLarge("body_too_large", limit=limit)
    return data


def read_json(data: bytes) -> Any:
    """Parse strictly. Raises `Malformed`."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except Malformed:
        raise
    except RecursionError:
        raise Malformed("too_deep", limit=DEEPEST) from None
    except ValueError as error:
        raise Malformed("bad_json", detail=_where(error)) from None
    _check_depth(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Malformed("duplicate_json_key", key=name[:80])
        found[name] = value
    return found


def _finite(text: str) -> float:
    """A number; one too large to be one is no more plain JSON than `Infinity` is."""
    number = float(text)
    if not isfinite(number):
        _no_constant(text[:40])
    return number


def _no_constant(text: str) -> NoReturn:
    raise Malformed("bad_json", detail=text)


def _check_depth(value: Any) -> None:
    """Walk without recursion; refuse what is too deep or holds a lone surrogate."""
    level = [value]
    for _ in range(DEEPEST):
        deeper: list[Any] = []
        for one in level:
            if isinstance(one, str):
                _check_text(one)
            elif isinstance(one, dict):
                for name in one:
                    _check_text(name)
                deeper += one.values()
            elif isinstance(one, list):
                deeper += one
        if not deeper:
            return
        level = deeper
    raise Malformed("too_deep", limit=DEEPEST)


def _check_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Malformed("lone_surrogate") from None


def _where(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} ({error.lineno}:{error.colno})"
    if isinstance(error, UnicodeDecodeError):
        return f"UTF-8 ({error.start})"
    return "number"


def _media_type() -> str:
    return (request.mimetype or "-")[:80]
