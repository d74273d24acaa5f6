"""regcheck: the registers of a fleet, checked, ordered and published."""

__version__ = "0.1.0"
