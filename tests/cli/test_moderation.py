"""`retouche undo`, `block`, `unblock`, `pause`, `resume` and `proposals reject --source-of`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from retouche.cli.home import Home
from retouche.ports import Sender
from tests.cli.commands import refusal, run
from tests.cli.test_review import home as home  # a fixture
from tests.cli.test_review import published
from tests.datasets import DESKS, update

SPAMMER = Sender(address="a" * 64, contact="c" * 64)


def send(home: Path, *operations: dict[str, Any], accept: bool = False) -> str:
    """What the same source sends."""
    services = Home(home).services()
    dataset = services.catalogue.get("desks")
    sent = services.proposals.submit(dataset, {"operations": list(operations)})
    services.proposals.decisions.record(replace(sent, sender=SPAMMER))
    if accept:
        assert run("proposals", "accept", "desks", sent.id, "--home", home).exit_code == 0
    return sent.id


def test_what_a_source_wrote_is_taken_back(home: Path) -> None:
    first = send(home, update("01", agents="8"), accept=True)
    send(home, update("03", note="casino"), accept=True)
    dry = run("undo", "desks", "--source-of", first, "--dry-run", "--home", home)
    assert dry.stdout.splitlines() == [
        "update desks 01",
        "    agents: 8 → 2",
        "update desks 03",
        "    note: casino → closed on Monday",
        "2 accepted proposal(s): 2 row(s) set back, 0 place(s) stay.",
    ]
    made = run("undo", "desks", "--source-of", first, "--home", home)
    assert made.exit_code == 0
    identity, state = made.stdout.splitlines()[-1].split()
    assert state == "open"
    again = run("undo", "desks", "--source-of", first, "--home", home)
    assert again.stdout.splitlines()[-1].split()[0] == identity
    assert run("proposals", "accept", "desks", identity, "--home", home).exit_code == 0
    assert published(home) == DESKS
    nothing = run("undo", "desks", "--source-of", first, "--home", home)
    assert nothing.exit_code == 1


def test_what_stays_is_told_and_in_french_too(home: Path) -> None:
    spam = send(home, update("01", agents="8"), accept=True)
    send(home, update("01", agents="5"), accept=True)
    told = run("undo", "desks", "--proposal", spam, "--home", home)
    assert told.exit_code == 1
    assert told.stdout.splitlines()[0] == "= desks 01 agents: It was changed again since."
    french = run("undo", "desks", "--proposal", spam, "--home", home, lang="fr")
    assert "modifiée depuis" in french.stdout
    everything = run("undo", "desks", "--from", "2020-01-01", "--to", "2999-01-01", "--home", home)
    assert everything.exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--to", "2026-01-01"),
        ("--from", "2026-01-01", "--proposal", "0" * 16),
        ("--from", "soon"),
        ("--from", "2026-01-02", "--to", "2026-01-01"),
        ("--proposal", "0" * 16),
        ("--source-of", "0" * 16),
    ],
)
def test_a_choice_that_is_none_is_refused(home: Path, arguments: tuple[str, ...]) -> None:
    refusal(run("undo", "desks", *arguments, "--home", home))


def test_a_source_is_blocked_listed_and_unblocked(home: Path) -> None:
    spam = send(home, update("01", agents="8"))
    assert run("block", "desks", "--home", home).stdout == "Nothing is blocked.\n"
    options = ("--until", "2999-01-01", "--reason", "Casino", "--as", "Ann", "--home", home)
    made = run("block", "desks", "--proposal", spam, *options).stdout.splitlines()
    assert [line.split(" · ")[1:] for line in made] == [
        [kind, "Ann", "until 2999-01-01 00:00 UTC", "Casino"]
        for kind in ("a part of the network", "a mail address")
    ]
    listed = run("block", "desks", "--home", home).stdout.splitlines()
    assert sorted(listed) == sorted(made)
    for line in listed:
        assert run("unblock", "desks", line.split()[0], "--home", home).exit_code == 0
    refusal(run("unblock", "desks", listed[0].split()[0], "--home", home))
    one = run("block", "desks", "--proposal", spam, "--contact", "--home", home)
    assert len(one.stdout.splitlines()) == 1
    refusal(run("block", "desks", "--proposal", spam, "--until", "2001-01-01", "--home", home))


def test_a_dataset_is_paused_and_takes_corrections_again(home: Path) -> None:
    said = run("pause", "desks", "--message", "Back on Monday", "--home", home, "--as", "Ann")
    assert said.stdout == "desks takes no corrections from now on.\n"
    services = Home(home).services()
    pause = services.moderating.pause_of(services.catalogue.get("desks"))
    assert pause is not None
    assert (pause.message, pause.by) == ("Back on Monday", "Ann")
    assert run("resume", "desks", "--home", home).exit_code == 0
    assert services.moderating.pause_of(services.catalogue.get("desks")) is None
    refusal(run("pause", "absent", "--home", home))
    refusal(run("pause", "desks", "--until", "yesterday", "--home", home))


def test_all_open_ones_of_a_source_are_rejected(home: Path) -> None:
    spam = [send(home, update("01", agents=str(number))) for number in (7, 8, 9)]
    reject = ("proposals", "reject", "desks", "--reason", "spam", "--home", home)
    done = run(*reject, "--source-of", spam[1], "--block")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [f"{one} rejected spam" for one in spam]
    assert len(run("block", "desks", "--home", home).stdout.splitlines()) == 2
    assert run(*reject, "--source-of", spam[1]).stdout == "No proposal.\n"
    refusal(run(*reject))
    refusal(run(*reject, spam[0], "--source-of", spam[1]))
