"""Files for running it for real: no image is built here, so all that can be read is checked."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from retouche.cli.server import DRAIN
from retouche.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = {f"RETOUCHE_{one.name.upper()}" for one in fields(Settings)}
PINNED = re.compile(r"[a-z0-9./-]+:\d+\.\d+(\.\d+)?[a-z0-9.-]*")


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


# The container file

KNOWN = {"ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "RUN",
         "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}  # fmt: skip


def instructions() -> list[tuple[str, str]]:
    lines = [one for one in text("Dockerfile").splitlines() if not one.lstrip().startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ")
    found = [one.split(maxsplit=1) for one in whole.splitlines() if one.strip()]
    return [(name, rest) for name, rest in found]


def stages() -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = []
    for name, rest in instructions():
        if name == "FROM":
            found.append([])
        found[-1].append((name, rest))
    return found


def test_the_container_file_is_made_of_instructions_that_there_are() -> None:
    assert {name for name, _ in instructions()} <= KNOWN
    assert len(stages()) == 3
    for stage in stages():
        image = stage[0][1].split()[0]
        assert PINNED.fullmatch(image), image
        assert "latest" not in image


def copied() -> Iterator[tuple[str | None, str]]:
    """What is copied: from which stage, None for the project, and which path."""
    for name, rest in instructions():
        if name == "COPY":
            words = shlex.split(rest)
            stage = words.pop(0).removeprefix("--from=") if words[0].startswith("--from") else None
            yield from ((stage, one) for one in words[:-1])


def ignored(path: str) -> bool:
    """Whether .dockerignore keeps a path out of the build: the last line that fits decides."""
    out = False
    for line in text(".dockerignore").splitlines():
        if not line or line.startswith("#"):
            continue
        negated, pattern = line.startswith("!"), line.lstrip("!").rstrip("/")
        parts = [path, *(str(one) for one in Path(path).parents)]
        form = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
        if any(re.fullmatch(form, one) for one in parts):
            out = not negated
    return out


def test_what_is_copied_is_there_and_sent_to_the_build() -> None:
    names = {stage[0][1].split()[-1] for stage in stages()}
    for stage, path in copied():
        if stage is not None:
            assert stage in names
            continue
        assert (ROOT / path).exists(), path
        assert not ignored(path.rstrip("/")), path


@pytest.mark.parametrize(
    "path",
    [".env", ".git/config", ".retouche/secret", "datasets/.retouche/secret", "server/x.sqlite",
     "deploy/retouche.env", "deploy/secrets/postgres_password", "widgets/node_modules/x",
     "retouche.toml", "backup.tar"],
)  # fmt: skip
def test_secrets_and_what_is_made_anew_stay_out_of_the_build(path: str) -> None:
    assert ignored(path)


def test_what_runs_has_no_rights_and_is_looked_at() -> None:
    last = dict(stages()[-1])
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", last["USER"])
    assert last["VOLUME"] == "/data"
    home = re.search(r"RETOUCHE_HOME=(\S+)", last["ENV"])
    assert home is not None
    # Below the volume: a mount point cannot be replaced by a restore.
    assert Path(home[1]).parent == Path(last["VOLUME"])
    check = last["HEALTHCHECK"]
    assert "/health" in check
    command = json.loads(check.partition(" CMD ")[2])
    compile(command[2], "healthcheck", "exec")
    assert not re.search(r"(?i)(password|token|secret)\w*=", text("Dockerfile"))


def test_commands_of_the_container_are_those_of_the_project() -> None:
    last = dict(stages()[-1])
    whole = [*json.loads(last["ENTRYPOINT"]), *json.loads(last["CMD"])]
    assert_serves(whole[1:])
    steps = " ".join(rest for name, rest in instructions() if name == "RUN")
    lock = re.search(r'^name = "uv"\nversion = "(.*?)"', text("uv.lock"), re.M)
    assert lock is not None
    assert f"uv=={lock[1]}" in steps
    scripts = json.loads(text("widgets/package.json"))["scripts"]
    assert set(re.findall(r"npm run (\w+)", steps)) <= set(scripts)
    assert "retouche" in text("pyproject.toml").partition("[project.scripts]")[2]


def assert_serves(arguments: list[str]) -> None:
    """That the command line takes these arguments."""
    from retouche.cli.serve import command

    assert arguments[0] == "serve"
    command.make_context("serve", list(arguments[1:]), resilient_parsing=False)


@pytest.mark.skipif(
    not (ROOT / "widgets/node_modules/vite").is_dir(), reason="the elements' tools are not there"
)
def test_the_elements_are_built_of_what_their_stage_has(tmp_path: Path) -> None:
    for stage, path in copied():
        if stage is None and path.startswith("widgets/") and path.endswith("/"):
            shutil.copytree(
                ROOT / path, tmp_path / path, ignore=shutil.ignore_patterns("node_modules")
            )
    (tmp_path / "widgets/node_modules").symlink_to(ROOT / "widgets/node_modules")
    subprocess.run(
        ["npm", "run", "--silent", "build", "--", "--logLevel", "warn"],
        cwd=tmp_path / "widgets",
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "server/retouche/web/static/widgets.js").is_file()


# The compose file


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text("compose.yaml"))
    return found


SERVICE_KEYS = {
    "build", "cap_drop", "command", "depends_on", "env_file", "environment", "healthcheck",
    "image", "init", "ports", "read_only", "restart", "secrets", "security_opt",
    "stop_grace_period", "tmpfs", "volumes",
}  # fmt: skip


def test_the_compose_file_has_the_form_of_its_specification() -> None:
    file = compose()
    assert {one for one in file if not one.startswith("x-")} == {
        "name", "secrets", "services", "volumes"
    }  # fmt: skip
    services = file["services"]
    assert set(services) == {"web-1", "web-2", "worker", "postgres", "redis"}
    for name, one in services.items():
        assert set(one) <= SERVICE_KEYS, name
        for other, how in one.get("depends_on", {}).items():
            assert other in services
            assert how == {"condition": "service_healthy"}
            assert "test" in services[other]["healthcheck"]
        for volume in one.get("volumes", []):
            source, target, *_ = volume.split(":")
            assert target.startswith("/")
            assert source.startswith("./") or source in file["volumes"]
        assert set(one.get("secrets", [])) <= set(file["secrets"])
        assert "build" in one or PINNED.fullmatch(one["image"]), name
        for port in one.get("ports", []):
            assert port.startswith("127.0.0.1:")


def test_servers_share_the_database_and_the_queue_and_no_home() -> None:
    services = compose()["services"]
    ours = {name: one for name, one in services.items() if "build" in one}
    homes = [one["volumes"][0].partition(":")[0] for one in ours.values()]
    assert len(set(homes)) == len(ours) == 3
    roles = []
    for one in ours.values():
        assert_serves([*one["command"]])
        roles.append(one["command"][one["command"].index("--role") + 1])
        assert int(one["stop_grace_period"].rstrip("s")) > DRAIN
    assert sorted(roles) == ["web", "web", "worker"]


def variables() -> set[str]:
    found = set()
    for one in compose()["services"].values():
        found |= set(one.get("environment", {}))
    listed = re.findall(r"^#? ?([A-Z_]+)=", text("deploy/retouche.env.example"), re.M)
    unit = re.findall(r"^Environment=(\w+)=", text("deploy/retouche.service"), re.M)
    return found | set(listed) | set(unit)


def test_every_variable_is_a_setting() -> None:
    assert {one for one in variables() if one.startswith("RETOUCHE_")} <= SETTINGS


def test_no_file_holds_a_secret() -> None:
    for path in ("compose.yaml", "Dockerfile", *(f"deploy/{one}" for one in FILES)):
        for name, value in re.findall(
            r"(?im)^\s*(\w*(?:password|secret|token|key)\w*)[=:][ \t]*(\S+)$", text(path)
        ):
            assert value.startswith(("/", "deploy/", "${", "[")) or name == "ssl_session_tickets", (
                path, name, value,
            )  # fmt: skip
        assert "://retouche:" not in text(path).replace(":PASSWORD@", "") or "PASSWORD" in text(
            path
        )


FILES = ("nginx.conf", "retouche.env.example", "retouche.service")


# The unit


def unit() -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(ROOT / "deploy/retouche.service")
    return parser


def test_the_unit_is_hardened_and_lets_the_server_drain() -> None:
    service = unit()["Service"]
    assert int(service["TimeoutStopSec"]) > DRAIN
    assert service["KillMode"] == "mixed"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == service["DynamicUser"] == "yes"
    home = re.search(r"^Environment=RETOUCHE_HOME=(\S+)", text("deploy/retouche.service"), re.M)
    assert home is not None
    assert Path(home[1]).parent == Path("/var/lib") / service["StateDirectory"]
    assert_serves(shlex.split(service["ExecStart"])[1:])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    copy = tmp_path / "retouche.service"
    copy.write_text(
        text("deploy/retouche.service").replace("/opt/retouche/bin/retouche", sys.executable)
    )
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [one for one in done.stderr.splitlines() if "retouche.service" in one]
    assert (done.returncode, said) == (0, []), done.stderr


MDWE = """
import ctypes, sys
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0):  # PR_SET_MDWE
    sys.exit(77)
import retouche.core.patterns, retouche.services.summaries, retouche.services.exports
import retouche.web.app, retouche.cli.worker, retouche.core.judging.judge
import re2
assert re2.compile("a+").fullmatch("aaa")
"""


def test_nothing_needs_memory_that_is_written_and_run() -> None:
    done = subprocess.run([sys.executable, "-c", MDWE], capture_output=True, check=False)
    if done.returncode == 77:
        pytest.skip("the kernel cannot refuse it")
    assert done.returncode == 0, done.stderr


# The proxy


def test_the_proxy_lets_through_what_the_server_takes() -> None:
    file = text("deploy/nginx.conf")
    bare = re.sub(r"#.*", "", file)
    assert bare.count("{") == bare.count("}")
    for line in bare.splitlines():
        line = line.strip()
        assert not line or line.endswith((";", "{", "}")) or line.startswith("log_format"), line
    assert "client_max_body_size 20m" in file
    settings = Settings()
    assert settings.max_upload == 20_000_000
    assert settings.max_body == 1_000_000
    assert "X-Forwarded-For $remote_addr" in file
    formats = re.findall(r"log_format \w+ '(.*?)'", file)
    assert formats
    for one in formats:
        assert not set(re.findall(r"\$\w+", one)) & {
            "$request", "$request_uri", "$args", "$remote_addr", "$http_referer", "$http_cookie"
        }  # fmt: skip


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_takes_the_file(tmp_path: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=x",
         "-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    inside = (
        text("deploy/nginx.conf")
        .replace("/etc/ssl/certs/data.example.org.pem", str(tmp_path / "pem"))
        .replace("/etc/ssl/private/data.example.org.key", str(tmp_path / "key"))
        .replace("/var/log/nginx", str(tmp_path))
    )
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{inside}\n}}\n")
    done = subprocess.run(
        ["nginx", "-t", "-c", str(whole), "-p", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
