"""Backups: whole or not at all, of one moment while the server runs, and put back as they were."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from retouche.settings import Settings
from retouche.web.app import create_app
from retouche.wiring import Services, build, recover, repository_path
from tests.cli.commands import git, refusal, run
from tests.datasets import Browser, delete, insert, serve, update, write_desks
from tests.machines.postgres import Postgres
from tests.server import Server

KEY = "a secret for tests"
NEW = {"id": "09", "name": "Desk of Bonnieux", "city_code": "84050", "agents": "2"}


@dataclass(frozen=True)
class Made:
    """A home with a proposal in each state, and what clients were given."""

    home: Path
    token: str
    secrets: Mapping[str, str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made")
    services = serve(folder / "home", {"desks": write_desks(folder / "package")})
    desks = Browser(services)
    contributor = {"name": "Ann", "email": "ann@example.org"}
    one = desks.propose(update("01", phone="04 65 71 00 09"), contributor=contributor).json
    two = desks.propose(insert(**NEW), comment="It opened.").json
    three = desks.propose(delete("04")).json
    four = desks.propose(update("02", agents="7")).json
    assert desks.accept(one).status_code == 200
    assert desks.reject(three).status_code == 200
    assert desks.accept(two).status_code == 200
    desks.post("/resources/desks/rows/01/remarks", {"comment": "Is closed on Monday"})
    proposals = services.proposals
    dataset = services.catalogue.get("desks")
    secrets = {
        one["id"]: proposals.secret(proposals.get(dataset, one["id"]))
        for one in (one, two, three, four)
    }
    services.close()
    return Made(home=folder / "home", token=desks.token, secrets=secrets)


class Visitor(Browser):
    """A browser with a sign-in link that was made before: to make one ends the one before."""

    def __init__(self, services: Services, token: str) -> None:
        self.services, self.dataset, self.token = services, "desks", token
        self.app = create_app(services)
        self.client = self.app.test_client()
        self.api = "/api/v1/datasets/desks"


def seen(home: Path, made: Made, **settings: Any) -> dict[str, Any]:
    """What people and git see of a home, with the secrets they were given."""
    services = build(Settings(home=home, secret_key=KEY, **settings), {"desks": "main"})
    with closing(services):
        desks = Visitor(services, made.token)
        # The private view: comments and contacts, by the link of the author.
        private = [
            desks.get(f"/proposals/{name}", headers={"Authorization": f"Bearer {secret}"}).json
            for name, secret in made.secrets.items()
        ]
        row = "/resources/desks/rows/01"
        return {
            "refs": git(repository_path(home, "desks"), "for-each-ref"),
            "head": (repository_path(home, "desks") / "HEAD").read_text(),
            "proposals": desks.get("/proposals").json,
            "private": private,
            "history": desks.get(f"{row}/history").json,
            "revisions": desks.get("/revisions").json,
            "diffs": [desks.get(f"/proposals/{name}/diff").json for name in made.secrets],
            "events": [
                services.proposals.events(desks.services.catalogue.get("desks"), name)
                for name in made.secrets
            ],
        }


def back_up(home: Path, file: Path) -> Path:
    done = run("backup", file, "--home", home)
    assert done.exit_code == 0, done.output
    return file


def put_back(file: Path, home: Path) -> Path:
    done = run("restore", file, "--home", home)
    assert done.exit_code == 0, done.output
    return home


def content(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        return {
            one.name: found.read()
            for one in archive.getmembers()
            if (found := archive.extractfile(one))
        }


@pytest.fixture(scope="module")
def backup(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return back_up(made.home, tmp_path_factory.mktemp("backup") / "desks.tar")


@pytest.fixture(scope="module")
def before(made: Made, backup: Path) -> dict[str, Any]:
    """What was seen of the home that the backup was taken of."""
    return seen(made.home, made)


def test_what_is_put_back_is_what_there_was(
    made: Made, backup: Path, before: dict[str, Any], tmp_path: Path
) -> None:
    home = put_back(backup, tmp_path / "home")
    assert seen(home, made) == before
    assert git(repository_path(home, "desks"), "fsck", "--full", "--strict") == ""
    assert content(back_up(home, tmp_path / "again.tar")).keys() == content(backup).keys()
    desks = Visitor(build(Settings(home=home, secret_key=KEY), {"desks": "main"}), made.token)
    # Work goes on, with the sign-in link that the reviewer has; numbers go on too.
    open_one = next(one for one in desks.get("/proposals").json["data"] if one["state"] == "open")
    assert desks.accept(open_one).status_code == 200
    fresh = desks.propose(update("03", agents="9")).json
    assert fresh["merge_request"]["number"] == 5
    desks.services.close()


def test_a_backup_is_for_its_owner_alone_and_readable_by_git(
    made: Made, backup: Path, tmp_path: Path
) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    members = content(backup)
    assert {one.split("/")[0] for one in members} == {
        "journal", "repositories", "secret", "manifest.json", "manifest.sha256"
    }  # fmt: skip
    (tmp_path / "desks.bundle").write_bytes(members["repositories/desks.bundle"])
    git(tmp_path, "clone", "--quiet", "desks.bundle", "clone")
    assert (tmp_path / "clone" / "desks.csv").is_file()
    assert not (made.home / ".backup" / "desks").exists()
    rows = [json.loads(one) for one in members["journal/proposals.jsonl"].splitlines()]
    assert [one["sequence"] for one in rows] == [1, 2, 3, 4]


def test_a_number_that_was_given_is_never_given_again(tmp_path: Path) -> None:
    from sqlalchemy import text  # to take rows away, which nothing of ours does

    from retouche.journals import copying
    from retouche.journals.database import Database

    home = tmp_path / "home"
    desks = Browser(serve(home, {"desks": write_desks(tmp_path / "package")}))
    for number in range(3):
        desks.propose(update("01", agents=str(number + 5)))
    database = Database(f"sqlite:///{home / 'journal.sqlite'}")
    with database.writing() as connection:
        connection.execute(text("DELETE FROM proposals"))
    restored = put_back(back_up(home, tmp_path / "x.tar"), tmp_path / "other")
    found = Database(f"sqlite:///{restored / 'journal.sqlite'}")
    with copying.reading(found) as journal:
        assert journal.counters()["proposals"] == 3
    found.close()
    database.close()
    desks.services.close()


@pytest.mark.parametrize("there", ["datasets.json", "repositories/x.git/HEAD"])
def test_nothing_is_put_where_something_is(backup: Path, tmp_path: Path, there: str) -> None:
    home = tmp_path / "home"
    (home / there).parent.mkdir(parents=True)
    (home / there).write_text("{}")
    assert "is not empty" in refusal(run("restore", backup, "--home", home))
    assert (home / there).read_text() == "{}"
    assert [one.name for one in tmp_path.iterdir()] == ["home"]


def test_an_empty_folder_is_as_good_as_none(made: Made, backup: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    put_back(backup, tmp_path / "home")
    assert repository_path(tmp_path / "home", "desks").is_dir()


def test_a_database_that_holds_something_is_left_alone(
    made: Made, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = made.home / "journal.sqlite"
    before = taken.read_bytes()
    monkeypatch.setenv("RETOUCHE_DATABASE_URL", f"sqlite:///{taken}")
    assert "holds rows already" in refusal(run("restore", backup, "--home", tmp_path / "home"))
    assert taken.read_bytes() == before
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_is_not_replaced(made: Made, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert "exists already" in refusal(run("backup", tmp_path / "mine.txt", "--home", made.home))
    assert (tmp_path / "mine.txt").read_text() == "mine"


def harmed(backup: Path, how: str) -> tuple[bytes, str]:
    """A backup with something wrong, and what the refusal names."""
    data = backup.read_bytes()
    with tarfile.open(backup) as archive:
        places = {one.name: (one.offset_data, one.size) for one in archive.getmembers()}
    if how == "cut":
        return data[: len(data) // 2], "manifest.json"
    if how == "seal":
        at = places["manifest.sha256"][0]
        return data[:at] + b"0" * 64 + data[at + 64 :], "manifest.json"
    at, size = places[how]
    middle = at + size // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :], how


@pytest.mark.parametrize(
    "how",
    ["cut", "seal", "manifest.json", "secret", "journal/proposals.jsonl",
     "repositories/desks.bundle"],
)  # fmt: skip
def test_a_damaged_backup_is_named_and_nothing_of_it_put_back(
    backup: Path, tmp_path: Path, how: str
) -> None:
    data, named = harmed(backup, how)
    (tmp_path / "harmed.tar").write_bytes(data)
    said = refusal(run("restore", tmp_path / "harmed.tar", "--home", tmp_path / "home"))
    assert "is damaged" in said
    assert named in said
    assert [one.name for one in tmp_path.iterdir()] == ["harmed.tar"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"x" * 20_000])
def test_another_file_is_no_backup(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "other").write_bytes(data)
    said = refusal(run("restore", tmp_path / "other", "--home", tmp_path / "home"))
    assert "not a file that retouche backup wrote" in said or "is damaged" in said
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(("field", "sentence"), [("form", "in form 99"), ("schema", "form 99")])
def test_a_backup_of_another_version_is_not_guessed_at(
    backup: Path, tmp_path: Path, field: str, sentence: str
) -> None:
    from retouche.backups.archive import checked, written

    other = tmp_path / "other.tar"
    with checked(backup) as known, written(other) as writer:
        for name in known.manifest["members"]:
            writer.add(name, known.opened(name).read())
        about = {one: known.manifest[one] for one in known.manifest if one != "members"}
        about = about | {"form": 99} if field == "form" else about
        if field == "schema":
            about["journal"] = about["journal"] | {"schema": "99"}
        writer.finish(about)
    assert sentence in refusal(run("restore", other, "--home", tmp_path / "home"))
    assert not (tmp_path / "home").exists()


# Killed at any point

TAKEN = {
    "locked": "import retouche.backups.taking as t; t.write_bundle = die",
    "tables": "import retouche.journals.copying as c; c.Reading.lines = die",
    "frozen": "import retouche.backups.taking as t; t.freeze = die",
    "sealed": "import os; os.link = die_if_part",
}
RESTORED = {
    "bundle": "import retouche.backups.restoring as r; r.unbundle = die",
    "journal": "import retouche.journals.copying as c; c.Writing.count_from = die",
    "filled": "import os; os.rename = die",
    "renamed": "import retouche.journals.copying as c; c.forget = die",
}
DIE = """
import os, signal
link = os.link
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
def die_if_part(a, b): die() if str(a).endswith(".part") else link(a, b)
"""


def later(point: str) -> ParameterSet:
    """A point that shows what another one shows, in another place: tried by `make faults`."""
    return pytest.param(point, marks=[pytest.mark.long, pytest.mark.faults])


def killed(change: str, *arguments: str | Path, **environment: str) -> None:
    code = f"{DIE}\n{change}\nfrom retouche.cli import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("point", ["locked", later("tables"), later("frozen"), "sealed"])
def test_a_backup_that_is_killed_leaves_no_file_and_harms_nothing(
    made: Made, tmp_path: Path, point: str
) -> None:
    file = tmp_path / "x.tar"
    killed(TAKEN[point], "backup", file, "--home", made.home)
    assert not file.exists()
    back_up(made.home, file)
    assert [one.name for one in tmp_path.iterdir()] == ["x.tar"]
    assert not list((made.home / ".backup").iterdir())


@pytest.mark.parametrize("point", [later("bundle"), later("journal"), "filled"])
def test_a_restore_that_is_killed_can_be_run_again(
    made: Made, backup: Path, before: dict[str, Any], tmp_path: Path, point: str
) -> None:
    home = tmp_path / "home"
    killed(RESTORED[point], "restore", backup, "--home", home)
    assert not home.exists()
    put_back(backup, home)
    assert seen(home, made) == before
    assert [one.name for one in tmp_path.iterdir()] == ["home"]


@pytest.mark.parametrize("point", [later("journal"), "filled", later("renamed")])
def test_one_into_a_database_goes_on_after_a_kill(
    made: Made,
    backup: Path,
    before: dict[str, Any],
    tmp_path: Path,
    point: str,
    postgres: Postgres,
) -> None:
    home = tmp_path / "home"
    with postgres.database() as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("RETOUCHE_DATABASE_URL", url)
        killed(RESTORED[point], "restore", backup, "--home", home)
        if point == "renamed":  # all is there
            assert "is not empty" in refusal(run("restore", backup, "--home", home))
        else:
            assert not home.exists()
            put_back(backup, home)
        assert seen(home, made, database_url=url) == before


def test_a_journal_moves_to_postgresql_and_back(
    made: Made, backup: Path, before: dict[str, Any], tmp_path: Path, postgres: Postgres
) -> None:
    there, back = tmp_path / "there", tmp_path / "back"
    with postgres.database() as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("RETOUCHE_DATABASE_URL", url)
        put_back(backup, there)
        assert not (there / "journal.sqlite").exists()
        assert seen(there, made, database_url=url) == before
        # Numbers go on, and no proposal is taken for another.
        services = build(Settings(home=there, secret_key=KEY, database_url=url), {"desks": "main"})
        with closing(services):
            fresh = Visitor(services, made.token).propose(update("03", agents="9")).json
        assert fresh["merge_request"]["number"] == 5
        elsewhere = back_up(there, tmp_path / "there.tar")
    put_back(elsewhere, back)
    rows = content(back_up(back, tmp_path / "back.tar"))["journal/proposals.jsonl"].splitlines()
    assert [json.loads(one)["sequence"] for one in rows] == [1, 2, 3, 4, 5]
    first = content(backup)["journal/proposals.jsonl"].splitlines()
    assert rows[:4] == first


# While the server runs


@contextmanager
def running(home: Path, *target: str) -> Iterator[Server]:
    server = Server(home, *target, workers=1)
    server.start()
    try:
        yield server
    finally:
        server.kill()


class Writers:
    """Clients that propose and have accepted, until they are told to stop."""

    def __init__(self, server: Server, token: str) -> None:
        self._server, self._token = server, token
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self.acknowledged: list[str] = []
        self.accepted: list[str] = []
        self._threads = [threading.Thread(target=self._write, args=(one,)) for one in range(3)]

    def __enter__(self) -> Writers:
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for one in self._threads:
            one.join()

    def so_far(self) -> tuple[set[str], set[str]]:
        with self._lock:
            return set(self.acknowledged), set(self.accepted)

    def wait(self, count: int) -> None:
        while len(self.so_far()[0]) < count:
            assert all(one.is_alive() for one in self._threads)
            self._stopped.wait(0.02)

    def _write(self, place: int) -> None:
        number = 0
        while not self._stopped.is_set():
            number += 1
            row = {**NEW, "id": f"{place}-{number}"}
            api = "/api/v1/datasets/desks/proposals"
            body = {"operations": [insert(**row)]}
            sent = self._server.post(api, body, key=f"{place}-{number}")
            with self._lock:
                self.acknowledged.append(sent["id"])
            if number % 3 == 0:
                self._accept(api, sent)

    def _accept(self, api: str, sent: Mapping[str, Any]) -> None:
        import urllib.request

        request = urllib.request.Request(
            f"{self._server.url}{api}/{sent['id']}/accept",
            data=json.dumps({"head": sent["head"]}).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self._token}",
            },
        )
        # Another writer's row was published meanwhile: a client would ask again.
        with suppress(OSError), urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 200
            with self._lock:
                self.accepted.append(sent["id"])


def test_a_backup_of_a_busy_server_is_of_one_moment(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(home, str(write_desks(tmp_path / "desks"))) as server:
        token = server.line().strip().partition("token=")[2]
        with Writers(server, token) as writers:
            writers.wait(15)
            acknowledged, accepted = writers.so_far()
            file = tmp_path / "busy.tar"
            done = subprocess.run(
                [sys.executable, "-m", "retouche", "backup", str(file), "--home", str(home)],
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            # Some came while it was made: it was not the server that waited.
            writers.wait(len(acknowledged) + 1)
    place = put_back(file, tmp_path / "restored")
    repository = repository_path(place, "desks")
    assert git(repository, "fsck", "--full", "--strict") == ""
    with closing(build(Settings(home=place), {"desks": "main"})) as services:
        assert recover(services) == []  # what was pending then is finished as at any start
        found, total = services.proposals.page(
            services.catalogue.get("desks"), page=1, page_size=1000
        )
        assert len(found) == total
        states = {one.id: one.state for one in found}
        assert acknowledged <= states.keys()
        assert "queued" not in states.values()
        assert {states[one] for one in accepted} <= {"accepted"}
        for head in {str(one.head) for one in found}:
            assert services.catalogue.get("desks").forge.resolve(head) == head
        published = git(repository, "log", "--format=%s", "--first-parent", "main")
        count = sum(state == "accepted" for state in states.values())
        assert len(published.splitlines()) == count + 1
        # Each proposal has one merge request, and no other has one.
        requests = git(repository, "for-each-ref", "refs/merge-requests").splitlines()
        assert len(requests) == len(states)
