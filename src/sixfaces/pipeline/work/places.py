"""Where the pictures of an exhibit and the results of a case lie in the store of bytes."""

import hashlib

from sixfaces.domain.filing import FiledCase, FiledExhibit
from sixfaces.domain.job import Job


def observed_place(job: Job, exhibit: FiledExhibit, observers: str) -> str:
    """Pictures of one attempt to measure. The attempt is part of it: one that lost its lease changes nothing."""
    version = hashlib.sha256(observers.encode()).hexdigest()[:16]
    return f"derived/{exhibit.tenant}/{exhibit.exhibit.sha256}/{version}/{job.id}.{job.token}"


def judged_place(job: Job, case: FiledCase) -> str:
    """Results of one attempt to judge a revision of a case."""
    return f"derived/{case.tenant}/cases/{case.id}/{case.revision}/{job.id}.{job.token}"
