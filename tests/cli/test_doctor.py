"""`retouche doctor`: each thing that may be wrong with a set-up, found and explained."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from retouche.cli.advice import ADVICE, advice
from retouche.cli.home import Home
from retouche.cli.targets import bring, targets
from retouche.connection import Connection
from retouche.ports.inspection import Webhook
from retouche.services.setup.token import check_expiry
from retouche.services.setup.webhook import EVENTS, check_webhooks
from tests.cli.commands import refusal, run
from tests.cli.projects import bot_token, desks_project, write_toml
from tests.datasets import write_desks
from tests.gitlab_double import Fault, GitLab, Project, PushRule

BASE = "https://retouche.example"
HOOK = f"{BASE}/hooks/gitlab/desks"
MORE = ('webhook_secret_file = "hook"', 'oauth_client_id = "42ab"')
TEMPLATE = ".gitlab/merge_request_templates/Default.md"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 9\n"


@pytest.fixture
def gitlab() -> Iterator[GitLab]:
    with GitLab() as started:
        yield started


@pytest.fixture
def project(gitlab: GitLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Everything as it should be."""
    made = desks_project(gitlab, tmp_path)
    made.hook(HOOK, token="hook-secret")
    (tmp_path / "hook").write_text("hook-secret")
    monkeypatch.setenv("RETOUCHE_BASE_URL", BASE)
    monkeypatch.setenv("RETOUCHE_REVIEWER_TOKEN", gitlab.token("maintainer"))
    write_toml(tmp_path, made.clone_url, bot_token(gitlab), *MORE)
    return made


def examined(folder: Path, *, lang: str = "en") -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit code, and the findings that are not well, by code."""
    result = run(
        *("doctor", folder / "retouche.toml", "--home", folder / "home", "--format", "json"),
        lang=lang,
    )
    found = json.loads(result.stdout)["data"]
    return result.exit_code, {one["code"]: one for one in found if one["level"] != "ok"}


def test_set_up_that_is_right_is_well(project: Project, tmp_path: Path) -> None:
    result = run("doctor", tmp_path / "retouche.toml", "--home", tmp_path / "home")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == "0 error(s), 0 warning(s)"
    assert "→" not in result.stdout
    assert not (tmp_path / "home").exists()


def settings(**values: Any) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        for name, value in values.items():
            setattr(project.settings, name, value)

    return change


def protect(name: str, **rule: Any) -> Callable[[Project], None]:
    return lambda project: (project.protect(name, **rule), None)[1]


def hook(**values: Any) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        for name, value in values.items():
            setattr(project.hooks[0], name, value)

    return change


def rule(**values: Any) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        project.push_rule = PushRule(**values)

    return change


def without_hook(project: Project) -> None:
    project.hooks.clear()


def elsewhere(project: Project) -> None:
    project.hooks[0].url = "https://old.example/hooks/gitlab/desks"


def push(path: str, data: bytes) -> Callable[[Project], None]:
    return lambda project: (project.push("main", {path: data}), None)[1]


@pytest.mark.parametrize(
    ("change", "code", "level"),
    [
        (lambda one: one.member("bot", 40), "role_high", "warning"),
        (lambda one: one.member("bot", 20), "role_low", "error"),
        (lambda one: one.member("bot", 0), "project_missing", "error"),
        (settings(archived=True), "project_archived", "error"),
        (settings(merge_requests_access_level="disabled"), "requests_disabled", "error"),
        (settings(merge_method="ff"), "merge_method", "warning"),
        (settings(squash_option="always"), "squash", "warning"),
        (settings(remove_source_branch_after_merge=False), "branches_kept", "warning"),
        (settings(autoclose_referenced_issues=True), "issues_closed", "warning"),
        (settings(merge_requests_template="Thanks\n/merge\n"), "template_actions", "error"),
        (settings(merge_commit_template="%{description}"), "commit_template", "warning"),
        (lambda one: one.unprotect("main"), "published_open", "error"),
        (protect("main", push=40), "published_push", "warning"),
        (protect("main", push=30), "published_push_bot", "error"),
        (protect("ma*", push=["bot"]), "published_push_bot", "error"),
        (protect("main", push=0, merge=30), "published_merge_bot", "error"),
        (protect("main", push=0, merge=0), "published_merge_nobody", "error"),
        (protect("main", push=0, force=True), "published_forced", "error"),
        (lambda one: one.unprotect("proposals/*"), "proposals_open", "warning"),
        (protect("proposals/*", push=40), "proposals_closed", "error"),
        (protect("proposals/*", push=["bot"]), "proposals_not_forced", "warning"),
        (protect("prop*", push=30), "proposals_broad", "warning"),
        (rule(branch_name_regex="^feature/"), "rule_pattern", "error"),
        (rule(author_email_regex="@ministry.example$"), "rule_pattern", "error"),
        (rule(commit_message_regex="^JIRA-"), "rule_pattern", "error"),
        (without_hook, "webhook_missing", "warning"),
        (elsewhere, "webhook_elsewhere", "warning"),
        (hook(note_events=False), "webhook_events", "warning"),
        (push(".gitattributes", b"*.csv filter=lfs -text\n"), "large_files", "error"),
        (push("desks.csv", POINTER), "tip_unreadable", "error"),
        (push("datapackage.json", b"{"), "tip_unreadable", "error"),
        (push(TEMPLATE, b"Hello\n/close\n"), "template_actions", "warning"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_alone_and_explained(
    project: Project, tmp_path: Path, change: Callable[[Project], None], code: str, level: str
) -> None:
    change(project)
    status, found = examined(tmp_path)
    assert status == 1
    assert code in found
    assert found[code]["level"] == level
    assert found[code]["advice"]
    assert set(found) - {code} <= ALSO.get(code, set())


ALSO = {
    "project_missing": {"git_unreachable"},
    "proposals_closed": {"proposals_broad"},
    "role_low": {"git_unreachable", "protections_unseen"},
}
"""What the same fault shows in other places."""


@pytest.mark.parametrize(
    ("days", "level"),
    [(200, None), (31, None), (30, "warning"), (7, "warning"), (1, "error")],
)
def test_end_of_the_token_is_told_ahead(
    project: Project, gitlab: GitLab, tmp_path: Path, days: int, level: str | None
) -> None:
    write_toml(tmp_path, project.clone_url, bot_token(gitlab, days=days), *MORE)
    status, found = examined(tmp_path)
    assert status == (0 if level is None else 1)
    assert [one["level"] for one in found.values()] == ([] if level is None else [level])
    if level is not None:
        assert str(days) in found["token_expires"]["message"]


def test_token_that_never_ends_or_has_ended_is_told() -> None:
    today = date(2026, 1, 31)
    assert check_expiry(None, today=today).key == "token_endless"
    assert check_expiry(today, today=today).key == "token_expired"


def test_token_without_scopes_or_of_an_administrator_is_told(
    project: Project, gitlab: GitLab, tmp_path: Path
) -> None:
    gitlab.user("chief", admin=True)
    token = gitlab.token("chief", scopes=["api", "sudo"])
    write_toml(tmp_path, project.clone_url, token, *MORE)
    _, found = examined(tmp_path)
    wrong = {"token_scopes", "token_broad", "token_administrator", "role_high"}
    assert wrong <= found.keys()
    assert found["token_administrator"]["level"] == "error"
    assert "write_repository" in found["token_scopes"]["message"]


def test_token_that_is_refused_or_missing_is_one_finding(
    project: Project, gitlab: GitLab, tmp_path: Path
) -> None:
    token = bot_token(gitlab)
    gitlab.revoke(token)
    write_toml(tmp_path, project.clone_url, token, *MORE)
    assert set(examined(tmp_path)[1]) == {"token_refused"}
    (tmp_path / "token").unlink()
    status, found = examined(tmp_path)
    assert status == 1
    assert set(found) == {"token_missing"}
    assert str(tmp_path / "token") in found["token_missing"]["message"]


def test_gitlab_that_is_down_is_one_finding(
    project: Project, gitlab: GitLab, tmp_path: Path
) -> None:
    gitlab.stop()
    assert set(examined(tmp_path)[1]) == {"unreachable"}


def test_answer_that_is_no_gitlab_is_one_finding(
    project: Project, gitlab: GitLab, tmp_path: Path
) -> None:
    gitlab.fault(Fault(on="any", kind="html", times=20))
    assert "unreachable" in examined(tmp_path)[1]


def test_what_the_bot_may_not_see_is_said_without_a_maintainers_token(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RETOUCHE_REVIEWER_TOKEN")
    assert set(examined(tmp_path)[1]) == {"rules_unseen", "webhooks_unseen"}


def test_what_this_server_lacks_is_told(
    project: Project, gitlab: GitLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETOUCHE_BASE_URL", "")
    write_toml(tmp_path, project.clone_url, bot_token(gitlab))
    assert set(examined(tmp_path)[1]) == {"base_url_missing", "oauth_missing"}
    monkeypatch.setenv("RETOUCHE_BASE_URL", BASE)
    _, found = examined(tmp_path)
    assert set(found) == {"webhook_secret_unknown", "oauth_missing"}
    assert f"{BASE}/sign-in/gitlab/desks/callback" in found["oauth_missing"]["advice"]
    monkeypatch.setenv("RETOUCHE_BASE_URL", "http://retouche.example")
    assert "base_url_plain" in examined(tmp_path)[1]


def test_pipelines_that_are_skipped_and_needed_are_told(
    project: Project, gitlab: GitLab, tmp_path: Path
) -> None:
    project.settings.only_allow_merge_if_pipeline_succeeds = True
    assert examined(tmp_path)[0] == 0
    more = (*MORE, 'pipelines = "skip"')
    write_toml(tmp_path, project.clone_url, bot_token(gitlab), *more)
    assert set(examined(tmp_path)[1]) == {"pipelines_needed"}


def test_branch_that_is_not_there_or_not_the_default_is_told(
    project: Project, gitlab: GitLab, tmp_path: Path
) -> None:
    write_toml(tmp_path, project.clone_url, bot_token(gitlab), *MORE, 'branch = "data"')
    _, found = examined(tmp_path)
    assert {"branch_missing", "branch_not_default", "published_open"} <= found.keys()


def test_empty_project_is_told(gitlab: GitLab, project: Project, tmp_path: Path) -> None:
    empty = gitlab.project("open-data/empty", files={})
    empty.member("bot", 30)
    write_toml(tmp_path, empty.clone_url, bot_token(gitlab), *MORE)
    assert "project_empty" in examined(tmp_path)[1]


def test_mirror_of_the_home_is_checked_and_its_datasets_are_found(
    project: Project, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    with home.locked():
        bring(home, targets(tmp_path / "retouche.toml"), max_file=10_000_000)
    well = run("doctor", "--home", home.path)
    assert well.exit_code == 0, well.output
    assert "is whole" in well.stdout
    assert run("doctor", "desks", "--home", home.path).exit_code == 0
    pack = next((home.path / "repositories" / "desks.git" / "objects" / "pack").glob("*.pack"))
    pack.chmod(0o600)
    pack.write_bytes(pack.read_bytes()[:100])
    broken = run("doctor", "--home", home.path)
    assert broken.exit_code == 1
    assert "is damaged" in broken.stdout


def test_french_says_the_same(project: Project, tmp_path: Path) -> None:
    project.settings.archived = True
    _, english = examined(tmp_path)
    _, french = examined(tmp_path, lang="fr")
    assert english.keys() == french.keys()
    assert "archivé" in french["project_archived"]["message"]


def test_no_token_is_ever_said(project: Project, gitlab: GitLab, tmp_path: Path) -> None:
    project.member("bot", 20)
    result = run("doctor", tmp_path / "retouche.toml", "--home", tmp_path / "home")
    assert "glpat" not in result.output


def test_what_is_no_set_up_cannot_be_checked(project: Project, tmp_path: Path) -> None:
    home = tmp_path / "home"
    toml = tmp_path / "retouche.toml"
    assert "no such dataset" in refusal(run("doctor", "--home", home))
    assert "there are: desks" in refusal(run("doctor", toml, "cities", "--home", home))
    assert "no retouche.toml" in refusal(run("doctor", "a", "b", "--home", home))
    assert "There is no file" in refusal(run("doctor", tmp_path / "x.toml", "--home", home))
    embedded = tmp_path / "embedded.toml"
    write_desks(tmp_path / "own")
    embedded.write_text('[[datasets]]\nname = "desks"\nrepository = "own"\n')
    assert "no such dataset" in refusal(run("doctor", embedded, "--home", home))


@pytest.mark.parametrize("key", ADVICE)
def test_every_piece_of_advice_is_whole_in_both_languages(key: str) -> None:
    english, french = ADVICE[key]
    assert bool(english.do) == bool(french.do)
    names = dict.fromkeys(
        ["attribute", "author", "base_url", "branch", "branches", "client_id", "count", "date",
         "days", "default", "detail", "fault", "filter", "limit", "method", "missing", "name",
         "option", "others", "path", "pattern", "place", "project", "redirect", "role", "rule",
         "rules", "scopes", "text", "tip", "until", "url", "version"], "x",
    )  # fmt: skip
    for locale in ("en", "fr"):
        said = advice(key, locale, **names)
        assert said.what.endswith((".", "x"))


@pytest.mark.fault(31)
def test_paused_and_disabled_webhooks_are_told() -> None:
    def codes(**values: Any) -> set[str]:
        found: dict[str, Any] = {
            "url": HOOK,
            "events": frozenset(EVENTS),
            "branches": None,
            "verifies": True,
            "status": "executable",
            "until": None,
            "has_secret": True,
        }
        connection = Connection(
            base_url="https://gitlab.example",
            project="g/p",
            clone_url="https://gitlab.example/g/p.git",
            token=str,
            webhook_secret="x",
        )
        checked = check_webhooks(
            [Webhook(**{**found, **values})],
            base_url=BASE,
            dataset="desks",
            branch="main",
            connection=connection,
        )
        return {one.key for one in checked}

    soon = datetime.now(UTC) + timedelta(minutes=5)
    assert codes() == {"webhook_right"}
    assert codes(status="disabled") == {"webhook_disabled"}
    assert codes(status="temporarily_disabled", until=soon) == {"webhook_paused"}
    assert codes(verifies=False) == {"webhook_unverified"}
    assert codes(has_secret=False) == {"webhook_secret_missing"}
    assert codes(branches="release/*") == {"webhook_branches"}
    assert codes(branches="ma*") == {"webhook_right"}
