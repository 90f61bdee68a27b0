"""The references people read out over the telephone, such as `R-7KQ4-XM2P`, and row ids.

A reference is a prefix letter and eight signs without vowels (no words by accident) and without
signs that look or sound alike; the last one checks the others. Knowing one opens nothing.
"""

import secrets

SIGNS = "2346789CDFGHJKMPQRTVWXY"
"""23 signs, a prime, so that a weighted sum finds every wrong sign and every swap of two.

Left out: vowels, 0 and O, 1, I and L, 5 and S, B (8), Z (2), N (M on the telephone).
"""

_LENGTH = 8
_SLIPS = str.maketrans({"B": "8", "Z": "2", "N": "M", "O": "Q", "0": "Q"})
_GAPS = str.maketrans("", "", " -\t\u00a0\u2010\u2011\u2012\u2013\u2014")


class ReferenceFault(ValueError):
    """Not a reference. The message says what is wrong and never repeats what was typed."""


def new_id() -> str:
    """A row id: 128 random bits, 32 hexadecimal digits. It says nothing about time or place."""
    return secrets.token_hex(16)


def make(prefix: str) -> str:
    """Draw a new reference for one letter, `R` or `P`; a repeat meets the unique constraint."""
    number = secrets.randbelow(len(SIGNS) ** (_LENGTH - 1))
    signs = ""
    for _ in range(_LENGTH - 1):
        number, place = divmod(number, len(SIGNS))
        signs += SIGNS[place]
    return _written(prefix, signs + _check_sign(prefix, signs))


def parse(text: str, prefix: str | None = None) -> str:
    """Give the one way to write a reference that was typed in any case, spacing or dashes.

    Raises `ReferenceFault`; with `prefix`, also for a sound reference of another kind.
    """
    typed = text.upper().translate(_GAPS)
    letter, signs = typed[:1], typed[1:].translate(_SLIPS)
    if len(signs) != _LENGTH or not ("A" <= letter <= "Z"):
        raise ReferenceFault("A reference is a letter and eight signs, such as R-7KQ4-XM2P.")
    if set(signs) - set(SIGNS):
        raise ReferenceFault("There is a sign in this that no reference has.")
    if prefix and letter != prefix:
        raise ReferenceFault(f"This reference should start with {prefix}.")
    if _check_sign(letter, signs[:-1]) != signs[-1]:
        raise ReferenceFault("One of the signs is wrong: the last sign does not fit the others.")
    return _written(letter, signs)


def _written(prefix: str, signs: str) -> str:
    return f"{prefix}-{signs[:4]}-{signs[4:]}"


def _check_sign(prefix: str, signs: str) -> str:
    """Sign eight, chosen so that the weighted sum is nought modulo 23.

    Weights 1 to 9 are distinct and none is nought, so no slip of one sign or swap of two keeps it.
    """
    total = (ord(prefix) - ord("A")) * (_LENGTH + 1)
    total += sum(weight * SIGNS.index(sign) for weight, sign in enumerate(signs, 1))
    inverse = pow(_LENGTH, -1, len(SIGNS))
    return SIGNS[-total * inverse % len(SIGNS)]
