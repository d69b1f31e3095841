"""Telephone numbers: French ones of ten digits, short ones, overseas and international ones."""

from __future__ import annotations

import re

from retouche.core.judging.checks.check import Finding, Params, RowCheck, text_check

SEPARATORS = re.compile("[ .\u00a0\u202f\u2009\u2011/()-]")
NATIONAL = re.compile(r"0[1-9][0-9]{8}")
# Emergency (15, 112, 115 …), social and European (116 xxx), directory (118 xxx), 10xy and 3xyz.
SHORT = re.compile(r"1[578]|11[0-9]|19[16]|116[0-9]{3}|118[0-9]{3}|10[0-9]{2}|3[0-9]{3}")
# Calling codes of France and how many digits follow them (Arcep's numbering plan, ITU E.164).
FRENCH = {
    "33": re.compile(r"0?[1-9][0-9]{8}"),
    "262": re.compile(r"0?[2679][0-9]{8}"),
    "508": re.compile(r"[0-9]{6}|0?[5-9][0-9]{8}"),
    "590": re.compile(r"0?[5-79][0-9]{8}"),
    "594": re.compile(r"0?[5-79][0-9]{8}"),
    "596": re.compile(r"0?[5-79][0-9]{8}"),
    "681": re.compile(r"[0-9]{6}"),
    "687": re.compile(r"[0-9]{6}"),
    "689": re.compile(r"[0-9]{8}"),
}
# Elsewhere: a calling code, then a number; fifteen digits in all at most (ITU E.164).
INTERNATIONAL = re.compile(r"[1-9][0-9]{6,14}")


def phone(params: Params) -> RowCheck:
    return text_check("phone-number-value", params, test=phone_fault)


def phone_fault(text: str) -> Finding | None:
    stripped = text.strip()
    plus = stripped.startswith("+")
    # The (0) of +33 (0)1 is kept here and allowed once by the patterns.
    digits = SEPARATORS.sub("", stripped.removeprefix("+"))
    if not (digits.isascii() and digits.isdigit()):
        return Finding("not_a_number")
    if plus:
        return _international_fault(digits)
    if digits.startswith("00"):
        return _international_fault(digits[2:])
    if NATIONAL.fullmatch(digits) or SHORT.fullmatch(digits):
        return None
    return Finding("digits", {"found": len(digits)})


def _international_fault(digits: str) -> Finding | None:
    for code, rest in FRENCH.items():
        if digits.startswith(code):
            passes = rest.fullmatch(digits[len(code) :])
            return None if passes else Finding("international", {"code": f"+{code}"})
    return None if INTERNATIONAL.fullmatch(digits) else Finding("international", {"code": "+"})
