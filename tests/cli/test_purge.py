"""`retouche purge`: what it erases, refuses, and says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from retouche.cli.home import Home
from tests.cli.commands import refusal, run
from tests.datasets import Browser, serve, update, write_desks
from tests.plain import traces

CANARY = "Canarisk"
SAID = {
    "comment": f"{CANARY} says",
    "contributor": {"name": CANARY, "email": "zoe.canarisk@there.example"},
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    services = serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")})
    services.close()
    return tmp_path / "home"


def proposed(home: Path, *, rejected: bool = False) -> dict[str, Any]:
    services = Home(home).services()
    one = Browser(services)
    answer = one.propose(update("01", note="by canarisk"), **SAID)
    assert answer.status_code == 201, answer.json
    if rejected:
        one.reject(answer.json)
    services.close()
    found: dict[str, Any] = answer.json
    return found


def test_a_person_in_both_languages(home: Path) -> None:
    proposed(home)
    dry = run("purge", "--home", home, "--contact", "zoe.canarisk@there.example", "--dry-run")
    assert dry.output == "1 proposal(s) hold something of a person that would be erased.\n"
    assert traces(home, "zoe.canarisk")
    done = run("purge", "--home", home, "--contact", "zoe.canarisk@there.example", lang="fr")
    assert done.exit_code == 0
    assert done.output.startswith("Effacé : 1 proposition(s)")
    assert traces(home, "zoe.canarisk") == []
    again = run("purge", "--home", home, "--contact", "zoe.canarisk@there.example")
    assert again.output.startswith("Erased: 0 proposal(s)")


def test_by_age_and_by_dataset(home: Path) -> None:
    proposed(home)
    assert "Erased: 0" in run("purge", "--home", home).output  # the retention period
    assert "Erased: 0" in run("purge", "--home", home, "--older-than", "1").output
    refused = run("purge", "--home", home, "--older-than", "0", "--dataset", "nosuch")
    assert "nosuch" in refusal(refused)
    assert "Erased: 1" in run("purge", "--home", home, "--older-than", "0").output


def test_one_proposal_and_what_it_says(home: Path) -> None:
    proposal = proposed(home, rejected=True)
    kept = run("purge", "--home", home, "--proposal", proposal["id"])
    assert "Erased: 1" in kept.output
    assert traces(home, CANARY)  # what it says is in git
    done = run("purge", "--home", home, "--proposal", proposal["id"], "--content")
    assert done.exit_code == 0
    assert "is erased, in git too" in done.output
    assert traces(home, CANARY) == []


def test_an_open_proposal_keeps_its_content(home: Path) -> None:
    proposal = proposed(home)
    refused = run("purge", "--home", home, "--proposal", proposal["id"], "--content")
    assert "not decided" in refusal(refused)


def test_content_is_not_erased_under_a_server(home: Path) -> None:
    proposal = proposed(home, rejected=True)
    with Home(home).serving():
        refused = run("purge", "--home", home, "--proposal", proposal["id"], "--content")
    assert "stop it first" in refusal(refused)


def test_what_makes_no_sense_is_refused(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "name@example.org" in refusal(run("purge", "--home", home, "--contact", "zoe"))
    assert "--content needs" in refusal(run("purge", "--home", home, "--content"))
    assert run("purge", "--home", tmp_path / "empty").exit_code == 2
    missing = run("purge", "--home", home, "--proposal", "0" * 16)
    assert "0000000000000000" in refusal(missing)
    monkeypatch.setenv("RETOUCHE_RETENTION_DAYS", "0")
    assert "for ever" in refusal(run("purge", "--home", home))


def test_its_help_lists_exit_codes_and_refusals() -> None:
    shown = run("purge", "--help").output
    assert "Exit codes" in shown
    assert "--dry-run" in shown
    assert "--content needs --proposal" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("name", "nonsense"),
    [
        ("SMTP_URL", "mail.example"),
        ("SMTP_URL", "smtp://mail.example:port"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_REVIEWERS", "a@b.example,nobody"),
    ],
)
def test_settings_of_mails_that_are_none_are_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, nonsense: str
) -> None:
    monkeypatch.setenv("RETOUCHE_BASE_URL", "https://host.example")
    monkeypatch.setenv("RETOUCHE_MAIL_FROM", "bot@host.example")
    monkeypatch.setenv("RETOUCHE_SMTP_URL", "smtp://mail.example")
    monkeypatch.setenv(f"RETOUCHE_{name}", nonsense)
    assert f"RETOUCHE_{name}" in refusal(run("purge", "--dry-run", "--home", home))
