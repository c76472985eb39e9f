"""The table of contents of what is measured. A new kind of fact is one module and one line here.

The order is the order of observations in every record.
"""

from sixfaces.observe.fingerprints import Fingerprints
from sixfaces.observe.moments import Moments
from sixfaces.observe.observer import Observer
from sixfaces.observe.parcel import Parcel
from sixfaces.observe.provenance import Provenance

OBSERVERS: tuple[type[Observer], ...] = (
    Provenance,
    Fingerprints,
    Moments,
    Parcel,
)
