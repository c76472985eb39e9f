"""Waybills as they are compared: people and scanners write one number in many ways."""

from sixfaces.criteria.consistency_numbers import normalised


def plain(waybill: str) -> str:
    """Half-width, upper case, without spaces and hyphens."""
    return normalised(waybill)
