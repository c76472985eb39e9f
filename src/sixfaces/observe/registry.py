"""The table of contents of what is measured. A new kind of fact is one module and one line here.

The order is the order of observations in every record.
"""

from sixfaces.observe.capture_time import CaptureTime
from sixfaces.observe.codes import Codes
from sixfaces.observe.container import ContainerBiography
from sixfaces.observe.continuity import Continuity
from sixfaces.observe.fingerprints import Fingerprints
from sixfaces.observe.groups import TakeGroups
from sixfaces.observe.moments import Moments
from sixfaces.observe.observer import Observer
from sixfaces.observe.parcel.observer import Parcel
from sixfaces.observe.provenance import Provenance
from sixfaces.observe.regions import Regions
from sixfaces.observe.usability import Usability

OBSERVERS: tuple[type[Observer], ...] = (
    ContainerBiography,
    Provenance,
    CaptureTime,
    Continuity,
    Usability,
    Codes,
    Fingerprints,
    Moments,
    Parcel,
    Regions,
    TakeGroups,
)
