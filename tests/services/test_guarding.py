"""Who sends, signed times, proofs and signs: what the guard is made of."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouche.core.operations import Delete, Insert, Operation, Update
from retouche.core.package import Package, Resource
from retouche.core.schema import Field, Schema
from retouche.services.guarding import proofs, signs, stamps
from retouche.services.guarding.guard import contact_of
from retouche.services.guarding.identity import (
    UNKNOWN,
    address_hash,
    contact_hash,
    prefix,
    sender_of,
)
from retouche.services.guarding.signs import CODES, signs_of

KEY = "a secret for tests"
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)

# -- Who ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        (" 192.0.2.77 ", "192.0.2.0/24"),
        ("::ffff:192.0.2.1", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", UNKNOWN),
        ("192.0.2", UNKNOWN),
        ("192.0.2.1:443", UNKNOWN),
        ("<script>", UNKNOWN),
    ],
)
@pytest.mark.attack("senders")
def test_addresses_are_counted_by_network(address: str, network: str) -> None:
    assert prefix(address) == network


@given(st.ip_addresses(v=4), st.integers(0, 255))
def test_the_last_byte_of_ipv4_tells_nobody_apart(address: IPv4Address, last: int) -> None:
    other = IPv4Address(int(address) & ~0xFF | last)
    assert prefix(str(other)) == prefix(str(address)) == prefix(f"::ffff:{other}")


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1), st.integers(0, 63))
def test_the_second_half_of_ipv6_tells_nobody_apart(
    address: IPv6Address, half: int, bit: int
) -> None:
    if address.ipv4_mapped is not None:
        return
    upper = int(address) >> 64 << 64
    if upper == 0:
        return
    assert prefix(str(IPv6Address(upper | half))) == prefix(str(address))
    assert prefix(str(IPv6Address(upper ^ 1 << 64 + bit | 1 << 63))) != prefix(str(address))


@pytest.mark.attack("senders")
def test_hashes_differ_by_key_dataset_and_kind_and_tell_nothing() -> None:
    one = address_hash(KEY, "a", "192.0.2.1")
    assert one == address_hash(KEY, "a", "192.0.2.200")
    others = {
        address_hash(KEY, "b", "192.0.2.1"),
        address_hash("another", "a", "192.0.2.1"),
        address_hash(KEY, "a", "192.0.3.1"),
        contact_hash(KEY, "a", "192.0.2.0/24"),
    }
    assert one not in others
    assert len(others) == 4
    assert contact_hash(KEY, "a", " Ann@Example.ORG ") == contact_hash(KEY, "a", "ann@example.org")
    assert sender_of(KEY, "a", "192.0.2.1", " ").contact is None
    assert len(one) == 32


# -- When a form was opened ------------------------------------------------------------------


@given(st.timedeltas(min_value=timedelta(), max_value=timedelta(hours=23)))
def test_a_stamp_tells_when_it_was_made(passed: timedelta) -> None:
    age = stamps.age(KEY, "a", stamps.stamp(KEY, "a", NOW), NOW + passed)
    assert age is not None
    assert abs(age - passed) <= timedelta(milliseconds=1)


@pytest.mark.attack("proofs")
def test_only_a_stamp_of_ours_counts_and_only_for_a_day() -> None:
    made = stamps.stamp(KEY, "a", NOW)
    number, signature = made.split(".")
    for text in (None, "", "x", f"{int(number) - 60_000}.{signature}", f"{number}.{'0' * 32}"):
        assert stamps.age(KEY, "a", text, NOW) is None
    assert stamps.age(KEY, "b", made, NOW) is None
    assert stamps.age("another", "a", made, NOW) is None
    assert stamps.age(KEY, "a", made, NOW + timedelta(days=1, seconds=1)) is None
    assert stamps.age(KEY, "a", made, NOW - timedelta(days=9)) == timedelta()  # a clock set back


# -- Proof of work ---------------------------------------------------------------------------


def answer(challenge: dict[str, Any]) -> dict[str, Any]:
    """The answer to a challenge, as a browser finds it."""
    asked = challenge["parameters"]
    nonce, salt = bytes.fromhex(asked["nonce"]), bytes.fromhex(asked["salt"])
    for counter in range(asked["data"]["most"] + 1):
        password = nonce + struct.pack(">I", counter)
        key = hashlib.pbkdf2_hmac("sha256", password, salt, asked["cost"], asked["keyLength"])
        if key.hex().startswith(asked["keyPrefix"]):
            return {
                "challenge": challenge,
                "solution": {"counter": counter, "derivedKey": key.hex()},
            }
    raise AssertionError("a challenge without an answer")


def written(payload: object) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


def test_a_challenge_is_answered_and_its_answer_has_one_mark() -> None:
    now = datetime.now(UTC)
    challenge = proofs.challenge(KEY, "a", now)
    found = answer(challenge)
    mark = proofs.answered(KEY, "a", written(found))
    assert mark is not None
    again = written({**found, "solution": {**found["solution"], "time": 3}, "more": 1})
    assert proofs.answered(KEY, "a", again) == mark
    assert proofs.answered(KEY, "b", written(found)) is None
    assert proofs.answered("another", "a", written(found)) is None
    assert proofs.FEWEST <= found["solution"]["counter"] <= proofs.MOST
    assert len(written(found)) < 4_000


@pytest.mark.attack("proofs")
def test_an_answer_that_is_wrong_late_or_changed_does_not_count() -> None:
    now = datetime.now(UTC)
    challenge = proofs.challenge(KEY, "a", now)
    found = answer(challenge)
    wrong = {**found, "solution": {**found["solution"], "derivedKey": "00" * 32}}
    easier = json.loads(json.dumps(found))
    easier["challenge"]["parameters"]["cost"] = 1
    unsigned = json.loads(json.dumps(found))
    del unsigned["challenge"]["signature"]
    late = answer(proofs.challenge(KEY, "a", now - proofs.LASTS - timedelta(seconds=5)))
    others: list[Any] = [{}, [], 3, None, {"challenge": 1, "solution": 2}]
    for one in (wrong, easier, unsigned, late, *others):
        assert proofs.answered(KEY, "a", written(one)) is None


@given(st.one_of(st.text(max_size=60), st.binary(max_size=60).map(lambda b: b.hex())))
@pytest.mark.attack("proofs")
def test_no_text_breaks_the_check_of_a_proof(text: str) -> None:
    assert proofs.answered(KEY, "a", text) is None
    assert proofs.answered(KEY, "a", base64.b64encode(text.encode()).decode()) is None


# -- Signs -----------------------------------------------------------------------------------

TABLE = Resource(
    name="t",
    path="t.csv",
    schema=Schema(
        fields=(
            Field(name="id"),
            Field(name="text"),
            Field(name="site", descriptor={"name": "site", "format": "uri"}),
        ),
        primary_key=("id",),
    ),
)
PACKAGE = Package(name="p", resources={"t": TABLE})


def change(key: str = "1", old: str | None = "before", **new: str | None) -> Update:
    return Update(resource="t", key=(key,), old=dict.fromkeys(new, old), new=new)


def rows(count: int, **new: str | None) -> tuple[Operation, ...]:
    return tuple(change(str(one), **new) for one in range(count))


def added(key: str, text: str) -> Insert:
    return Insert(resource="t", key=(key,), row={"id": key, "text": text})


@pytest.mark.parametrize(
    ("operations", "said", "found"),
    [
        (rows(1, text="after"), {}, ()),
        (rows(1, text="after"), {"fast": True}, ("fast",)),
        (rows(49, text="after"), {}, ()),
        (rows(50, text="after"), {}, ("many_rows",)),
        (tuple(Delete(resource="t", key=(str(n),), old={}) for n in range(9)), {}, ()),
        (
            tuple(Delete(resource="t", key=(str(n),), old={}) for n in range(10)),
            {},
            ("many_deletions",),
        ),
        (rows(4, text=None), {}, ()),
        (rows(5, text=None), {}, ("emptied_cells",)),
        (tuple(change(str(n), None, text=None) for n in range(9)), {}, ()),
        ((change(id="2"),), {}, ("key_changed",)),
        ((change(old="2", id="2", text="x"),), {}, ()),
        ((added("2", "see https://a.example"),), {}, ("links_added",)),
        ((change(text="see www.a.example"),), {}, ("links_added",)),
        ((change(old="http://a.example", text="https://b.example"),), {}, ()),
        ((change(site="https://a.example"),), {}, ()),
        (rows(1, text="x"), {"comment": "I called them"}, ()),
        (rows(1, text="x"), {"comment": "https://a.example"}, ("link_in_comment",)),
        (rows(4, text="buy here now"), {}, ()),
        (rows(5, text="buy here now"), {}, ("same_text_everywhere",)),
        (rows(5, text="yes"), {}, ()),
        (rows(1, text="x"), {"waiting": 19}, ()),
        (rows(1, text="x"), {"waiting": 20}, ("many_from_sender",)),
    ],
)
def test_each_sign_has_its_reason(
    operations: tuple[Operation, ...], said: dict[str, Any], found: tuple[str, ...]
) -> None:
    assert signs_of(operations, PACKAGE, **said) == found


def test_the_table_of_signs_tells_all_of_them() -> None:
    assert all(f"| `{code}` |" in str(signs.__doc__) for code in CODES)


@pytest.mark.parametrize(
    ("descriptor", "contact"),
    [
        ({}, None),
        ({"contributors": [{"title": "A"}, {"path": "https://a.example"}]}, "https://a.example"),
        ({"contributors": [{"path": "x"}, {"email": "a@a.example"}]}, "a@a.example"),
        ({"contributors": "x", "homepage": "https://b.example"}, "https://b.example"),
        ({"contributors": [3], "homepage": ["x"]}, None),
    ],
)
def test_whom_to_write_to(descriptor: dict[str, Any], contact: str | None) -> None:
    assert contact_of(Package(name="p", descriptor=descriptor, resources={})) == contact
