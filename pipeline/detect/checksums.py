"""Check digits of UK identifiers; a failed one lowers a find without a cue and never drops one beside its cue."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping


def _digits(value: str) -> list[int]:
    return [int(mark) for mark in value if mark.isdecimal()]


def nhs(value: str) -> bool:
    """NHS, CHI and H&C numbers: ten digits, weights 10 to 2, modulus 11 (NHS Data Dictionary)."""
    digits = _digits(value)
    if len(digits) != 10:
        return False
    check = 11 - sum(digit * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return check % 11 == digits[9] and check != 10


def luhn(value: str) -> bool:
    """Payment cards: ISO/IEC 7812 modulus 10."""
    digits = _digits(value)[::-1]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[1::2]]
    return 12 <= len(digits) <= 19 and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def iban(value: str) -> bool:
    """International bank account numbers: ISO 13616 modulus 97."""
    letters = re.sub(r"[^A-Za-z0-9]", "", value).upper()
    if not 15 <= len(letters) <= 34:
        return False
    turned = letters[4:] + letters[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def utr(value: str) -> bool:
    """HMRC unique taxpayer references: the first of ten digits checks the other nine, modulus 11."""
    digits = _digits(value)
    if len(digits) != 10:
        return False
    total = sum(d * w for d, w in zip(digits[1:], (6, 7, 8, 9, 10, 5, 4, 3, 2), strict=True))
    return digits[0] == (2, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1)[total % 11]


def uln(value: str) -> bool:
    """Unique learner numbers: ten digits, weights 10 to 2, 10 minus the remainder of 11."""
    digits = _digits(value)
    if len(digits) != 10:
        return False
    remainder = sum(d * w for d, w in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return remainder != 0 and 10 - remainder == digits[9]


CHECKSUMS: Mapping[str, Callable[[str], bool]] = {"nhs": nhs, "luhn": luhn, "iban": iban, "utr": utr, "uln": uln}
