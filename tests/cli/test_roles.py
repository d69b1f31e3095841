"""`retouche serve --role`: what each does, and what servers of one database must agree on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from retouche.cli.agreement import check_agreement, check_shared_secret, identity
from retouche.cli.home import Home, read_settings
from retouche.cli.terminal import Refusal
from retouche.core.errors import ForgeUnavailable
from retouche.settings import Settings
from retouche.wiring import Services, build
from tests.cli.commands import refusal, run
from tests.cli.test_gitlab_serve import brought
from tests.datasets import serve, update, write_desks


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return write_desks(tmp_path / "package")


@contextmanager
def server(package: Path, home: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "retouche", "serve", str(package), "--home", str(home)]
    process = subprocess.Popen(
        [*command, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "RETOUCHE_LANG": "en"},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def children(process: subprocess.Popen[str]) -> list[int]:
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(one) for one in path.read_text().split()]


def queued(home: Path, package: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Services, str]:
    """A proposal that its server wrote down and did not carry."""
    services = serve(home, {"desks": package})
    dataset = services.catalogue.get("desks")
    with monkeypatch.context() as patch:
        patch.setattr(dataset.forge, "open", _unavailable)
        sent = services.proposals.submit(dataset, {"operations": [update("01", agents="5")]})
    assert sent.state == "queued"
    return services, sent.id


def _unavailable(*_: Any, **__: Any) -> None:
    raise ForgeUnavailable("forge_unavailable")


def test_a_worker_finishes_what_waits_and_answers_nobody(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    brought(package, home)
    services, proposal = queued(home, package, monkeypatch)
    (name,) = services.catalogue
    with server(package, home, "--role", "worker") as worker:
        assert first_line(worker) == f"Retouche works for {name.name}\n"
        assert len(children(worker)) == 1
        end = time.monotonic() + 20
        while services.proposals.get(name, proposal).state == "queued":
            assert time.monotonic() < end
            time.sleep(0.05)
        worker.terminate()
        assert worker.wait(30) == 0
    services.close()


def test_a_server_of_role_web_answers_and_finishes_nothing(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    brought(package, home)
    services, proposal = queued(home, package, monkeypatch)
    (name,) = services.catalogue
    with server(package, home, "--role", "web", "--port", "0", "--workers", "1") as web:
        url = first_line(web).removeprefix("Retouche is ready at ").strip()
        assert len(children(web)) == 1
        with urlopen(f"{url}/api/v1/datasets/{name.name}", timeout=20) as answer:
            assert json.load(answer)["name"]
        assert services.proposals.get(name, proposal).state == "queued"
        web.terminate()
        assert web.wait(30) == 0
    services.close()


def test_a_worker_that_dies_or_hangs_is_replaced(package: Path, tmp_path: Path) -> None:
    with server(package, tmp_path / "home", "--role", "worker") as worker:
        first_line(worker)
        (before,) = children(worker)
        os.kill(before, signal.SIGKILL)
        end = time.monotonic() + 20
        while children(worker) in ([], [before]):
            assert time.monotonic() < end
            time.sleep(0.05)
        worker.terminate()
        assert worker.wait(30) == 0


@pytest.mark.parametrize("role", ["web", "worker"])
def test_a_shared_database_without_a_shared_secret_is_refused(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setenv("RETOUCHE_DATABASE_URL", f"sqlite:///{tmp_path / 'shared.sqlite'}")
    options = ("--home", tmp_path / "home", "--port", "0", "--role", role)
    assert "RETOUCHE_SECRET_KEY" in refusal(run("serve", package, *options))
    assert f"de rôle {role}" in refusal(run("serve", package, *options, lang="fr"))
    assert not (tmp_path / "home" / "secret").exists()


def settings(tmp_path: Path, home: str, secret: str = "one") -> Settings:
    shared = f"sqlite:///{tmp_path / 'shared.sqlite'}"
    return Settings(home=tmp_path / home, database_url=shared, secret_key=secret)


@contextmanager
def built(found: Settings) -> Iterator[Services]:
    services = build(found, {})
    yield services
    services.close()


def test_servers_of_one_database_have_one_secret(tmp_path: Path) -> None:
    for home, secret in (("a", "one"), ("b", "one")):
        with built(settings(tmp_path, home, secret)) as services:
            check_agreement(services, {})
    with built(settings(tmp_path, "c", "another")) as services:
        with pytest.raises(Refusal) as error:
            check_agreement(services, {})
        assert error.value.reason == "other_secret"
        kept = services.installation.agree("secret", "-")
        assert "one" not in kept


def test_a_repository_is_served_from_one_home(tmp_path: Path) -> None:
    with built(settings(tmp_path, "a")) as services:
        check_agreement(services, {"desks": "main"})
        check_agreement(services, {"desks": "main"})
    with built(settings(tmp_path, "b")) as services:
        check_agreement(services, {"places": "main"})
        with pytest.raises(Refusal) as error:
            check_agreement(services, {"desks": "main"})
        assert error.value.reason == "other_home"


def test_one_server_with_its_own_database_agrees_with_itself_alone(tmp_path: Path) -> None:
    for secret in ("one", "another"):  # a secret may be changed
        with built(Settings(home=tmp_path / "home", secret_key=secret)) as services:
            check_agreement(services, {"desks": "main"})
    check_shared_secret(read_settings(tmp_path / "home"), role="web")


def test_a_home_keeps_its_identity(tmp_path: Path) -> None:
    first = identity(Home(tmp_path / "home"))
    assert identity(Home(tmp_path / "home")) == first
    assert identity(Home(tmp_path / "other")) != first
