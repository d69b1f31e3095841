"""The courier: whatever fails wherever, each proposal gets to its forge, once, and none waits for
another's trouble."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from retouche.core.errors import ForgeRefused, ForgeUnavailable, StorageFull, TooLarge
from retouche.ports import Delivery, Proposal
from retouche.services.courier import bell as bells
from retouche.services.courier import courier as couriers
from tests.services.elsewhere import OPENING, Hands, Killed, Place, Server, make_home

DOWN = ForgeUnavailable("forge_unreachable")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path)


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers over one home and one forge, which end with the test."""
    place, clock = Place(), Hands()
    begun: list[Server] = []

    def start(**settings: object) -> Server:
        begun.append(Server(home, place, clock, **settings))  # type: ignore[arg-type]
        return begun[-1]

    yield start
    for one in begun:
        one.close()
    assert [one.name for one in threading.enumerate() if one.name.startswith("courier")] == []


@pytest.fixture
def server(start: Callable[..., Server]) -> Server:
    return start()


def until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def check_opened_once(server: Server, *proposals: Proposal) -> None:
    """Each is open, with one branch and one merge request, and nothing else is there."""
    place = server.place
    assert set(place.branches) == {one.id for one in proposals}
    assert sorted(one.proposal for one in place.requests.values()) == sorted(
        one.id for one in proposals
    )
    for one in proposals:
        present = server.get(one)
        assert present.state == "open"
        assert present.head == place.branches[one.id]
        assert present.number is not None
        assert place.requests[present.number].proposal == one.id
        assert server.kinds(one).count("opened") == 1


# -- Carrying -----------------------------------------------------------------------------------


def test_what_is_queued_is_opened_in_the_order_of_arrival(server: Server) -> None:
    sent = [server.submit(agents) for agents in (5, 6, 7)]
    assert [one.state for one in sent] == ["queued"] * 3
    server.round()
    assert [one.proposal for one in server.place.requests.values()] == [one.id for one in sent]
    check_opened_once(server, *sent)
    assert server.get(sent[0]).merge_request_url == "https://gitlab.example/1"
    server.round()
    assert server.place.count("create") == 3


@pytest.mark.parametrize("step", OPENING)
@pytest.mark.parametrize("error", [DOWN, StorageFull(), ForgeRefused("push_refused"), ValueError()])
def test_a_failure_at_any_step_delays_a_proposal_and_doubles_nothing(
    server: Server, step: str, error: Exception
) -> None:
    sent = server.submit()
    server.place.faults[step] = [error]
    server.round()
    assert server.get(sent).state == "queued"
    assert server.get(sent).upstream.attempts == 1
    server.clock.move(hours=1, seconds=1)
    server.round()
    check_opened_once(server, sent)
    assert server.get(sent).upstream.attempts == 0


@pytest.mark.parametrize("step", OPENING)
@pytest.mark.fault(8, 9, 10)
def test_a_kill_at_any_step_is_made_good_by_the_next_server(
    start: Callable[..., Server], step: str
) -> None:
    killed = start()
    sent = killed.submit()
    killed.place.faults[step] = [Killed()]
    with pytest.raises(Killed):
        killed.round()
    next_one = start()
    next_one.round()
    check_opened_once(next_one, sent)


def test_a_kill_between_the_forge_and_the_journal_is_made_good(
    start: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = start()
    sent = killed.submit()

    def opened(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(killed.proposals.decisions, "opened", opened)
    with pytest.raises(Killed):
        killed.round()
    next_one = start()
    next_one.round()
    check_opened_once(next_one, sent)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ForgeRefused("push_refused", detail="No such message"), "push_refused"),
        (TooLarge("file_too_large"), "file_too_large"),
        (KeyError("ours"), "not_carried"),
    ],
)
def test_a_proposal_that_is_refused_stops_no_other_and_is_tried_again_in_an_hour(
    server: Server, error: Exception, reason: str
) -> None:
    bad, good = server.submit(5), server.submit(6)
    server.place.broken[bad.id] = error
    server.round()
    assert server.get(good).state == "open"
    aside = server.get(bad)
    assert (aside.state, aside.upstream.refused) == ("queued", reason)
    detail = error.values.get("detail") if isinstance(error, ForgeRefused) else None
    assert aside.upstream.refused_detail == detail
    assert server.watch.outlook("desks").fault is None
    server.place.broken.clear()
    server.clock.move(minutes=59)
    server.round()
    assert server.get(bad).state == "queued"
    server.clock.move(minutes=2)
    server.round()
    check_opened_once(server, bad, good)
    assert server.get(bad).upstream.refused is None
    assert server.get(bad).upstream.refused_detail is None


def test_a_proposal_at_which_the_forge_always_fails_starves_no_other(server: Server) -> None:
    bad, *good = [server.submit(agents) for agents in (5, 6, 7)]
    server.place.broken[bad.id] = DOWN
    for _ in range(3):
        server.round()
        server.clock.move(minutes=5)
    assert [server.get(one).state for one in good] == ["open", "open"]
    assert server.get(bad).state == "queued"


def test_many_proposals_are_carried_in_parts_with_a_look_between_them(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "BATCH", 2)
    sent = [server.submit(agents) for agents in range(5, 10)]
    server.courier.start()
    until(lambda: all(server.get(one).state == "open" for one in sent))
    check_opened_once(server, *sent)
    steps = [name for name, _ in server.place.steps]
    assert steps.index("fetch") < len(steps) - 1


# -- When the forge cannot be reached -----------------------------------------------------------


def test_a_forge_that_failed_is_not_asked_before_the_pause_is_over(server: Server) -> None:
    sent = server.submit()
    server.place.faults["look"] = [DOWN]
    server.round()
    outlook = server.watch.outlook("desks")
    assert (outlook.fault, outlook.failures, outlook.since) == (
        "forge_unreachable",
        1,
        server.clock.now,
    )
    assert outlook.retry_at == server.clock.now + timedelta(seconds=2)
    for _ in range(3):
        server.round()
    assert server.place.count("look") == 1
    server.clock.move(seconds=2)
    server.round()
    assert server.get(sent).state == "open"
    outlook = server.watch.outlook("desks")
    assert (outlook.fault, outlook.failures, outlook.retry_at) == (None, 0, None)


@pytest.mark.parametrize("lot", [0.0, 0.5, 1.0])
def test_pauses_grow_to_five_minutes_and_are_drawn_by_lot(
    start: Callable[..., Server], lot: float
) -> None:
    server = start(lot=lot)
    server.submit()
    server.place.faults["look"] = [DOWN] * 12
    pauses = []
    for _ in range(12):
        server.round()
        retry_at = server.watch.outlook("desks").retry_at
        assert retry_at is not None
        pauses.append((retry_at - server.clock.now).total_seconds())
        server.clock.now = retry_at
    assert pauses == [max(1, lot * min(300, 2 ** (n + 1))) for n in range(12)]


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (ForgeUnavailable("forge_rate_limited", retry_after=120), 120),
        (ForgeUnavailable("forge_rate_limited", retry_after=1e9), 3600),
        (ForgeUnavailable("forge_rate_limited", retry_after=0.2), 2),
        (ForgeUnavailable("forge_rate_limited", retry_after=-5), 2),
        (ForgeUnavailable("forge_unauthorized"), 900),
    ],
)
@pytest.mark.fault(23)
def test_a_forge_says_how_long_to_stay_away_within_reason(
    server: Server, error: Exception, seconds: float
) -> None:
    server.submit()
    server.place.faults["look"] = [error]
    server.round()
    retry_at = server.watch.outlook("desks").retry_at
    assert retry_at == server.clock.now + timedelta(seconds=seconds)


def test_a_new_server_asks_at_once(start: Callable[..., Server]) -> None:
    before = start()
    sent = before.submit()
    before.place.faults["look"] = [ForgeUnavailable("forge_unauthorized")]
    before.round()
    after = start()
    after.round()
    check_opened_once(after, sent)


def test_a_new_server_tries_again_what_was_refused(start: Callable[..., Server]) -> None:
    before = start()
    sent = before.submit()
    before.place.faults["push"] = [ForgeRefused("push_refused")]
    before.round()
    after = start()
    after.round()
    check_opened_once(after, sent)


@pytest.mark.fault(41)
def test_a_clock_that_is_put_back_keeps_nobody_waiting_for_years(server: Server) -> None:
    sent = server.submit()
    server.place.faults["look"] = [DOWN, ForgeRefused("push_refused")]
    server.round()
    server.clock.move(days=-400)
    server.round()  # refused: to be tried in an hour
    server.clock.move(days=-400)
    server.round()
    check_opened_once(server, sent)


def test_nothing_that_is_waiting_is_given_up(server: Server) -> None:
    sent = server.submit()
    server.place.faults["create"] = [DOWN] * 200
    for _ in range(200):
        server.round()
        server.clock.move(days=1)
    assert server.get(sent).state == "queued"
    server.round()
    check_opened_once(server, sent)


# -- Taking back --------------------------------------------------------------------------------


def test_what_is_taken_back_in_the_queue_leaves_nothing_at_the_forge(server: Server) -> None:
    sent = server.submit()
    withdrawn = server.withdraw(sent)
    assert withdrawn.state == "withdrawn"
    server.round()
    assert server.place.requests == {}
    assert server.get(sent).decision == {}
    assert server.kinds(sent) == ["received", "withdrawn"]
    assert server.withdraw(sent).state == "withdrawn"


@pytest.mark.parametrize("step", OPENING)
def test_what_is_taken_back_while_it_is_carried_is_closed_there(server: Server, step: str) -> None:
    sent = server.submit()
    server.place.hooks[step] = lambda: server.withdraw(sent)
    server.round()
    (request,) = server.place.requests.values()
    assert (request.state, server.place.branches) == ("closed", {})
    present = server.get(sent)
    assert (present.state, present.decision, present.number) == ("withdrawn", {}, 1)
    assert server.kinds(sent) == ["received", "withdrawn"]


@pytest.mark.parametrize("step", ["close", "closed"])
@pytest.mark.parametrize("error", [DOWN, ForgeRefused("forge_refused"), ValueError(), Killed()])
def test_taking_back_is_told_at_once_and_done_when_the_forge_can_be_reached(
    start: Callable[..., Server], step: str, error: BaseException
) -> None:
    server = start()
    sent = server.submit()
    server.round()
    server.place.faults[step] = [error]
    server.withdraw(sent)
    assert server.get(sent).state == "withdrawn"
    try:
        server.round()
    except Killed:
        server = start()
    assert (server.get(sent).decision or {}).get("pending")
    server.clock.move(hours=1, seconds=1)
    server.round()
    (request,) = server.place.requests.values()
    assert (request.state, server.place.branches) == ("closed", {})
    assert (server.get(sent).state, server.get(sent).decision) == ("withdrawn", {})


# -- Senders wait a little ----------------------------------------------------------------------


def test_a_sender_gets_an_open_proposal_when_the_forge_is_quick(server: Server) -> None:
    server.courier.start()
    assert server.submit().state == "open"


def test_a_sender_waits_no_longer_than_patience(start: Callable[..., Server]) -> None:
    server = start(patience=0.3)
    server.courier.start()
    until(lambda: server.looks.fulls != [])
    gate = server.place.gates["push"] = threading.Event()
    begun = time.monotonic()
    sent = server.submit()
    assert 0.25 < time.monotonic() - begun < 5
    assert sent.state == "queued"
    gate.set()
    until(lambda: server.get(sent).state == "open")


def test_senders_do_not_wait_while_the_forge_is_known_to_be_away(
    start: Callable[..., Server],
) -> None:
    server = start(patience=30.0)
    server.courier.start()
    until(lambda: server.looks.fulls != [])
    server.place.faults["look"] = [DOWN]
    begun = time.monotonic()
    assert [server.submit(agents).state for agents in (5, 6, 7)] == ["queued"] * 3
    assert time.monotonic() - begun < 5
    assert server.place.count("look") == 1


def test_only_a_few_senders_wait_at_once(start: Callable[..., Server]) -> None:
    server = start(patience=20.0)
    server.courier.start()
    until(lambda: server.looks.fulls != [])
    gate = server.place.gates["push"] = threading.Event()
    with ThreadPoolExecutor(bells.WAITING) as pool:
        waiting = [pool.submit(server.submit, 5 + n) for n in range(bells.WAITING)]
        until(lambda: server.journal.counts("desks").get("queued") == bells.WAITING)
        time.sleep(0.2)
        begun = time.monotonic()
        extra = server.submit(90)
        assert extra.state == "queued"
        assert time.monotonic() - begun < 5
        gate.set()
        sent = [one.result(10) for one in waiting]
    assert [one.state for one in sent] == ["open"] * bells.WAITING
    until(lambda: server.get(extra).state == "open")
    check_opened_once(server, *sent, extra)


def test_nobody_waits_where_no_courier_works(start: Callable[..., Server]) -> None:
    server = start(patience=30.0)
    begun = time.monotonic()
    assert server.submit().state == "queued"
    server.courier.start()
    server.courier.stop()
    assert server.submit(6).state == "queued"
    assert time.monotonic() - begun < 5


def test_sending_again_with_the_same_key_gives_what_became_of_it(server: Server) -> None:
    body = {"operations": [{"op": "update", "key": {"id": "01"}, "new": {"agents": "7"}}]}
    first = server.proposals.submit(server.desks, body, idempotency_key="k")
    server.round()
    again = server.proposals.submit(server.desks, body, idempotency_key="k")
    assert (again.id, again.state) == (first.id, "open")
    check_opened_once(server, first)


# -- Threads ------------------------------------------------------------------------------------


def test_a_forge_that_hangs_delays_no_other_dataset(tmp_path: Path) -> None:
    slow, quick = Place(), Place()
    slow.gates["look"] = threading.Event()
    home = make_home(tmp_path, "quick", "slow")
    names, places = ("quick", "slow"), {"quick": quick, "slow": slow}
    server = Server(home, quick, Hands(), names=names, places=places, patience=0.2)
    try:
        server.courier.start()
        hanging = server.submit(dataset="slow")
        until(lambda: slow.count("look") == 1)
        sent = [server.submit(agents, dataset="quick") for agents in (5, 6)]
        until(lambda: all(server.get(one).state == "open" for one in sent), 3)
        assert server.get(hanging).state == "queued"
    finally:
        slow.gates["look"].set()
        server.close()


def test_a_thread_survives_what_nobody_foresaw(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "LONGEST_STUMBLE", 0.05)
    real, failures = server.journal.unfinished, [RuntimeError("ours"), DOWN]

    def unfinished(dataset: str) -> object:
        if failures:
            raise failures.pop()
        return real(dataset)

    monkeypatch.setattr(server.journal, "unfinished", unfinished)
    server.courier.start()
    sent = server.submit()
    server.clock.move(seconds=10)
    server.courier.wake("desks")
    until(lambda: server.get(sent).state == "open")


def test_no_wake_up_is_lost_while_a_round_is_made(start: Callable[..., Server]) -> None:
    server = start(patience=0.0)
    server.courier.start()
    sent = []
    for turn in range(15):
        sent.append(server.submit(5 + turn))
        time.sleep(0.002 * (turn % 5))
    until(lambda: all(server.get(one).state == "open" for one in sent))
    check_opened_once(server, *sent)


@pytest.mark.fault(40)
def test_two_servers_of_one_home_carry_each_proposal_once(start: Callable[..., Server]) -> None:
    one, other = start(patience=0.0), start(patience=0.0)
    one.place.hooks["create"] = lambda: time.sleep(0.02)  # long enough for the other to come by
    one.courier.start()
    other.courier.start()
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda n: (one, other)[n % 2].submit(5 + n), range(16)))
    until(lambda: all(one.get(each).state == "open" for each in sent))
    check_opened_once(one, *sent)
    assert one.place.count("create") == len(sent)


def test_a_server_takes_over_from_one_that_hangs(start: Callable[..., Server]) -> None:
    hanging, other = start(patience=0.0), start(patience=0.0)
    gate = hanging.place.gates["look"] = threading.Event()
    hanging.courier.start()
    first = hanging.submit(5)
    until(lambda: hanging.place.count("look") == 1)
    other.courier.start()
    second = other.submit(6)  # rung here alone, while the other holds the round
    time.sleep(0.3)
    hanging.bell.leave()  # it will not take another round
    gate.set()
    until(lambda: other.get(second).state == "open")
    check_opened_once(other, first, second)


def test_a_sender_waits_for_the_round_of_another_server(start: Callable[..., Server]) -> None:
    busy, other = start(patience=0.0), start(patience=10.0)
    gate = busy.place.gates["push"] = threading.Event()
    busy.courier.start()
    busy.submit(5)
    until(lambda: busy.place.count("push") == 1)
    other.courier.start()
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(other.submit, 6)
        time.sleep(0.3)
        assert not sending.done()
        gate.set()
        assert sending.result(10).state == "open"


def test_starting_twice_starts_one_thread_a_dataset(server: Server) -> None:
    server.courier.start()
    server.courier.start()
    names = [one.name for one in threading.enumerate()]
    assert names.count("courier desks") == 1
    server.courier.stop()
    server.courier.stop()
    assert "courier desks" not in [one.name for one in threading.enumerate()]
    server.courier.start()
    assert server.submit().state == "open"


# -- Following ----------------------------------------------------------------------------------


def delivery(server: Server, number: int) -> Delivery:
    return Delivery(
        id=f"d{number}", dataset="desks", kind="merge_request", time=server.clock(), number=number
    )


@pytest.mark.fault(29)
def test_the_forge_is_looked_at_at_the_start_and_then_when_it_is_due(server: Server) -> None:
    server.round()
    assert server.looks.fulls == [True]
    server.round()
    assert server.looks.fulls == [True]
    for _ in range(35):
        server.clock.move(seconds=121)
        server.round()
    assert len(server.looks.fulls) == 36
    assert server.looks.fulls[1:].count(True) == 1  # once an hour, all there is


def test_a_delivery_has_the_forge_looked_at_and_is_then_dealt_with(server: Server) -> None:
    server.round()
    server.watch.receive(delivery(server, 1))
    server.watch.receive(delivery(server, 2))
    server.place.faults["fetch"] = [DOWN]
    server.round()
    assert len(server.watch.deliveries("desks")) == 2
    server.clock.move(seconds=10)
    server.round()
    assert server.watch.deliveries("desks") == []
    assert server.looks.fulls == [True, False]
    server.round()
    assert server.looks.fulls == [True, False]


def test_a_delivery_that_comes_during_a_look_is_looked_at_again(server: Server) -> None:
    server.round()
    server.watch.receive(delivery(server, 1))
    server.place.hooks["fetch"] = lambda: server.watch.receive(delivery(server, 2))
    server.round()
    assert [one.id for one in server.watch.deliveries("desks")] == ["d2"]
    server.place.hooks.clear()
    server.round()
    assert server.watch.deliveries("desks") == []


def test_a_delivery_wakes_the_thread(server: Server) -> None:
    server.courier.start()
    until(lambda: server.looks.fulls == [True])
    server.watch.receive(delivery(server, 1))
    server.courier.wake("desks")
    until(lambda: server.watch.deliveries("desks") == [])


def test_following_that_stumbles_keeps_no_proposal_from_the_forge(server: Server) -> None:
    server.place.faults["fetch"] = [ValueError("ours")] * 3
    for agents in (5, 6, 7):
        server.submit(agents)
        server.round()
    assert server.journal.counts("desks") == {"open": 3}
    assert server.place.count("fetch") == 1  # tried again when it is due, not at once
    server.clock.move(seconds=121)
    server.round()
    assert server.place.count("fetch") == 2


def test_a_decision_nobody_knows_the_end_of_has_the_forge_looked_at(server: Server) -> None:
    sent = server.submit()
    server.round()
    begun = {"by": "maintainer", "revision": "a" * 40, "pending": True}
    server.journal.update(replace(server.get(sent), decision=begun))
    server.round()
    assert len(server.looks.fulls) == 2


@pytest.mark.fault(41)
def test_a_clock_that_is_put_back_does_not_stop_the_looks(server: Server) -> None:
    server.round()
    server.clock.move(days=-400)
    server.round()
    assert server.looks.fulls == [True, True]
