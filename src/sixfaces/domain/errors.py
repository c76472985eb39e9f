"""The tree of errors. Every leaf has a stable code, a text and a way out in both languages.

SixfacesError
├── CaseFileError      case_file.*   the claim cannot be read
├── RulebookError      rulebook.*    a policy is not fit to judge by
├── IntakeError        intake.*      bytes refused before anything decodes them
├── MediaError         media.*       bytes that could not be decoded, or not within their limits
├── ChallengeError     challenge.*   a challenge code that cannot be made or read
├── ReportError        report.*      a report that cannot be read
├── SettingsError      settings.*    the environment sets something impossible
├── OutputError        output.*      results that could not be written
├── RecordsError       records.*     the database cannot be reached, is full, or another transaction won
├── StoreError         store.*       bytes that cannot be stored, found, or are not what they were
├── CustodyError       custody.*     a proof that cannot be given or does not hold
├── UploadError        upload.*      an upload that cannot go on, and how it can
├── WebhookError       webhook.*     an endpoint that cannot be as it is asked for
├── ClaimError         claim.*       a claim that cannot go on as asked
├── InspectionError    inspection.*  an inspection that cannot go on as asked, or an answer that its SOP does not know
├── ImportFileError    import.*      a marketplace's file or event that cannot be taken in as a whole
├── WatchingError      watching.*    figures, alarms, samples or known cases that cannot be had as asked
├── CredentialsError   credentials.* content credentials that cannot be made
├── ClipError          clip.*        a clip that cannot be cut, or groups of pictures that cannot be told
├── ArchiveError       archive.*     the archive of observations, or a judging of it again, cannot be as asked
├── PackError          pack.*        an exhibit pack that cannot be made as asked
├── RequestError       request.*     a request that cannot be answered as it stands
└── IdentityError      identity.*    a token that does not say who asks, or gives them no rights here
"""

from typing import ClassVar

from sixfaces.domain.model import Say


class SixfacesError(Exception):
    """Base of all errors that are told to people. `code` is stable: programs may depend on it."""

    family: ClassVar[str] = "error"

    def __init__(self, code: str, text: Say, fix: Say) -> None:
        super().__init__(f"{code}: {text.en} {fix.en}")
        if not code.startswith(f"{self.family}."):
            raise ValueError(f"{type(self).__name__} cannot carry the code {code}")
        self.code = code
        self.text = text
        self.fix = fix


class CaseFileError(SixfacesError):
    """case.json cannot be read or says something impossible."""

    family = "case_file"


class RulebookError(SixfacesError):
    """A policy is missing, or a field of it is wrong; names the file and the field."""

    family = "rulebook"


class IntakeError(SixfacesError):
    """A file was refused before decoding."""

    family = "intake"


class MediaError(SixfacesError):
    """A file could not be decoded, or not within its share of memory, time and output."""

    family = "media"


class ChallengeError(SixfacesError):
    """A challenge code or its key is malformed."""

    family = "challenge"


class ReportError(SixfacesError):
    """A report.json cannot be read."""

    family = "report"


class SettingsError(SixfacesError):
    """A SIXFACES_ variable of the environment has a value that it cannot have."""

    family = "settings"


class OutputError(SixfacesError):
    """Results could not be written."""

    family = "output"


class RecordsError(SixfacesError):
    """The database cannot do what was asked now."""

    family = "records"


class StoreError(SixfacesError):
    """The store of bytes cannot do what was asked, or gave back other bytes."""

    family = "store"


class CustodyError(SixfacesError):
    """A custody proof cannot be given, or was checked and does not hold."""

    family = "custody"


class UploadError(SixfacesError):
    """An upload cannot be started or go on."""

    family = "upload"


class WebhookError(SixfacesError):
    """An endpoint of webhooks that cannot be as it is asked for."""

    family = "webhook"


class ImportFileError(SixfacesError):
    """A marketplace's export or event that cannot be read as a whole; single rows are refused in the report."""

    family = "import"


class RequestError(SixfacesError):
    """A request that cannot be answered as it stands: who may not ask, what is not there, what has changed."""

    family = "request"


class IdentityError(SixfacesError):
    """A token of an identity provider that is not good, or gives its holder no rights here."""

    family = "identity"


class ClaimError(SixfacesError):
    """What is asked of a claim cannot be done with it as it stands."""

    family = "claim"


class InspectionError(SixfacesError):
    """What is asked of an inspection cannot be done with it as it stands, or its SOP does not know such an answer."""

    family = "inspection"


class CredentialsError(SixfacesError):
    """Content credentials cannot be put into a file, or do not hold when read back."""

    family = "credentials"


class ClipError(SixfacesError):
    """A clip cannot be cut as asked, or groups of pictures cannot be told."""

    family = "clip"


class ArchiveError(SixfacesError):
    """A part of the archive is not what is on record, or a re-verification cannot be as asked."""

    family = "archive"


class PackError(SixfacesError):
    """An exhibit pack cannot be made: an unknown channel, a budget that holds nothing, evidence that is not there."""

    family = "pack"


class WatchingError(SixfacesError):
    """Figures, alarms, samples or known cases that cannot be had as asked."""

    family = "watching"
