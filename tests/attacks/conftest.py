"""A small dataset, served once for all tables of a module: what is refused changes nothing."""

from __future__ import annotations

import pytest

from tests.datasets import Browser, serve, update, write_desks


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """The dataset `desks` with one open proposal."""
    folder = tmp_path_factory.mktemp("target")
    browser = Browser(
        serve(folder / "home", {"desks": write_desks(folder / "package")}, max_upload=1_000_000)
    )
    sent = browser.propose(update("04", agents="6"))
    assert sent.status_code == 201, sent.text
    return browser
