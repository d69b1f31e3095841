"""`retouche.toml`: what it may say, and how it is refused."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from retouche.cli.refusals import REFUSALS
from retouche.configuration import GITLAB_KEYS, BadConfiguration, Served, read
from retouche.connection import Secret, addresses
from retouche.core.errors import ForgeUnavailable
from retouche.remote import Remote, toml_lines


def written(folder: Path, text: str) -> Path:
    path = folder / "retouche.toml"
    path.write_text(text)
    return path


def test_datasets_are_read_in_order_with_their_defaults(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        [[datasets]]
        name = "desks"
        repository = "data/desks"

        [[datasets]]
        name = "lists"
        repository = "https://gitlab.example/group/lists.git"
        forge = "gitlab"
        branch = "data/main"
        project = "group/lists"
        token_env = "GITLAB_TOKEN"
        webhook_secret_file = "secrets/hook"
        oauth_client_id = "42ab"
        pipelines = "skip"
        author = "Bot <bot@example.org>"
        language = "en"
        """,
    )
    assert read(path) == (
        Served(name="desks", repository=str(tmp_path / "data/desks")),
        Served(
            name="lists",
            repository="https://gitlab.example/group/lists.git",
            forge="gitlab",
            branch="data/main",
            remote=Remote(
                repository="https://gitlab.example/group/lists.git",
                branch="data/main",
                project="group/lists",
                token=Secret(variable="GITLAB_TOKEN"),
                webhook_secret=Secret(file=tmp_path / "secrets/hook"),
                oauth_client_id="42ab",
                pipelines_skipped=True,
                author="Bot <bot@example.org>",
                language="en",
            ),
        ),
    )
    assert read(path)[0].branch is None
    assert read(path)[0].folder == tmp_path / "data/desks"
    assert read(path)[1].folder is None


ONE = '[[datasets]]\nname = "a"\nrepository = "."\n'
PROJECT = (
    '[[datasets]]\nname = "a"\nforge = "gitlab"\nrepository = "https://gitlab.example/g/p.git"\n'
)
TOKEN = 'token_env = "T"\n'
ELSEWHERE = '[[datasets]]\nname = "a"\nforge = "gitlab"\ntoken_env = "T"\nrepository = '


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "toml_no_datasets"),
        ("datasets = 1", "toml_no_datasets"),
        ("datasets = [1]", "toml_no_datasets"),
        ("[[datasets]", "toml_syntax"),
        (f"port = 1\n{ONE}", "toml_unknown_key"),
        (f"{ONE}colour = 'red'", "toml_unknown_key"),
        (f"{ONE}branch = 1", "toml_not_text"),
        (f"{ONE}branch = ''", "toml_not_text"),
        (f"{ONE}forge = 'svn'", "toml_bad_forge"),
        (f"{ONE}branch = '-x'", "toml_bad_branch"),
        (f"{ONE}branch = 'a..b'", "toml_bad_branch"),
        (f"{ONE}token = 'glpat'", "toml_secret"),
        (f"{ONE}{ONE}", "toml_duplicate_name"),
        ('[[datasets]]\nname = "a"', "toml_missing_key"),
        ('[[datasets]]\nrepository = "a"', "toml_bad_name"),
        ('[[datasets]]\nname = "A b"\nrepository = "."', "toml_bad_name"),
        ('[[datasets]]\nname = "a"\nrepository = "http://a/b"', "toml_bad_repository"),
        ('[[datasets]]\nname = "a"\nrepository = "git@host:a/b"', "toml_bad_repository"),
        ('[[datasets]]\nname = "a"\nrepository = "--upload-pack=x"', "toml_bad_repository"),
        ('[[datasets]]\nname = "a"\nrepository = "https://u:p@a/b"', "toml_secret_address"),
        (f"{ONE}token_env = 'T'", "toml_gitlab_key"),
        (f"{ONE}language = 'fr'", "toml_gitlab_key"),
        (PROJECT, "toml_no_token"),
        (f"{PROJECT}{TOKEN}token_file = 'x'", "toml_two_places"),
        (f"{PROJECT}token_env = 'glpat-1234'", "toml_bad_variable"),
        (f"{PROJECT}{TOKEN}webhook_secret = 'x'", "toml_secret"),
        (f"{PROJECT}{TOKEN}oauth_client_secret = 'x'", "toml_secret"),
        (f"{PROJECT}{TOKEN}oauth_client_secret_env = 'X'", "toml_missing_key"),
        (f"{PROJECT}{TOKEN}pipelines = 'never'", "toml_bad_choice"),
        (f"{PROJECT}{TOKEN}language = 'de'", "toml_bad_choice"),
        (f"{PROJECT}{TOKEN}author = 'Bot'", "toml_bad_author"),
        (f'{PROJECT}{TOKEN}author = "B <b@x>\\ncommitter C <c@x>"', "toml_bad_author"),
        (f"{PROJECT}{TOKEN}project = '../x'", "toml_bad_project"),
        (f"{PROJECT}{TOKEN}project = true", "toml_not_text"),
        (f"{PROJECT}{TOKEN}project = 'other/p'", "toml_project_elsewhere"),
        (f"{ELSEWHERE}'data'", "toml_bad_project_address"),
        (f"{ELSEWHERE}'http://gitlab.example/g/p.git'", "toml_bad_project_address"),
        (f"{ELSEWHERE}'https://gitlab.example/p.git'", "toml_bad_project_address"),
        (f"{ELSEWHERE}'https://gitlab.example/g/p?x=1'", "toml_bad_project_address"),
        (f"{ELSEWHERE}'https://me:glpat-1@gitlab.example/g/p'", "toml_secret_address"),
        (PROJECT.replace('"a"', '"a..b"') + TOKEN, "toml_bad_name"),
        (PROJECT.replace('"a"', '"a.lock"') + TOKEN, "toml_bad_name"),
        (PROJECT.replace('"a"', '"a."') + TOKEN, "toml_bad_name"),
    ],
)
def test_unusable_file_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(BadConfiguration) as refused:
        read(path)
    assert refused.value.reason == reason
    for sentence in REFUSALS[reason]:
        assert "glpat" not in sentence.format(**refused.value.values)


@pytest.mark.parametrize(
    ("repository", "project", "base_url", "known"),
    [
        ("https://gitlab.com/g/p.git", None, "https://gitlab.com", "g/p"),
        ("https://gitlab.com/g/sub/p", None, "https://gitlab.com", "g/sub/p"),
        ("https://host:8443/git/g/p.git", "g/p", "https://host:8443/git", "g/p"),
        ("https://host/g/p.git", "42", "https://host", "42"),
        ("http://127.0.0.1:8080/g/p.git", None, "http://127.0.0.1:8080", "g/p"),
        ("http://localhost/g/p.git", None, "http://localhost", "g/p"),
    ],
)
def test_address_of_a_project_is_taken_apart(
    repository: str, project: str | None, base_url: str, known: str
) -> None:
    found = addresses(repository, project)
    assert found is not None
    assert (found.base_url, found.project) == (base_url, known)
    assert found.clone_url == f"{repository.removesuffix('.git')}.git"


def test_project_may_be_a_number(tmp_path: Path) -> None:
    [served] = read(written(tmp_path, f"{PROJECT}{TOKEN}project = 42"))
    assert served.remote is not None
    assert served.remote.connection().project == "42"


def test_what_is_remembered_of_a_project_is_read_as_the_same(tmp_path: Path) -> None:
    text = (
        f"{PROJECT}token_file = 'secrets/t'\nproject = 'g/p'\nbranch = 'main'\n"
        "webhook_secret_env = 'HOOK'\noauth_client_id = 'ab'\noauth_client_secret_env = 'S'\n"
        "pipelines = 'skip'\nauthor = 'Zoé 🤖 <z@example.org>'\nlanguage = 'en'\n"
    )
    [served] = read(written(tmp_path, text))
    assert served.remote is not None
    lines = toml_lines("a", served.remote.entry())
    assert read(written(tmp_path, "\n".join(lines))) == (served,)


def test_secret_is_read_when_it_is_used_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "token"
    kept = Secret(file=file)
    with pytest.raises(ForgeUnavailable) as refused:
        kept()
    assert refused.value.values == {"place": str(file)}
    for text in ("glpat-old", "glpat-new\n"):
        file.write_text(text)
        assert kept() == text.strip()
    for text in ("", "two words", "a\nb", "é"):
        file.write_text(text)
        assert kept.found() is None
    monkeypatch.setenv("BOT_TOKEN", "glpat-of-env")
    given = Secret(variable="BOT_TOKEN")
    assert given() == "glpat-of-env"
    remote = Remote(repository="https://h/g/p.git", token=given, webhook_secret=given)
    assert remote.connection().webhook_secret == "glpat-of-env"
    assert "glpat" not in f"{remote!r} {remote.connection()!r} {remote.entry()}"


def test_odd_repository_is_a_path_beside_the_file_and_never_a_command(tmp_path: Path) -> None:
    path = written(tmp_path, '[[datasets]]\nname = "a"\nrepository = "ext::sh -c x"')
    assert read(path)[0].repository == str(tmp_path / "ext::sh -c x")


def test_the_configuration_that_the_guide_to_gitlab_shows_is_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "gitlab.md").read_text(encoding="utf-8")
    shown = re.search(r"```toml\n(.*?)```", page, re.S)
    assert shown is not None
    [served] = read(written(tmp_path, textwrap.dedent(shown[1])))
    assert served.name == "desks"
    assert served.remote is not None
    assert served.remote.connection().base_url == "https://gitlab.example"
    listed = set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| (`.*?) \|", page, re.M))))
    assert listed >= GITLAB_KEYS
