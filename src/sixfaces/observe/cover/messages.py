"""What parent and child say to each other while pictures are covered (kinds: sixfaces.media.wire).

REQUEST, then a CROP for each picture. The child answers with a PICTURE for each that it could cover, then DONE.
"""

from sixfaces.domain.model import Model, Text

NAME, VERSION = "masking", "1"


class Covering(Model):
    """REQUEST: the numbers that codes of the exhibit say, which may stay where they are printed."""

    numbers: tuple[Text, ...] = ()
