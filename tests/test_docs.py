"""The documents say what is: every command, setting and code in them, and none that is not."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
from dataclasses import fields
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator

from retouche import configuration
from retouche.cli import main
from retouche.core import errors
from retouche.core.messages import FAULTS, TITLES
from retouche.formats import schema
from retouche.settings import Settings
from retouche.web.embedding.choices import BASEMAPS, HIDEABLE
from retouche.web.problems import STATUS, status_of
from tests.e2e.widgets.visiting import STRICT
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
        if isinstance(one.default, int | float):
            assert lines[one.name.upper()].strip("`") == str(one.default).removesuffix(".0"), one


LIMITS = re.compile(r"^(?:MOST|LARGEST|LONGEST|MAX|DEEPEST|CONNECTIONS|THREADS|WAITING|DRAIN)")
GATES = (
    "cli/server.py", "cli/worker.py", "core/reading/query.py", "services/comparison.py",
    "services/mailing/allowance.py", "web/body.py", "web/gateway.py", "web/git.py",
    "web/hooks.py", "web/kept.py", "web/lane.py",
)  # fmt: skip
"""Where clients and files come in: each limit of theirs is documented."""
INSIDE = {
    "core/reading/query.py MAX_PAGE_SIZE",  # is that of the web
    "web/hooks.py LARGEST_NUMBER",  # of a database's column
}


def test_every_fixed_limit_is_documented_with_its_value() -> None:
    page = text("docs/operations.md").partition("### Fixed limits")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| .*? \| `(\S+\.py \w+)` \| (\S+) \| .+ \|$", page, re.M)
    assert len(rows) > 30
    for where, value in rows:
        path, name = where.split()
        module = import_module(f"retouche.{path.removesuffix('.py').replace('/', '.')}"
                               .removesuffix(".__init__"))  # fmt: skip
        assert getattr(module, name) == float(value), where
    listed = {where for where, _ in rows}
    for path in GATES:
        code = text(f"server/retouche/{path}")
        for name in re.findall(r"^([A-Z_]+)(?:: \S+)? = [\d(]", code, re.M):
            if LIMITS.match(name):
                assert {f"{path} {name}"} & (listed | INSIDE), (path, name)


NONSENSE = {
    "MAX_CELL": "many",
    "PATIENCE": "soon",
    "BASE_URL": "data.example.org",
    "REDIS_URL": "redis://127.0.0.1:port",
    "RETENTION_DAYS": "99999999999",
    "DIGEST_HOURS": "999999999",
    "WEEKLY_DAY": "someday",
    "LIMIT_EXEMPT": "192.0.2.0/99",
    "LOG_LEVEL": "loud",
    "SMTP_URL": "smtp://host",
}


def test_settings_are_read_from_the_environment_and_checked() -> None:
    given = {"RETOUCHE_MAX_CELL": "12", "RETOUCHE_HOME": "/tmp/somewhere", "OTHER": "x"}
    settings = Settings.from_environment(given)
    assert (settings.max_cell, settings.home) == (12, Path("/tmp/somewhere"))
    assert Settings.from_environment(given, home=Path("here")).home == Path("here")
    empty = {f"RETOUCHE_{one.name.upper()}": "" for one in fields(Settings)}
    assert Settings.from_environment(empty) == Settings()
    for name, nonsense in NONSENSE.items():
        with pytest.raises(ValueError, match=f"RETOUCHE_{name}"):
            Settings.from_environment({f"RETOUCHE_{name}": nonsense})


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
    others = [ROOT / one for one in ("README.md", "CONTRIBUTING.md", "widgets/README.md")]
    for page in [*others, *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


# Widgets


def table(page: str, heading: str) -> dict[str, str]:
    """First and second cell of the lines of the first table under a heading."""
    part = text(page).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| (`.*?) \| (.*?) \|", part, re.M))


def sources(*folders: str) -> str:
    files = chain.from_iterable((ROOT / "widgets/src" / one).rglob("*.ts") for one in folders)
    return "\n".join(one.read_text(encoding="utf-8") for one in files)


def attributes_of(tag: str) -> set[str]:
    """Attributes that the page made from the element's code lists."""
    return set(re.findall(r"\w+", " ".join(table(f"docs/elements/{tag}.md", "Attributes"))))


def test_the_attributes_of_the_guide_are_those_of_the_elements() -> None:
    tags = {one.stem for one in (ROOT / "docs/elements").glob("*.md")}
    assert tags == set(re.findall(r"elements/(retouche-[a-z]+)\.md", text("docs/widgets.md")))
    listed: dict[str, set[str]] = {tag: set() for tag in tags}
    for name, of in table("docs/widgets.md", "Attributes").items():
        for tag in tags if of == "all" else set(re.findall(r"retouche-[a-z]+", of)):
            listed[tag].add(name.strip("`"))
    for tag in tags - {"retouche-card"}:  # which alone has its own meaning of `hide`
        assert listed[tag] == attributes_of(tag), tag
    assert listed["retouche-card"] | {"hide"} == attributes_of("retouche-card")


def test_attributes_are_read_by_the_code() -> None:
    code = sources("elements", "state")
    for name in table("docs/widgets.md", "Attributes"):
        plain = name.strip("`")
        known = (
            rf'\b{plain}: {{ type: String|[gh](?:et|as)Attribute\("{plain}"\)|attribute: "{plain}"'
        )
        assert re.search(known, code), plain


def test_words_of_attributes_are_those_that_the_frame_takes() -> None:
    page = text("docs/widgets.md")
    assert f"`{' '.join(HIDEABLE)}`" in page
    line = table("docs/widgets.md", "Attributes")["`basemap`"]
    assert line == "`retouche-widget`, `retouche-map`"
    assert all(f"`{one}`" in page for one in BASEMAPS)


def test_custom_properties_are_those_of_the_style_sheets_with_their_values() -> None:
    listed = table("docs/widgets.md", "Colours, fonts, sizes")
    used = set(re.findall(r"var\((--retouche-[a-z-]+)", sources("styles", "elements")))
    assert {one.strip("`") for one in listed} == used
    rows = re.findall(
        r"^\| `(--retouche-[a-z-]+)` \|.*?\| `(.*?)` \| `(.*?)` \|$", text("docs/widgets.md"), re.M
    )
    values = dict(
        (name, (light, dark))
        for name, light, dark in re.findall(
            r"var\((--retouche-[a-z-]+), light-dark\((#\w+), (#\w+)\)\)", sources("styles")
        )
    )
    assert {name: (light, dark) for name, light, dark in rows} == values


def test_the_policy_of_a_strict_site_is_the_one_that_elements_are_tested_under() -> None:
    shown = re.findall(r"```csp\n(.*?)\n```", text("docs/widgets.md"), re.S)
    assert shown == [STRICT.format(server="https://example.org")]


def test_parameters_of_the_address_are_those_that_are_read_and_written() -> None:
    code = (ROOT / "widgets/src/state/address.ts").read_text(encoding="utf-8")
    written = set(re.findall(r'put\("([a-z]+)"|put\(`([a-z]+)\.\$|\$\{prefix\}\.([a-z]+)\.', code))
    listed = " ".join(table("docs/widgets.md", "State in the address"))
    assert {"".join(one) for one in written} == set(re.findall(r"`([a-z]+)", listed))


def test_events_are_those_that_elements_fire() -> None:
    fired = set(re.findall(r'CustomEvent\(\s*"(retouche-[a-z]+)"', sources("elements")))
    assert {one.strip("`") for one in table("docs/widgets.md", "Events")} == fired


def test_what_is_kept_in_the_browser_is_told() -> None:
    kept = re.compile(r"[\"`](retouche\.[a-z]+)[\"`.]")
    told = text("docs/widgets.md").partition("## Privacy")[2].partition("\n## ")[0]
    assert set(kept.findall(told)) == set(kept.findall(sources("state", "elements")))


def examples() -> dict[str, list[Any]]:
    """The descriptors of the guide, whole ones and parts, by the definition that they are of."""
    found: dict[str, list[Any]] = {}
    for kind, one in re.findall(r"```json (\w+)\n(.*?)```", text("docs/widgets.md"), re.S):
        found.setdefault(kind, []).append(json.loads(one))
    return found


def test_descriptors_in_the_guide_are_sound() -> None:
    whole = schema("widget")
    for kind, shown in examples().items():
        form = whole if kind == "widget" else {**whole["$defs"][kind], "$defs": whole["$defs"]}
        for one in shown:
            assert not list(Draft202012Validator(form).iter_errors(one)), one


def test_every_kind_of_view_block_layer_and_chart_has_an_example() -> None:
    definitions = schema("widget")["$defs"]
    shown = examples()
    for kind in ("view", "block", "layer", "chart"):
        known: set[str] = set()
        for one in definitions[kind]["oneOf"]:
            told = definitions[one["$ref"].rpartition("/")[2]]["properties"]["type"]
            known |= {told["const"]} if "const" in told else set(told["enum"])
        assert {one["type"] for one in shown[kind]} == known
    modes = definitions["filter"]["properties"]["mode"]["enum"]
    assert all(f"| `{one}`" in text("docs/widgets.md") for one in modes)


def test_pictures_in_the_documents_are_there_small_and_described() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for alternative, link in re.findall(
            r"!\[(.*?)\]\(([^)]+)\)", page.read_text(encoding="utf-8")
        ):
            picture = page.parent / link
            assert picture.is_file(), link
            assert picture.stat().st_size <= 90_000, link
            assert len(alternative) > 20, link
    named = set(re.findall(r"images/([a-z]+-\d+\.webp)", text("docs/widgets.md")))
    assert {one.name for one in (ROOT / "docs/images").iterdir()} == named


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
