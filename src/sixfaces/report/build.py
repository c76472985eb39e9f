"""Builds report.json's model from the judged evidence: pure, in the order of the exhibits, numbers rounded."""

from sixfaces.domain.case import CaseFile
from sixfaces.domain.evidence import History
from sixfaces.domain.judgement import Judgement
from sixfaces.domain.model import Say
from sixfaces.domain.observation import Record
from sixfaces.domain.policy import Policy
from sixfaces.domain.report import Report, RulebookView, Timing
from sixfaces.domain.rules import Criterion
from sixfaces.report.views import exhibit_view


def build_report(
    case: CaseFile,
    records: tuple[Record, ...],
    *,
    judged: Judgement,
    terms: tuple[Policy, History],
    notes: tuple[Say, ...] = (),
) -> Report:
    """The report without its timing, which only the pipeline knows. `terms`: by what was judged."""
    policy, history = terms
    return Report(
        case_id=case.case_id,
        verdict=judged.verdict,
        criteria={criterion: judged.criteria[criterion] for criterion in Criterion},
        exhibits=tuple(
            exhibit_view(r, judged.exhibits[r.exhibit.sha256], policy.thresholds, uses=history.uses) for r in records
        ),
        rulebook=_rulebook_view(policy),
        observers=_versions(records),
        notes=notes + _sandbox_notes(records),
    )


def timed(report: Report, *, wall_s: float, decode_s: float) -> Report:
    """The report with how long it took: the only part that may differ between two runs."""
    media_s = sum((e.media.duration_s or 0.0) for e in report.exhibits if e.media)
    timing = Timing(media_s=round(media_s, 3), wall_s=round(wall_s, 3), decode_s=round(decode_s, 3))
    return report.model_copy(update={"timing": timing})


def _rulebook_view(policy: Policy) -> RulebookView:
    return RulebookView(
        policy=policy.name,
        version=policy.version,
        digest=policy.digest,
        template=policy.template,
        unconfirmed=policy.unconfirmed,
        rules={code: policy.rules[code].use for code in sorted(policy.rules)},
    )


def _versions(records: tuple[Record, ...]) -> dict[str, str]:
    """Every observer's version; where records of different versions meet, all of them."""
    seen: dict[str, set[str]] = {}
    for record in records:
        for name, version in record.observers.items():
            seen.setdefault(name, set()).add(version)
    return {name: ", ".join(sorted(versions)) for name, versions in sorted(seen.items())}


def _sandbox_notes(records: tuple[Record, ...]) -> tuple[Say, ...]:
    """Say it when foreign bytes were decoded by a process that could reach the network."""
    if not any(r.sandbox and r.sandbox.network == "reachable" for r in records):
        return ()
    return (
        Say(
            zh="本机未能切断解码进程的网络：文件在仅有资源限制的子进程中解码。安装 bubblewrap 可获得完整隔离。",
            en="This machine could not cut the decoding process off from the network: files were decoded in a child "
            "process with resource limits only. Installing bubblewrap gives full isolation.",
        ),
    )
