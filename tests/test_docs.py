"""The documents say what is: every command, setting and code in them, and none that is not."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from dataclasses import fields
from pathlib import Path

import click
import pytest

from retouche import configuration
from retouche.cli import main
from retouche.core import errors
from retouche.core.messages import FAULTS, TITLES
from retouche.settings import Settings
from retouche.web.problems import STATUS, status_of
from tests.server import Server

ROOT = Path(__file__).resolve().parents[1]


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def subclasses(kind: type[errors.RetoucheError]) -> set[type[errors.RetoucheError]]:
    below = set(kind.__subclasses__())
    return below.union(*(subclasses(one) for one in below)) if below else below


def test_every_refusal_has_a_status_a_title_and_a_line_in_the_errors_page() -> None:
    page = text("docs/errors.md")
    for kind in subclasses(errors.RetoucheError):
        if not kind.__module__.startswith("retouche.core.errors"):
            continue
        assert kind in STATUS, kind
        title = TITLES[kind.code]["en"]
        assert f"| `{kind.code}` | {status_of(kind('x', **{}))} | {title} |" in page or kind in (
            errors.Conflict,
            errors.Invalid,
        )
        assert f"`{kind.code}`" in page


def test_the_errors_page_lists_the_codes_of_cells_and_no_others() -> None:
    listed = set(re.findall(r"^- `([a-z-]+)`$", text("docs/errors.md"), re.M))
    known = {name.split(":")[0] for name in FAULTS} - {"already", "fault"}
    assert listed == known


def test_every_setting_is_documented_with_its_default() -> None:
    page = text("docs/operations.md")
    lines = dict(re.findall(r"^\| `RETOUCHE_([A-Z_]+)` \| (.*?) \|", page, re.M))
    assert set(lines) == {one.name.upper() for one in fields(Settings)}
    for one in fields(Settings):
        if isinstance(one.default, int):
            assert lines[one.name.upper()] == f"`{one.default}`"


def test_settings_are_read_from_the_environment_and_checked() -> None:
    given = {"RETOUCHE_MAX_CELL": "12", "RETOUCHE_HOME": "/tmp/somewhere", "OTHER": "x"}
    settings = Settings.from_environment(given)
    assert (settings.max_cell, settings.home) == (12, Path("/tmp/somewhere"))
    assert Settings.from_environment(given, home=Path("here")).home == Path("here")
    with pytest.raises(ValueError, match="RETOUCHE_MAX_CELL"):
        Settings.from_environment({"RETOUCHE_MAX_CELL": "many"})


def test_the_configuration_shown_is_one_that_is_read(tmp_path: Path) -> None:
    shown = re.search(r"```toml\n(.*?)```", text("docs/operations.md"), re.S)
    assert shown is not None
    file = tmp_path / "retouche.toml"
    file.write_text(shown[1])
    served = configuration.read(file)
    assert [one.name for one in served] == ["france-services", "places"]
    assert served[1].branch == "main"


def test_the_readme_lists_the_commands_there_are() -> None:
    listed = set(re.findall(r"^\| `retouche ([a-z-]+)", text("README.md"), re.M))
    assert listed == set(main.list_commands(click.Context(main)))


def test_make_help_lists_what_the_documents_name() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    named = set(re.findall(r"`?make ([a-z]+)", text("README.md") + text("CONTRIBUTING.md")))
    assert named <= set(re.findall(r"make ([a-z-]+)", shown))


def test_links_between_documents_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_propose_and_accept_with_curl_as_the_readme_shows(tmp_path: Path) -> None:
    block = next(
        one for one in re.findall(r"```sh\n(.*?)```", text("README.md"), re.S) if "curl" in one
    )
    server = Server(tmp_path / "home")
    server.start()
    try:
        token = server.line().strip().partition("token=")[2]
        script = block.replace("http://127.0.0.1:8080", server.url)
        done = subprocess.run(
            ["bash", "-euc", script],
            cwd=tmp_path,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "TOKEN": token, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "Briançon" in done.stdout
        path = "/api/v1/datasets/france-services/resources/structures/rows/2"
        assert server.get(path)["data"]["fs_telephone"] == "04 65 71 02 00"
        assert "structures.csv | 2 +-" in done.stdout
        assert "Correct structures 2: fs_telephone" in done.stdout
    finally:
        server.kill(signal.SIGTERM)
