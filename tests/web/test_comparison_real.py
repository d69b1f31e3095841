"""The real national list, saved by tools that retype its cells: three edits, three operations."""

from __future__ import annotations

import io
from typing import Any, Literal

import pandas
import pytest

from tests.datasets import Browser
from tests.services.test_real_corrections import NAME, serve_list
from tests.web.test_comparison import XLSX

pytestmark = pytest.mark.real_data


def edited(frame: pandas.DataFrame) -> pandas.DataFrame:
    frame.loc[10, "telephone"] = "04 65 71 00 01"
    frame.loc[1500, "h_lundi"] = "09:00 - 12:00"
    frame.loc[2000, "commentaire"] = "Fermé l'été"
    return frame


def as_xlsx(frame: pandas.DataFrame, engine: Literal["xlsxwriter", "openpyxl"]) -> bytes:
    result = io.BytesIO()
    frame.to_excel(result, index=False, engine=engine)
    return result.getvalue()


@pytest.mark.parametrize("form", ["csv", "semicolons", "xlsxwriter", "openpyxl"])
@pytest.mark.parametrize("retyped", [True, False])
def test_three_edits_are_three_operations(tmp_path: Any, form: Any, retyped: bool) -> None:
    desks = Browser(serve_list(tmp_path), NAME)
    original = desks.file(NAME)
    dtype = None if retyped else str
    frame = edited(pandas.read_csv(io.BytesIO(original), dtype=dtype, low_memory=False))
    if form == "csv":
        data = frame.to_csv(index=False).encode()
    elif form == "semicolons":
        data = frame.to_csv(index=False, sep=";", decimal=",", lineterminator="\r\n").encode(
            "utf-16"
        )
    else:
        data = as_xlsx(frame, form)
    media = "text/csv" if form in ("csv", "semicolons") else XLSX
    answer: Any = desks.client.post(
        f"{desks.api}/resources/{NAME}/comparison", data=data, content_type=media
    )
    assert answer.status_code == 200, answer.json
    found = [(one["op"], one["new"]) for one in answer.json["operations"]]
    assert found == [
        ("update", {"telephone": "04 65 71 00 01"}),
        ("update", {"h_lundi": "09:00 - 12:00"}),
        ("update", {"commentaire": "Fermé l'été"}),
    ]
    assert answer.json["meta"]["unchanged"] == answer.json["meta"]["rows"] - 3
