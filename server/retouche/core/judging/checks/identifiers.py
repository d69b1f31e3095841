"""SIREN and SIRET numbers: length, digits and check digit, as INSEE defines them."""

from __future__ import annotations

from retouche.core.judging.checks.check import Finding, Params, RowCheck, text_check

LA_POSTE = "356000000"
"""Its establishments have numbers whose digits add up to a multiple of five."""


def siren(params: Params) -> RowCheck:
    return text_check("french-siren-value", params, test=siren_fault)


def siret(params: Params) -> RowCheck:
    return text_check("french-siret-value", params, test=siret_fault)


def siren_fault(text: str) -> Finding | None:
    digits = _compact(text)
    return _form_fault(digits, length=9) or (None if luhn(digits) else Finding("check_digit"))


def siret_fault(text: str) -> Finding | None:
    digits = _compact(text)
    fault = _form_fault(digits, length=14)
    if fault is not None:
        return fault
    if digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0:
        return None
    return None if luhn(digits) and luhn(digits[:9]) else Finding("check_digit")


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _compact(text: str) -> str:
    return text.replace(" ", "").replace(".", "")


def _form_fault(digits: str, *, length: int) -> Finding | None:
    if not (digits.isascii() and digits.isdigit()):
        return Finding("not_digits", {"length": length})
    if len(digits) != length:
        return Finding("length", {"length": length, "found": len(digits)})
    return None
