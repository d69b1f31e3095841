"""Where a request comes from, as far as the proxies in front are to be believed."""

from __future__ import annotations

from ipaddress import ip_address

from flask import request

from retouche.web.context import services


def client_address() -> str:
    """The network address of who asks: never logged, never kept, and shown to nobody.

    Each proxy that we trust adds to the end of `X-Forwarded-For` the address that it was called
    from. So the client's own is the one that stands as many places from the right as there are
    proxies; what stands before it, the client may have written itself.
    """
    peer = request.remote_addr or ""
    proxies = services().settings.trusted_proxies
    if not proxies:
        return peer
    named = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
    if len(named) < proxies:
        return peer
    try:
        return str(ip_address(named[-proxies]))
    except ValueError:
        return peer
