"""Two homes of one database: what one serves, the other serves soon, and never goes back from
what is being decided."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from retouche.core.errors import ForgeUnavailable, NotFound
from retouche.ports import Reviewer
from retouche.wiring import Services
from tests.datasets import update
from tests.faults.gitlab_home import Home, desks, make_home, many_desks
from tests.gitlab_double import Fault, GitLab

FILE = "desks.csv"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Home]:
    with GitLab() as gitlab:
        yield make_home(gitlab, tmp_path)


@pytest.fixture
def pair(place: Home) -> Iterator[tuple[Services, Services]]:
    """A server that works, and one of another home that is kept at what it serves."""
    url = f"sqlite:///{place.path.parent / 'shared.sqlite'}"
    one = place.start(database_url=url)
    one.courier.round(desks(one))
    other_place = replace(place, path=place.path.with_name("other"))
    other = other_place.start(database_url=url)
    assert other.keeping.keep(desks(other))
    yield one, other
    one.close()
    other.close()


def published(services: Services) -> str:
    return desks(services).forge.published()


def changed(place: Home, number: int) -> str:
    text = many_desks().replace(f"Desk {number},", f"Desk {number} bis,")
    return place.project.push("main", {FILE: text.encode()})


def follow(services: Services) -> None:
    services.courier.wake("desks", True)
    services.courier.round(desks(services))


def keep(services: Services) -> bool:
    return services.keeping.keep(desks(services))


def test_what_one_publishes_the_other_serves(place: Home, pair: tuple[Services, Services]) -> None:
    one, other = pair
    assert published(one) == published(other) == one.watch.outlook("desks").served
    tip = changed(place, 7)
    follow(one)
    assert published(one) == tip != published(other)
    assert keep(other)
    assert published(other) == tip
    row = desks(other).at().snapshot("desks").row(("007",))
    assert row["name"] == "Desk 7 bis"


def test_an_acceptance_is_served_by_all(place: Home, pair: tuple[Services, Services]) -> None:
    one, other = pair
    sent = one.proposals.submit(desks(one), {"operations": [update("007", agents="9")]})
    one.courier.round(desks(one))
    # The other home has never seen its commit: it is fetched to be read, and to be merged.
    assert desks(other).at(f"proposal:{sent.id}").snapshot("desks").row(("007",))["agents"] == "9"
    present = other.proposals.get(desks(other), sent.id)
    token = place.gitlab.token("maintainer")
    other.review.accept(
        desks(other),
        sent.id,
        head=str(present.head),
        reviewer=Reviewer(name="maintainer", token=token),
    )
    assert published(other) == one.watch.outlook("desks").served != published(one)
    assert keep(other)
    assert keep(one)
    assert published(one) == published(other)
    assert desks(one).at().snapshot("desks").row(("007",))["agents"] == "9"
    follow(one)
    assert one.proposals.get(desks(one), sent.id).state == "accepted"
    assert published(one) == one.watch.outlook("desks").served


def test_who_is_ahead_goes_back_only_when_nobody_decides(
    place: Home, pair: tuple[Services, Services]
) -> None:
    one, other = pair
    first = published(one)
    tip = changed(place, 7)
    remote = desks(other).remote
    assert remote is not None
    remote.bring(tip)
    remote.publish(tip)  # as an acceptance does before it is written down
    with other.locks.hold("desks"):
        assert not keep(other)
        assert published(other) == tip
    assert keep(other)  # nobody wrote it down: all serve the other one
    assert published(other) == first
    follow(one)
    assert keep(other)
    assert published(other) == tip


def test_a_history_that_was_rewritten_is_followed(
    place: Home, pair: tuple[Services, Services]
) -> None:
    one, other = pair
    first = published(one)
    changed(place, 7)
    follow(one)
    assert keep(other)
    text = many_desks().replace("Desk 8,", "Desk 8 bis,")
    tip = place.project.rewrite("main", {FILE: text.encode()}, parent=first)
    follow(one)
    assert keep(other)
    assert published(one) == published(other) == tip


def test_what_is_behind_is_brought_for_who_asks_for_it(
    place: Home, pair: tuple[Services, Services]
) -> None:
    one, other = pair
    tip = changed(place, 7)
    follow(one)
    assert desks(other).at(tip).commit == tip
    assert published(other) == tip


def test_nobody_makes_us_ask_for_what_is_made_up(
    place: Home, pair: tuple[Services, Services]
) -> None:
    _, other = pair
    place.gitlab.stop()
    with pytest.raises(NotFound):
        desks(other).at("a" * 40)
    place.gitlab.start()


def test_a_forge_that_fails_is_left_alone_for_as_long_as_all_others_do(
    place: Home, pair: tuple[Services, Services]
) -> None:
    one, other = pair
    before, tip = published(other), changed(place, 7)
    follow(one)
    place.gitlab.fault(Fault("git-fetch", "reset"))
    with pytest.raises(ForgeUnavailable):
        keep(other)
    assert published(other) == before
    one.watch.note_outlook(
        replace(
            one.watch.outlook("desks"), retry_at=place.clock() + timedelta(minutes=1), fault="x"
        )
    )
    assert not keep(other)
    assert published(other) == before
    place.clock.move(minutes=2)
    assert keep(other)
    assert published(other) == tip


def test_a_late_worker_does_not_take_back_what_others_serve(
    place: Home, pair: tuple[Services, Services]
) -> None:
    """It fetched before it was cut off, and comes back after another has gone on."""
    one, other = pair
    old, tip = published(one), changed(place, 7)
    follow(one)
    assert not other.watch.note_served("desks", old, seen=old)
    assert other.watch.outlook("desks").served == tip
    other.watch.note_outlook(replace(other.watch.outlook("desks"), served=old))
    assert other.watch.outlook("desks").served == tip


def test_a_mirror_that_was_lost_is_made_again(place: Home, pair: tuple[Services, Services]) -> None:
    one, other = pair
    other.close()
    shutil.rmtree(place.path.with_name("other"))
    again = replace(place, path=place.path.with_name("other")).start(
        database_url=one.settings.database_url
    )
    assert keep(again)
    assert published(again) == published(one)
    again.close()
