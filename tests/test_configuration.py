"""`retouche.toml`: what it may say, and how it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from retouche.configuration import BadConfiguration, Served, read


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
        token_file = "secrets/token"
        """,
    )
    assert read(path) == (
        Served(name="desks", repository=str(tmp_path / "data/desks")),
        Served(
            name="lists",
            repository="https://gitlab.example/group/lists.git",
            forge="gitlab",
            branch="data/main",
            project="group/lists",
            token_env="GITLAB_TOKEN",
            token_file=tmp_path / "secrets/token",
        ),
    )
    assert read(path)[0].branch is None
    assert read(path)[0].folder == tmp_path / "data/desks"
    assert read(path)[1].folder is None


ONE = '[[datasets]]\nname = "a"\nrepository = "."\n'


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
    ],
)
def test_unusable_file_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(BadConfiguration) as refused:
        read(path)
    assert refused.value.reason == reason


def test_odd_repository_is_a_path_beside_the_file_and_never_a_command(tmp_path: Path) -> None:
    path = written(tmp_path, '[[datasets]]\nname = "a"\nrepository = "ext::sh -c x"')
    assert read(path)[0].repository == str(tmp_path / "ext::sh -c x")
