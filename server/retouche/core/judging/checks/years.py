"""A period of two years, `2019/2021`, or a year alone where the check allows it."""

from __future__ import annotations

import re

from retouche.core.judging.checks.check import Finding, Params, RowCheck, text_check

YEAR = re.compile(r"[0-9]{4}")
PERIOD = re.compile(r"([0-9]{4})/([0-9]{4})")


def year_interval(params: Params) -> RowCheck:
    alone = str(params.get("allow-year-only", "")).lower() in ("yes", "true")

    def test(text: str) -> Finding | None:
        if alone and YEAR.fullmatch(text):
            return None
        period = PERIOD.fullmatch(text)
        if period is None:
            return Finding("year_or_period" if alone else "period")
        if period[1] == period[2]:
            return Finding("same_year")
        return None if period[1] < period[2] else Finding("years_reversed")

    return text_check("year-interval-value", params, test=test)
