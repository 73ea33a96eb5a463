"""The check digit of a US National Provider Identifier."""

from __future__ import annotations

_PREFIX_SUM = 24  # what the prefix 80840 of a US health card number adds


def npi_check_digit_holds(npi: str) -> bool:
    """Whether ``npi`` has ten digits of which the last satisfies the Luhn formula.

    The formula is applied to the number with the prefix 80840, as the Centers for
    Medicare and Medicaid Services define it.
    """
    if len(npi) != 10 or not (npi.isascii() and npi.isdigit()):
        return False
    digits = [int(digit) for digit in npi]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (_PREFIX_SUM + sum(doubled) + sum(digits[-1::-2])) % 10 == 0
