"""The calls that tell how good a dataset is, and what to look at again."""

from __future__ import annotations

from retouche.web.openapi.calls import DATASET, RESOURCE, get, ref
from retouche.web.openapi.components import Json, query


def quality() -> Json:
    territory = query("territory", "Only rows of a territory, as `level:code`", {"type": "string"})
    return {
        f"{DATASET}/quality": get(
            "show_quality",
            "How full, right and fresh it is",
            [ref("dataset"), ref("revision")],
            answer="quality",
        ),
        f"{RESOURCE}/todo": get(
            "list_todo",
            "Rows that were not changed or confirmed for longest",
            [
                ref("dataset"),
                ref("resource"),
                ref("revision"),
                territory,
                ref("page"),
                ref("page_size"),
            ],
            answer="todo",
        ),
    }
