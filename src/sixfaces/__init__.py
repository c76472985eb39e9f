"""sixfaces: decides whether the footage in a marketplace dispute can be believed."""

__version__ = "0.1.0"
