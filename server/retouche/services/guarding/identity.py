"""Who sends, as far as one may know: keyed hashes of a network prefix and of a mail address.

With the server's key and the dataset's name in them, they tell nothing to who has not the key, and
cannot be compared between datasets. They are never logged, shown to others or written to git.
"""

from __future__ import annotations

import hashlib
import hmac
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from retouche.ports import Sender

UNKNOWN = "unknown"
"""The prefix of an address that is none: of a local socket, or a broken one."""


def prefix(address: str) -> str:
    """The network that an address is counted in: /24 of IPv4, /64 of IPv6.

    An IPv6 address that stands for one of IPv4 is that one.
    """
    try:
        found: IPv4Address | IPv6Address = ip_address(address.strip())
    except ValueError:
        return UNKNOWN
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return str(ip_network((int(found) >> 64 << 64, 64)))
        found = found.ipv4_mapped
    return str(ip_network((int(found) >> 8 << 8, 24)))


def address_hash(secret_key: str, dataset: str, address: str) -> str:
    """The hash of the prefix of a network address, for one dataset."""
    return _keyed(secret_key, "address", dataset, prefix(address))


def contact_hash(secret_key: str, dataset: str, email: str) -> str:
    """The hash of a mail address in lower case, for one dataset."""
    return _keyed(secret_key, "contact", dataset, email.strip().lower())


def sender_of(secret_key: str, dataset: str, address: str, email: str | None = None) -> Sender:
    """Who sends something to a dataset from an address, and says that theirs is `email`."""
    return Sender(
        address=address_hash(secret_key, dataset, address),
        contact=contact_hash(secret_key, dataset, email) if email and email.strip() else None,
    )


def _keyed(secret_key: str, kind: str, dataset: str, text: str) -> str:
    message = "\n".join(("sender", kind, dataset, text)).encode()
    return hmac.new(secret_key.encode(), message, hashlib.sha256).hexdigest()[:32]
