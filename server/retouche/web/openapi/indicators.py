"""The calls that tell figures computed from the resources."""

from __future__ import annotations

from retouche.web.openapi.calls import DATASET, get, ref
from retouche.web.openapi.components import Json


def indicators() -> Json:
    return {
        f"{DATASET}/indicators": get(
            "list_indicators",
            "Its indicators, each with the figure of all rows",
            [ref("dataset"), ref("revision")],
            answer="indicators",
        ),
        f"{DATASET}/indicators/{{indicator}}": get(
            "show_indicator",
            "The value of an indicator for each row",
            [
                ref("dataset"),
                ref("indicator"),
                ref("revision"),
                ref("page"),
                ref("page_size"),
            ],
            answer="indicator",
        ),
    }
