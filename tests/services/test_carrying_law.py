"""Whatever comes in whatever order, each acknowledged proposal has one merge request in the end."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from retouche.core.errors import ForgeRefused, ForgeUnavailable, RetoucheError, StorageFull
from retouche.ports import Delivery, Proposal, Reviewer
from tests.services.elsewhere import OPENING, Hands, Killed, Place, Server, make_home

STEPS = st.sampled_from([*OPENING, "close", "closed", "merge", "merged", "fetch"])
FAULTS = st.sampled_from(
    [
        ForgeUnavailable("forge_timeout"),
        ForgeUnavailable("forge_rate_limited", retry_after=400),
        ForgeUnavailable("forge_unauthorized"),
        ForgeRefused("push_refused"),
        StorageFull(),
        ValueError("ours"),
        Killed(),
    ]
)


class Carrying(RuleBasedStateMachine):
    """Two servers over one home and one forge; a killed one is started anew."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.home = make_home(Path(self.folder.name))
        self.place, self.clock = Place(), Hands()
        self.servers = [self.started(), self.started()]
        self.sent: list[Proposal] = []
        self.numbers = iter(range(3, 10_000))

    def started(self) -> Server:
        return Server(self.home, self.place, self.clock)

    @rule(which=st.integers(0, 1))
    def submit(self, which: int) -> None:
        self.sent.append(self.servers[which].submit(next(self.numbers)))

    @rule(which=st.integers(0, 1), one=st.integers(0, 9))
    def withdraw(self, which: int, one: int) -> None:
        if self.sent:
            with suppress(RetoucheError):  # decided, or being decided
                self.servers[which].withdraw(self.sent[one % len(self.sent)])

    @rule(which=st.integers(0, 1))
    def go_round(self, which: int) -> None:
        try:
            self.servers[which].round()
        except Killed:
            self.restart(which)

    @rule(which=st.integers(0, 1))
    def restart(self, which: int) -> None:
        self.servers[which].close()
        self.servers[which] = self.started()

    @rule(which=st.integers(0, 1), one=st.integers(0, 9))
    def reject(self, which: int, one: int) -> None:
        if not self.sent:
            return
        server, proposal = self.servers[which], self.sent[one % len(self.sent)]
        reviewer = Reviewer(name="maintainer", token="may")
        try:
            server.review.reject(server.desks, proposal.id, reason="spam", reviewer=reviewer)
        except RetoucheError:
            pass
        except (Killed, ValueError):
            self.restart(which)

    @rule(step=STEPS, fault=FAULTS, times=st.integers(1, 3))
    def fault(self, step: str, fault: BaseException, times: int) -> None:
        self.place.faults[step] += [fault] * times

    @rule(which=st.integers(0, 1), step=STEPS, one=st.integers(0, 9))
    def withdraw_in_the_midst(self, which: int, step: str, one: int) -> None:
        """The next time the forge is at a step, a contributor takes a proposal back."""
        if not self.sent:
            return
        server, proposal = self.servers[1 - which], self.sent[one % len(self.sent)]

        def taken_back() -> None:
            del self.place.hooks[step]
            if server.get(proposal).state == "queued":
                server.withdraw(proposal)

        if step in OPENING:
            self.place.hooks[step] = taken_back

    @rule(which=st.integers(0, 1), number=st.integers(0, 5))
    def webhook(self, which: int, number: int) -> None:
        delivery = Delivery(
            id=str(number), dataset="desks", kind="push", time=self.clock(), number=None
        )
        self.servers[which].watch.receive(delivery)

    @rule(seconds=st.sampled_from([1, 30, 600, 4000, -4000, -(10**7)]))
    def time_passes(self, seconds: int) -> None:
        self.clock.move(seconds=seconds)

    def teardown(self) -> None:
        if not hasattr(self, "servers"):
            return
        self.place.faults.clear()
        self.place.hooks.clear()
        for _ in range(3):
            self.clock.move(seconds=3601)
            self.servers[0].round()
        for one in self.sent:
            self.check(self.servers[0].get(one))
        assert {one.proposal for one in self.place.requests.values()} <= {
            one.id for one in self.sent
        }
        assert self.servers[0].watch.deliveries("desks") == []
        for server in self.servers:
            server.close()
        self.folder.cleanup()

    def check(self, proposal: Proposal) -> None:
        requests = self.place.of(proposal.id)
        states = [one.state for one in requests]
        if proposal.state == "withdrawn":
            assert states in ([], ["closed"])
            assert proposal.decision == {}
            assert proposal.id not in self.place.branches
            return
        if (proposal.decision or {}).get("pending"):
            return  # a reviewer's decision, which following settles
        assert len(requests) == 1
        assert (proposal.state, states[0]) in (("open", "opened"), ("rejected", "closed"))
        assert proposal.head == requests[0].head
        if proposal.state == "open":
            assert self.place.branches[proposal.id] == proposal.head


TestCarrying = Carrying.TestCase
TestCarrying.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
