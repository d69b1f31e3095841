"""`retouche proposals`, `log` and `sign-in`: a server's home, worked on from a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from retouche.cli.home import Home
from retouche.cli.targets import bring, targets
from retouche.core.errors import NotSignedIn
from tests.cli.commands import commit, refusal, run
from tests.datasets import DESKS, update, write_desks


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that serves the small dataset."""
    place = Home(tmp_path / "home")
    with place.locked():
        bring(place, targets(write_desks(tmp_path / "package")), max_file=10_000_000)
    return place.path


def propose(home: Path, *operations: dict[str, Any], **others: Any) -> str:
    services = Home(home).services()
    dataset = services.catalogue.get("desks")
    return services.proposals.submit(dataset, {"operations": list(operations), **others}).id


def published(home: Path) -> str:
    return Home(home).services().catalogue.get("desks").at().data("desks")[:].decode()


def test_proposals_are_listed_newest_first_by_state(home: Path) -> None:
    first = propose(home, update("01", name="Desk of old Apt"), comment="It moved")
    second = propose(home, update("03", agents="5"))
    run("proposals", "reject", "desks", first, "--home", home, "--reason", "wrong")
    lines = run("proposals", "list", "--home", home).stdout.splitlines()
    assert [line.split()[1:3] for line in lines] == [[second, "open"], [first, "rejected"]]
    assert lines[1].endswith("It moved")
    only = run("proposals", "list", "desks", "--home", home, "--state", "open").stdout
    assert [line.split()[1] for line in only.splitlines()] == [second]
    found = json.loads(run("proposals", "list", "--home", home, "--format", "json").stdout)
    assert [one["id"] for one in found["data"]] == [second, first]


def test_no_proposal_is_said(home: Path) -> None:
    assert run("proposals", "list", "--home", home).stdout == "No proposal.\n"


def test_proposal_is_shown_cell_by_cell(home: Path) -> None:
    one = propose(
        home,
        update("01", phone="04 65 71 00 99"),
        contributor={"name": "Zoé"},
        source="https://example.org/",
    )
    lines = run("proposals", "show", "desks", one, "--home", home).stdout.splitlines()
    assert "source: https://example.org/" in lines
    assert "name: Zoé" in lines
    assert "[0] update desks 01 Desk of Apt" in lines
    assert "    phone: 04 65 71 00 01 → 04 65 71 00 99" in lines


def test_accepted_proposal_is_published_under_the_reviewers_name(home: Path) -> None:
    one = propose(home, update("01", phone="04 65 71 00 99"))
    result = run("proposals", "accept", "desks", one, "--home", home, "--as", "Ann")
    assert result.exit_code == 0
    assert published(home) == DESKS.replace("04 65 71 00 01", "04 65 71 00 99")
    shown = json.loads(
        run("proposals", "show", "desks", one, "--home", home, "--format", "json").stdout
    )
    assert shown["state"] == "accepted"
    assert shown["decision"]["by"] == "Ann"


def test_some_operations_alone_may_be_accepted(home: Path) -> None:
    one = propose(home, update("01", agents="5"), update("03", agents="6"))
    run("proposals", "accept", "desks", one, "--home", home, "--operations", "1")
    assert published(home) == DESKS.replace(",84050,,2,", ",84050,,6,")


def test_clash_is_told_with_three_values_and_code_one(home: Path) -> None:
    first = propose(home, update("01", agents="5"))
    second = propose(home, update("01", agents="6"))
    run("proposals", "accept", "desks", first, "--home", home)
    result = run("proposals", "accept", "desks", second, "--home", home)
    assert result.exit_code == 1
    assert "01 · agents: base 2 | ours 5 | theirs 6" in result.stderr
    shown = run("proposals", "show", "desks", second, "--home", home).stdout
    assert "published now: 5" in shown
    assert published(home) == DESKS.replace(",84003,04 65 71 00 01,2,", ",84003,04 65 71 00 01,5,")


def test_decision_is_made_once(home: Path) -> None:
    one = propose(home, update("01", agents="5"))
    assert run("proposals", "accept", "desks", one, "--home", home).exit_code == 0
    assert run("proposals", "accept", "desks", one, "--home", home).exit_code == 1
    again = run("proposals", "reject", "desks", one, "--home", home, "--reason", "wrong")
    assert again.exit_code == 1


def test_head_that_is_not_what_was_reviewed_is_refused(home: Path) -> None:
    one = propose(home, update("01", agents="5"))
    refusal(run("proposals", "accept", "desks", one, "--home", home, "--head", "0" * 40))
    assert published(home) == DESKS


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "desks", "0" * 16),
        ("show", "absent", "0" * 16),
        ("accept", "desks", "nonsense"),
        ("reject", "desks", "0" * 16, "--reason", "wrong"),
    ],
)
def test_what_does_not_exist_is_refused(home: Path, arguments: tuple[str, ...]) -> None:
    refusal(run("proposals", *arguments, "--home", home))


def test_operation_that_does_not_exist_is_refused(home: Path) -> None:
    one = propose(home, update("01", agents="5"))
    refusal(run("proposals", "accept", "desks", one, "--home", home, "--operations", "7"))
    usage = run("proposals", "accept", "desks", one, "--home", home, "--operations", "x")
    assert usage.exit_code == 2


def test_empty_home_is_refused(tmp_path: Path) -> None:
    said = refusal(run("proposals", "list", "--home", tmp_path / "none"))
    assert "holds no dataset" in said
    assert not (tmp_path / "none").exists()


def test_row_history_of_a_home_is_newest_first(home: Path) -> None:
    for agents in ("5", "6"):
        one = propose(home, update("01", agents=agents))
        run("proposals", "accept", "desks", one, "--home", home)
    lines = run("log", "desks", "01", "--home", home).stdout.splitlines()
    assert [line for line in lines if "agents" in line] == [
        "    agents: 5 → 6",
        "    agents: 2 → 5",
        "    agents: 2",
    ]
    assert [line[0] for line in lines if not line.startswith(" ")] == ["~", "~", "+"]
    found = json.loads(run("log", "desks", "01", "--home", home, "--format", "json").stdout)
    assert found["data"][0]["cells"] == {"agents": {"old": "5", "new": "6"}}
    assert found["data"][0]["proposal"] == one


def test_row_history_of_a_clone_is_that_of_its_branch(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "repository")
    commit(folder, "First")
    write_desks(folder, desks=DESKS.replace("Desk of Apt", "Desk of old Apt").replace("\n", "\r\n"))
    last = commit(folder, "Rename")
    result = run("log", "desks", "01", folder)
    assert result.stdout.splitlines()[0].startswith(f"~ {last[:10]} ")
    assert result.stdout.splitlines()[0].endswith(" Rename")
    assert result.stdout.splitlines()[1] == "    name: Desk of Apt → Desk of old Apt"


def test_unknown_row_has_no_history(home: Path) -> None:
    assert run("log", "desks", "99", "--home", home).stdout == "No revision changed this row.\n"


def test_key_of_another_shape_and_unknown_resource_are_refused(home: Path) -> None:
    assert "is named by id" in refusal(run("log", "desks", "01,02", "--home", home))
    refusal(run("log", "absent", "01", "--home", home))


def test_home_of_several_datasets_asks_which(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("id,nom\n1,a\n2,b\n3,c\n")
    bring(Home(home), targets(path), max_file=10_000_000)
    assert "--dataset" in refusal(run("log", "desks", "01", "--home", home))
    assert run("log", "desks", "01", "--home", home, "--dataset", "desks").exit_code == 0


def test_sign_in_link_is_new_and_replaces_the_one_before(home: Path) -> None:
    tokens = []
    for _ in range(2):
        link = run("sign-in", "--home", home, "--as", "Ann", "--port", "9000").stdout.strip()
        address, _, token = link.partition("?token=")
        assert address == "http://127.0.0.1:9000/sign-in"
        tokens.append(token)
    reviewers = Home(home).services().reviewers
    assert reviewers.sign_in(tokens[1]) == "Ann"
    with pytest.raises(NotSignedIn):
        reviewers.sign_in(tokens[0])
