"""Tokens, roles and settings of the double, as python-gitlab meets them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import gitlab as python_gitlab
import pytest
from gitlab.exceptions import GitlabAuthenticationError, GitlabCreateError, GitlabGetError

from tests.gitlab_double import GitLab, Project, PushRule
from tests.gitlab_double.conftest import client

Client = python_gitlab.Gitlab


def test_a_token_tells_what_it_is(double: GitLab, bot: Client) -> None:
    bot.auth()
    assert bot.user is not None
    assert (bot.user.username, bot.user.bot) == ("bot", True)
    mine = bot.personal_access_tokens.get("self")
    assert mine.scopes == ["api", "write_repository"]
    year = datetime.now(UTC).date() + timedelta(days=365)
    assert mine.expires_at == year.isoformat()
    assert bot.version()[0] == "18.9.2-ee"


def test_an_expired_a_revoked_and_a_wrong_token_are_unauthorized(
    double: GitLab, project: Project
) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    expired = double.token("bot", expires_at=yesterday)
    revoked = double.token("bot")
    double.revoke(revoked)
    for token, said in (
        (expired, "Token is expired"),
        (revoked, "Token was revoked"),
        ("glpat-wrong", "401 Unauthorized"),
    ):
        with (
            client(double, token) as refused,
            pytest.raises(GitlabAuthenticationError) as error,
        ):
            refused.projects.get("open-data/centres")
        assert said in str(error.value.response_body)


def test_a_token_without_the_scope_is_told_so(double: GitLab, project: Project) -> None:
    project.push("work", {"x": b"1"}, start="main")
    with client(double, double.token("bot", scopes=("read_api",))) as reader:
        shown = reader.projects.get("open-data/centres")
        with pytest.raises(GitlabCreateError) as refused:
            shown.mergerequests.create(
                {"source_branch": "work", "target_branch": "main", "title": "Change"}
            )
    assert refused.value.response_code == 403
    assert "insufficient_scope" in str(refused.value.response_body)


def test_a_hidden_project_is_not_found(double: GitLab, project: Project) -> None:
    with client(double, double.token("guest")) as stranger:
        for name in ("open-data/centres", "open-data/none"):
            with pytest.raises(GitlabGetError) as refused:
                stranger.projects.get(name)
            assert refused.value.error_message == "404 Project Not Found"


@pytest.mark.parametrize("name", ["open-data/centres", "1"])
def test_a_project_shows_its_settings_and_our_role(
    project: Project, bot: Client, name: str
) -> None:
    project.settings.autoclose_referenced_issues = False
    shown = bot.projects.get(name)
    assert shown.permissions["project_access"]["access_level"] == 30
    assert shown.default_branch == "main"
    assert shown.autoclose_referenced_issues is False
    assert shown.http_url_to_repo == project.clone_url


def test_protected_branches_tell_levels_and_users(project: Project, bot: Client) -> None:
    project.protect("main", push=0, merge=40)
    project.protect("proposals/*", push=["bot"])
    found = {rule.name: rule for rule in bot.projects.get(1).protectedbranches.list(get_all=True)}
    assert found["main"].push_access_levels[0]["access_level"] == 0
    assert found["main"].merge_access_levels[0]["access_level"] == 40
    bot_id = project.gitlab.accounts.users["bot"].id
    assert found["proposals/*"].push_access_levels[0]["user_id"] == bot_id
    assert found["main"].allow_force_push is False


def test_members_hooks_and_push_rules_are_read(
    project: Project, bot: Client, maintainer: Client
) -> None:
    shown = maintainer.projects.get(1)
    bot_id = project.gitlab.accounts.users["bot"].id
    assert shown.members_all.get(bot_id).access_level == 30
    with pytest.raises(GitlabGetError) as refused:
        shown.pushrules.get()
    assert refused.value.response_code == 404
    project.push_rule = PushRule(branch_name_regex="^x/")
    assert shown.pushrules.get().branch_name_regex == "^x/"
    shown.hooks.create(
        {"url": "http://127.0.0.1:9/hooks", "token": "secret", "merge_requests_events": True}
    )
    hook = shown.hooks.list(get_all=True)[0]
    assert (hook.alert_status, hook.disabled_until) == ("executable", None)
    assert "secret" not in hook.to_json()
    with pytest.raises(GitlabGetError) as refused:
        bot.projects.get(1).hooks.get(hook.id)
    assert refused.value.response_code == 403


def test_everything_may_stand_below_a_path() -> None:
    with GitLab(prefix="/git") as below:
        below.project("open-data/centres")
        with client(below, below.token("root")) as root:
            assert root.projects.get(1).web_url == f"{below.url}/open-data/centres"
        assert below.url.endswith("/git")
