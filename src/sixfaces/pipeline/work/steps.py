"""The table of contents of work: which step does which kind of job."""

from collections.abc import Mapping
from functools import partial

from sixfaces.domain.job import JobKind
from sixfaces.domain.upload import UploadState
from sixfaces.pipeline.sealing import seal_upload
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.children import Children
from sixfaces.pipeline.work.erase import erase
from sixfaces.pipeline.work.follow_course import follow_course
from sixfaces.pipeline.work.hold import Hold
from sixfaces.pipeline.work.judge_case import judge_case
from sixfaces.pipeline.work.observe_exhibit import observe_exhibit
from sixfaces.pipeline.work.reverify_span import reverify_span
from sixfaces.pipeline.work.running import Step


def steps_of(children: Children) -> Mapping[JobKind, Step]:
    """All steps; exhibits are measured by these children."""
    return {
        JobKind.SEAL: seal,
        JobKind.OBSERVE: partial(observe_exhibit, children=children),
        JobKind.JUDGE: judge_case,
        JobKind.ERASE: erase,
        JobKind.COURSE: follow_course,
        JobKind.REVERIFY: reverify_span,
    }


def seal(service: Service, hold: Hold) -> None:
    """Seal the job's upload, where the request that brought its last byte did not live to do it."""
    with service.records.begin(hold.job.tenant, reading=True) as transaction:
        upload = transaction.uploads.get(hold.job.subject)
    if upload is not None and upload.state is UploadState.RECEIVED:
        seal_upload(service, upload.id)
    hold.write(hold.ended)
