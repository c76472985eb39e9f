"""The children that look at crops after the first one has ended: what the observatory is to be given."""

from sixfaces.observe import text
from sixfaces.observe.second_look import SecondLook

SECOND_LOOKS = (
    SecondLook(
        crops="text",
        target="sixfaces.observe.text_child:main",
        observer=text.NAME,
        version=text.VERSION,
        measures=text.MEASURES,
    ),
)
