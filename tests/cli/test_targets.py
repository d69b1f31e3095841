"""What `serve` brings into its home: once, whole, and never over an edit."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from retouche.cli.home import Home
from retouche.cli.targets import bring, bundled, targets
from retouche.cli.terminal import Refusal
from retouche.core.errors import BadDataset, NotFound
from tests.cli.commands import commit, git, refusal, run
from tests.datasets import DESKS, write_desks
from tests.services.test_widget_checks import AREA, areas

LIST = "id;nom;code_postal\n1;Gap;05000\n2;Apt;84400\n3;Déols;36130\n"
LIMIT = 10_000_000


def brought(tmp_path: Path, target: Path | None) -> Home:
    home = Home(tmp_path / "home")
    with home.locked():
        bring(home, targets(target), max_file=LIMIT)
    return home


def published(home: Home, name: str) -> dict[str, bytes]:
    """The published bytes of every resource of a dataset."""
    revision = home.services().catalogue.get(name).at()
    return {one: revision.data(one)[:] for one in revision.package.resources}


def test_csv_is_served_under_its_name_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "Ma Liste.csv"
    path.write_bytes(LIST.encode())
    home = brought(tmp_path, path)
    assert published(home, "ma-liste") == {"ma-liste": LIST.encode()}
    revision = home.services().catalogue.get("ma-liste").at()
    assert set(revision.widgets()) == {"table", "cards", "dataviz"}
    assert revision.package.resource("ma-liste").editable


def test_folder_is_served_under_its_package_name(tmp_path: Path) -> None:
    home = brought(tmp_path, write_desks(tmp_path / "package"))
    assert published(home, "desks")["desks"] == DESKS.encode()


def test_folder_that_is_committed_keeps_its_history(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    first = commit(folder, "First")
    write_desks(folder, desks=DESKS.replace("Apt", "old Apt"))
    last = commit(folder, "Second")
    home = brought(tmp_path, folder)
    forge = home.services().catalogue.get("desks").forge
    assert [one.id for one in forge.revisions(forge.published())] == [last, first]


def test_folder_with_changes_not_committed_is_served_as_it_stands(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    commit(folder)
    write_desks(folder, desks=DESKS.replace("Apt", "old Apt"))
    home = brought(tmp_path, folder)
    assert b"old Apt" in published(home, "desks")["desks"]


def test_branch_of_a_bare_repository_is_served_with_its_history(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    commit(folder)
    git(folder, "branch", "data/published")
    git(tmp_path, "clone", "--quiet", "--bare", str(folder), str(tmp_path / "desks.git"))
    toml = tmp_path / "retouche.toml"
    toml.write_text(
        '[[datasets]]\nname = "counters"\nrepository = "desks.git"\nbranch = "data/published"\n'
    )
    home = brought(tmp_path, toml)
    assert published(home, "counters")["desks"] == DESKS.encode()
    assert home.datasets()["counters"].branch == "data/published"


def test_toml_names_several_datasets(tmp_path: Path) -> None:
    write_desks(tmp_path / "package")
    (tmp_path / "liste.csv").write_text(LIST)
    toml = tmp_path / "retouche.toml"
    toml.write_text(
        '[[datasets]]\nname = "one"\nrepository = "package"\n'
        '[[datasets]]\nname = "two"\nrepository = "liste.csv"\n'
    )
    home = brought(tmp_path, toml)
    assert list(home.datasets()) == ["one", "two"]
    assert published(home, "two") == {"liste": LIST.encode()}


def test_nothing_is_the_bundled_sample(tmp_path: Path) -> None:
    home = brought(tmp_path, None)
    assert list(home.datasets()) == ["france-services"]
    data = published(home, "france-services")["structures"]
    assert data == (bundled() / "structures.csv").read_bytes()


def test_outlines_are_brought_in_and_a_change_of_them_is_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_desks(tmp_path / "package")
    (folder / "outlines").mkdir()
    (folder / "outlines" / "areas.geojson").write_bytes(areas(AREA))
    home = brought(tmp_path, folder)
    revision = home.services().catalogue.get("desks").at()
    assert revision.outlines("areas.geojson") == areas(AREA)
    (folder / "outlines" / "areas.geojson").write_bytes(areas(AREA, AREA))
    brought(tmp_path, folder)
    assert "has changed since it was imported" in capsys.readouterr().err


@pytest.mark.parametrize("committed", [False, True])
def test_dataset_with_a_widget_that_cannot_be_shown_is_not_brought_in(
    tmp_path: Path, committed: bool
) -> None:
    folder = write_desks(tmp_path / "package")
    (folder / "widgets" / "more.json").write_text('{"resource": "nope", "views": []}')
    target = folder
    if committed:
        commit(folder)
        target = tmp_path / "retouche.toml"
        target.write_text('[[datasets]]\nname = "desks"\nrepository = "package"\nbranch = "main"\n')
    with pytest.raises(BadDataset) as refused:
        brought(tmp_path, target)
    assert refused.value.values["path"] == "widgets/more.json"
    assert not Home(tmp_path / "home").datasets()


def test_again_changes_nothing_and_says_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_desks(tmp_path / "package")
    home = brought(tmp_path, folder)
    before = home.services().catalogue.get("desks").forge.published()
    brought(tmp_path, folder)
    assert home.services().catalogue.get("desks").forge.published() == before
    assert capsys.readouterr().err == ""


def test_changed_source_is_told_and_the_home_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(LIST)
    brought(tmp_path, path)
    path.write_text(LIST.replace("Gap", "Briançon"))
    home = brought(tmp_path, path)
    assert published(home, "liste") == {"liste": LIST.encode()}
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert "has changed since it was imported" in said[0]


def test_other_source_of_the_same_name_is_refused(tmp_path: Path) -> None:
    for folder, text in (("a", LIST), ("b", LIST.replace("Gap", "Embrun"))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "liste.csv").write_text(text)
    brought(tmp_path, tmp_path / "a" / "liste.csv")
    with pytest.raises(Refusal) as refused:
        brought(tmp_path, tmp_path / "b" / "liste.csv")
    assert refused.value.reason == "dataset_taken"


def test_source_that_was_moved_is_the_same_source(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(LIST)
    brought(tmp_path, path)
    (tmp_path / "elsewhere").mkdir()
    home = brought(tmp_path, path.rename(tmp_path / "elsewhere" / "liste.csv"))
    assert list(home.datasets()) == ["liste"]


def test_half_an_import_is_no_dataset(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    (folder / "cities.csv").write_bytes(b"code,code\n")
    home = Home(tmp_path / "home")
    with pytest.raises(Exception, match="header"):
        bring(home, targets(folder), max_file=LIMIT)
    assert home.datasets() == {}
    with pytest.raises(Refusal):
        home.services()


def test_repository_without_a_package_is_refused_and_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "README").write_text("no data here")
    commit(folder)
    toml = tmp_path / "retouche.toml"
    toml.write_text('[[datasets]]\nname = "one"\nrepository = "repository"\n')
    with pytest.raises(Refusal) as refused:
        brought(tmp_path, toml)
    assert refused.value.reason == "not_published"
    assert Home(tmp_path / "home").datasets() == {}


def test_csv_named_like_an_address_of_the_server_gets_another_name(tmp_path: Path) -> None:
    path = tmp_path / "api.csv"
    path.write_text(LIST)
    assert [one.name for one in targets(path)] == ["api-data"]


def test_unknown_dataset_of_a_home_is_not_found(tmp_path: Path) -> None:
    home = brought(tmp_path, write_desks(tmp_path / "package"))
    with pytest.raises(NotFound):
        home.services().catalogue.get("absent")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("absent.csv", None, "no file or folder"),
        ("empty", "folder", "no datapackage.json"),
        ("notes.docx", b"PK\x03\x04", "neither a data package folder"),
        ("liste.csv", b"PK\x03\x04 a workbook called csv", "CSV"),
        ("liste.csv", b"", "empty"),
        ("liste.csv", b"id,nom\n1,\x00\n", "NUL"),
        ("liste.csv", "id;nom\n1;ñandú\n".encode("cp1252"), "not certain"),
        ("liste.csv", b"id,id\n1,2\n", "id"),
        ("retouche.toml", b"[[datasets]", "not TOML"),
        ("retouche.toml", b'[[datasets]]\nname = "a"\nrepository = "absent"\n', "no file"),
        ("retouche.toml", b'[[datasets]]\nname = "api"\nrepository = "."\n', "address of the"),
        (
            "retouche.toml",
            b'[[datasets]]\nname = "a"\nrepository = "https://x.example/y"\nforge = "gitlab"\n',
            "the address it is cloned from",
        ),
    ],
)
def test_what_cannot_be_served_is_one_sentence(
    tmp_path: Path, name: str, data: bytes | str | None, words: str
) -> None:
    path = tmp_path / name
    if data == "folder":
        path.mkdir()
    elif isinstance(data, bytes):
        path.write_bytes(data)
    result = run("serve", path, "--home", tmp_path / "home", "--port", "0")
    assert words.lower() in refusal(result).lower()


def test_file_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(LIST)
    monkeypatch.setenv("RETOUCHE_MAX_FILE", "10")
    result = run("serve", path, "--home", tmp_path / "home", "--port", "0")
    assert "liste.csv" in refusal(result)


def test_setting_that_is_no_number_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETOUCHE_MAX_FILE", "lots")
    result = run("serve", write_desks(tmp_path / "package"), "--home", tmp_path / "home")
    assert "RETOUCHE_MAX_FILE" in refusal(result)


def test_port_in_use_is_refused(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        folder = write_desks(tmp_path / "package")
        result = run("serve", folder, "--home", tmp_path / "home", "--port", str(port))
        assert refusal(result) == (
            f"Error: Port {port} of 127.0.0.1 is in use; choose another with --port."
        )
        assert not (tmp_path / "home" / "repositories").exists()


RECORDS = [
    b"{",
    b"\xff",
    b"[" * 100_000,
    b"[]",
    b"5",
    b'{"desks": 5}',
    b'{"desks": {}}',
    b'{"desks": {"source": 5, "digest": ""}}',
    b'{"desks": {"source": "", "digest": "", "more": ""}}',
    b'{"../desks": {"source": "", "digest": ""}}',
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda one: one[:40].decode("latin-1"))
def test_record_that_is_not_ours_is_refused_in_one_sentence(tmp_path: Path, record: bytes) -> None:
    folder, home = write_desks(tmp_path / "package"), tmp_path / "home"
    home.mkdir()
    (home / "datasets.json").write_bytes(record)
    for lang, words in (("en", "restore it"), ("fr", "restaurez-la")):
        said = refusal(run("serve", folder, "--home", home, "--port", "0", lang=lang))
        assert "datasets.json" in said
        assert words in said
    assert "datasets.json" in refusal(run("proposals", "list", "--home", home))
    assert (home / "datasets.json").read_bytes() == record


def test_repository_whose_schema_cannot_be_applied_is_not_kept(tmp_path: Path) -> None:
    folder, home = write_desks(tmp_path / "package"), tmp_path / "home"
    text = (folder / "datapackage.json").read_text()
    (folder / "datapackage.json").write_text(text.replace("[0-9]{5}", "(?=a)b"))
    commit(folder)
    configuration = tmp_path / "retouche.toml"
    configuration.write_text(
        f'[[datasets]]\nname = "desks"\nrepository = "{folder}"\nbranch = "main"\n'
    )
    assert "(?=a)b" in refusal(run("serve", configuration, "--home", home, "--port", "0"))
    assert not Home(home).holds("desks")


def test_csv_called_as_a_page_is_served_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "Proposals.csv"
    path.write_bytes(LIST.encode())
    home = brought(tmp_path, path)
    assert list(published(home, "proposals")) == ["proposals-data"]
