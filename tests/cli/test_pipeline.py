"""The GitLab pipeline of a data package, its script run for real on a merge request."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from retouche.forges.importer import import_folder
from retouche.services.package_notes import pipeline
from tests.cli.commands import ALONE, commit, git, run
from tests.datasets import DESKS, write_desks

ROOT = Path(__file__).resolve().parents[2]
SEVERITIES = {"info", "minor", "major", "critical", "blocker"}
WRONG = DESKS.replace(",84050,", ",99999,")


def jobs(text: str) -> dict[str, Any]:
    """The jobs of a pipeline."""
    found: dict[str, Any] = yaml.safe_load(text)
    return {name: one for name, one in found.items() if name != "stages"}


@dataclass(frozen=True)
class Ran:
    """A job that has run: its exit code, what it printed, and its reports."""

    code: int
    output: str
    quality: list[dict[str, Any]]
    junit: ElementTree.Element | None


def job(folder: Path, *, shell: str = "bash", **variables: str) -> Ran:
    """Run the job of merge requests in a clone, as a runner does: one script that stops at the
    first failure, with the commands of the job in PATH."""
    job = jobs((folder / ".gitlab-ci.yml").read_text("utf-8"))["retouche-check"]
    script = "\n".join(["set -e", *job["before_script"], *job["script"]])
    done = subprocess.run(
        [shell, "-c", script],
        cwd=folder,
        env={
            **{name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ},
            **ALONE,
            "PATH": f"{tools(folder.parent / 'tools')}:{os.environ['PATH']}",
            "RETOUCHE_PACKAGE": "retouche==1.0",
            **job["variables"],
            **variables,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    reports = job["artifacts"]["reports"]
    quality, junit = folder / reports["codequality"], folder / reports["junit"]
    return Ran(
        code=done.returncode,
        output=done.stdout + done.stderr,
        quality=json.loads(quality.read_text("utf-8")) if quality.exists() else [],
        junit=ElementTree.parse(junit).getroot() if junit.exists() else None,
    )


def tools(folder: Path) -> Path:
    """The commands that the job finds: our own, and a pip that says what it would install."""
    folder.mkdir(exist_ok=True)
    written = {
        "retouche": f'exec "{sys.executable}" -m retouche "$@"',
        "pip": 'echo "pip $*"',
    }
    for name, line in written.items():
        tool = folder / name
        tool.write_text(f"#!/bin/sh\n{line}\n")
        tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    return folder


def merge_request(place: Path, desks: str, *, before: str = DESKS) -> tuple[Path, str]:
    """A clone of a data repository at the head of a merge request; the commit it starts from."""
    origin = write_desks(place / "origin", desks=before)
    (origin / ".gitlab-ci.yml").write_text(pipeline("en"), encoding="utf-8")
    base = commit(origin)
    git(origin, "switch", "--quiet", "-c", "proposals/desks/0123456789abcdef")
    (origin / "desks.csv").write_text(desks, encoding="utf-8")
    commit(origin, "Correct desks 03: city_code")
    git(place, "clone", "--quiet", str(origin), "clone")
    return place / "clone", base


def test_bundled_dataset_has_the_pipeline_that_init_writes() -> None:
    bundled = (ROOT / "datasets/france-services/.gitlab-ci.yml").read_text("utf-8")
    assert bundled == pipeline("fr")


def test_init_writes_the_pipeline_and_an_imported_repository_keeps_it(tmp_path: Path) -> None:
    source = tmp_path / "desks.csv"
    source.write_text(DESKS, encoding="utf-8")
    made = tmp_path / "made"
    assert run("init", source, "-o", made, "--yes").exit_code == 0
    assert (made / ".gitlab-ci.yml").read_text("utf-8") == pipeline("en")
    path = tmp_path / "made.git"
    import_folder(made, path, message="Import\n", time=datetime(2026, 1, 1, tzinfo=UTC))
    assert git(path, "show", "main:.gitlab-ci.yml") == pipeline("en")


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_pipeline_is_what_gitlab_takes(locale: str) -> None:
    found = jobs(pipeline(locale))
    check, baseline = found["retouche-check"], found["nothing-yet"]
    assert check["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
    assert set(check["artifacts"]["reports"]) == {"junit", "codequality"}
    assert check["artifacts"]["when"] == "always"
    assert check["variables"]["RETOUCHE_LANG"] == locale
    assert all(isinstance(one, str) for one in check["variables"].values())
    lines = [*check["before_script"], *check["script"]]
    assert all(isinstance(one, str) for one in lines)
    assert sum("retouche check" in one for one in lines) == 1
    assert baseline["artifacts"]["expire_in"] == "never"


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_bad_merge_request_fails_with_reports(tmp_path: Path, shell: str) -> None:
    clone, base = merge_request(tmp_path, WRONG)
    ran = job(clone, shell=shell, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert ran.code == 1, ran.output
    assert "pip install --quiet retouche==1.0" in ran.output
    (issue,) = ran.quality
    assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
    lines = (clone / "desks.csv").read_text("utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, 1) if "99999" in line)
    assert issue["location"] == {"path": "desks.csv", "lines": {"begin": number}}
    assert issue["severity"] in SEVERITIES
    assert "99999" in issue["description"]
    assert ran.junit is not None
    assert ran.junit.get("failures") == "1"
    failure = ran.junit.find(".//failure")
    assert failure is not None
    assert f"desks.csv:{number}: " in (failure.text or "")


def test_good_merge_request_passes_with_empty_reports(tmp_path: Path) -> None:
    good = DESKS.replace("04 65 71 00 01", "04 65 71 00 09")
    clone, base = merge_request(tmp_path, good)
    ran = job(clone, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert (ran.code, ran.quality) == (0, []), ran.output
    assert ran.junit is not None
    assert ran.junit.get("failures") == "0"


def test_faults_that_were_there_before_do_not_fail_it(tmp_path: Path) -> None:
    good = WRONG.replace("04 65 71 00 01", "04 65 71 00 09")
    clone, base = merge_request(tmp_path, good, before=WRONG)
    assert job(clone, CI_MERGE_REQUEST_DIFF_BASE_SHA=base).code == 0


def test_fingerprint_stays_when_the_row_moves(tmp_path: Path) -> None:
    header, rows = WRONG.split("\n", 1)
    moved = f"{header}\n00,Desk of Bonnieux,84003,,2,,43.8,5.3,\n{rows}"
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    found = []
    for place, desks in (("one", WRONG), ("two", moved)):
        clone, base = merge_request(tmp_path / place, desks)
        (issue,) = job(clone, CI_MERGE_REQUEST_DIFF_BASE_SHA=base).quality
        found.append((issue["fingerprint"], issue["location"]["lines"]["begin"]))
    (first, at), (second, below) = found
    assert first == second
    assert below == at + 1


def test_merged_results_are_compared_with_the_target(tmp_path: Path) -> None:
    """What the target branch got meanwhile is not blamed on the merge request."""
    clone, base = merge_request(tmp_path, WRONG)
    target = git(clone, "rev-parse", "HEAD").strip()
    ran = job(clone, CI_MERGE_REQUEST_DIFF_BASE_SHA=base, CI_MERGE_REQUEST_TARGET_BRANCH_SHA=target)
    assert ran.code == 0, ran.output


def test_job_that_is_not_set_up_says_so(tmp_path: Path) -> None:
    clone, base = merge_request(tmp_path, DESKS.replace("Apt", "Apt 2"))
    ran = job(clone, CI_MERGE_REQUEST_DIFF_BASE_SHA=base, RETOUCHE_PACKAGE="")
    assert ran.code != 0
    assert "RETOUCHE_PACKAGE: set this CI/CD variable" in ran.output
