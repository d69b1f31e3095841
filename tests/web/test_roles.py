"""What is remembered of people's roles, for how long, and what a silent forge costs."""

from __future__ import annotations

import threading
import time

import pytest

from retouche.core.errors import ForgeRefused, ForgeUnavailable, NotSignedIn
from retouche.ports import Role
from retouche.web.accounts.roles import FRESH, MOST, PAUSE, STALE, Roles

MAY = Role(name="maintainer", decides=True)
MAY_NOT = Role(name="maintainer", decides=False)


class Forge:
    """Gives a role, or is silent; counts how often it was asked."""

    def __init__(self) -> None:
        self.role: Role | Exception = MAY
        self.asked = 0

    def __call__(self) -> Role:
        self.asked += 1
        if isinstance(self.role, Exception):
            raise self.role
        return self.role


class Hand:
    """A clock that stands until it is moved."""

    now = 1.0

    def __call__(self) -> float:
        return self.now


def test_a_role_is_asked_again_after_a_minute_and_is_that_of_one_session() -> None:
    hand, forge = Hand(), Forge()
    roles = Roles(hand)
    for _ in range(3):
        assert roles.of("a", "desks", forge) == MAY
    assert forge.asked == 1
    forge.role = MAY_NOT
    assert roles.of("b", "desks", forge) == MAY_NOT
    assert roles.of("a", "other", forge) == MAY_NOT
    hand.now += FRESH
    assert roles.of("a", "desks", forge) == MAY_NOT
    assert forge.asked == 4
    roles.forget("a")
    roles.of("a", "desks", forge)
    assert forge.asked == 5


def test_a_silent_forge_is_left_alone_and_the_last_role_is_believed_for_an_hour() -> None:
    hand, forge = Hand(), Forge()
    roles = Roles(hand)
    roles.of("a", "desks", forge)
    forge.role = ForgeUnavailable("gitlab_silent")
    hand.now += FRESH
    for _ in range(5):
        assert roles.of("a", "desks", forge) == MAY
    assert forge.asked == 2
    assert roles.is_silent("desks")
    assert not roles.is_silent("other")
    with pytest.raises(ForgeUnavailable):
        roles.of("b", "desks", forge)
    assert forge.asked == 2
    hand.now += PAUSE
    roles.of("a", "desks", forge)
    assert forge.asked == 3
    hand.now += STALE
    with pytest.raises(ForgeUnavailable):
        roles.of("a", "desks", forge)
    forge.role = MAY
    hand.now += PAUSE
    assert roles.of("a", "desks", forge) == MAY
    assert not roles.is_silent("desks")


def test_a_forge_that_takes_long_holds_no_page_and_is_heard_later() -> None:
    answers = threading.Event()

    def slow() -> Role:
        answers.wait(10)
        return MAY

    roles = Roles(patience=0.05)
    begun = time.perf_counter()
    for _ in range(3):
        with pytest.raises(ForgeUnavailable):
            roles.of("a", "desks", slow)
    assert time.perf_counter() - begun < 1
    answers.set()
    until = time.perf_counter() + 5
    while roles.is_silent("desks") and time.perf_counter() < until:
        time.sleep(0.01)
    assert roles.of("a", "desks", slow) == MAY


@pytest.mark.parametrize("reason", ["forge_rate_limited", "forge_refused"])
def test_who_asks_too_much_shuts_nobody_out_and_is_not_believed_for_longer(reason: str) -> None:
    hand, forge = Hand(), Forge()
    roles = Roles(hand)
    roles.of("a", "desks", forge)
    hand.now += FRESH
    kind = ForgeRefused if reason == "forge_refused" else ForgeUnavailable
    forge.role = kind(reason)
    with pytest.raises(ForgeUnavailable, match=reason):
        roles.of("a", "desks", forge)
    assert not roles.is_silent("desks")
    forge.role = MAY
    assert roles.of("b", "desks", forge) == MAY


def test_a_refused_token_is_no_silence() -> None:
    forge = Forge()
    roles = Roles(Hand())
    forge.role = NotSignedIn("account_expired")
    for _ in range(2):
        with pytest.raises(NotSignedIn):
            roles.of("a", "desks", forge)
    assert forge.asked == 2


def test_so_many_sessions_are_remembered_and_no_more() -> None:
    forge = Forge()
    roles = Roles(Hand())
    for number in range(MOST + 1):
        roles.of(str(number), "desks", forge)
    before = forge.asked
    roles.of(str(MOST), "desks", forge)
    assert forge.asked == before
    roles.of("0", "desks", forge)
    assert forge.asked == before + 1
