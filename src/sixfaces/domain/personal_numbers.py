"""Numbers by which somebody is called or identified, in the forms in which they are printed."""

import re

LEFT, RIGHT = r"(?<![\dA-Za-z])", r"(?![\dA-Za-z])"
"""Ends of a number: what has letters or more digits beside it is the number of a thing."""

MOBILE = re.compile(rf"{LEFT}(?:\+?86[\s-]?)?(1[3-9]\d)[\s-]?(\d{{4}})[\s-]?(\d{{4}}){RIGHT}")
LANDLINE = re.compile(rf"{LEFT}(0\d{{2,3}})-(\d{{3,4}})(\d{{4}}){RIGHT}")
IDENTITY = re.compile(
    rf"{LEFT}[1-9]\d{{5}}(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}[\dXx]{RIGHT}"
)
