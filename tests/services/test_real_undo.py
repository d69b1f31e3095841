"""Fifty corrections of the real national list, accepted and taken back: byte for byte."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from retouche.ports import Reviewer
from retouche.services.moderating.choices import Between
from tests.services.test_real_corrections import NAME, serve_list, varied_cells

pytestmark = pytest.mark.real_data
ANN = Reviewer(name="Ann")


def test_fifty_corrections_are_taken_back_byte_for_byte(tmp_path: Path) -> None:
    services = serve_list(tmp_path)
    dataset = services.catalogue.get(NAME)
    data, snapshot = dataset.at().data(NAME)[:], dataset.at().snapshot(NAME)
    cells = varied_cells(services)
    cells += [(place, "telephone", "04 65 71 77 77") for place in range(400, 2400, 100)]
    begin = services.clock()
    for position, field, new in cells:
        key = {"id_fs": snapshot.cells(position)["id_fs"]}
        operation = {"op": "update", "resource": NAME, "key": key, "new": {field: new}}
        sent = services.proposals.submit(dataset, {"operations": [operation]})
        services.review.accept(dataset, sent.id, head=sent.head or "", reviewer=ANN)
    assert dataset.at().data(NAME)[:] != data
    began = time.perf_counter()
    choice = Between(start=begin - timedelta(seconds=1))
    preview = services.undoing.preview(dataset, choice)
    looked = time.perf_counter()
    made = services.undoing.propose(dataset, choice, ANN)
    proposed = time.perf_counter()
    services.review.accept(dataset, made.id, head=made.head or "", reviewer=ANN)
    print(f"preview {looked - began:.2f} s, propose {proposed - looked:.2f} s")
    assert len(preview.proposals) == 50
    assert preview.kept == ()
    assert dataset.at().data(NAME)[:] == data
    services.close()
