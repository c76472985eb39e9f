"""What every finding must be, whatever its rule: words in both languages, a way out, numbers that agree."""

import re

from sixfaces.criteria.rule import Judge
from sixfaces.domain.answer import Answer
from sixfaces.domain.evidence import Evidence
from sixfaces.domain.rules import Finding
from tests.golden.policies import POLICY

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def judged(judge: Judge, evidence: Evidence) -> Finding:
    """The finding of one rule about the first exhibit under the round policy, checked for form."""
    finding = judge(evidence, evidence.exhibits[0], POLICY)
    assert _CHINESE.search(finding.text.zh), finding.text.zh
    assert not _CHINESE.search(re.sub(r"“[^”]*”", "", finding.text.en)), finding.text.en
    assert finding.text.zh.endswith("。"), finding.text.zh
    assert finding.text.en.endswith("."), finding.text.en
    assert "  " not in finding.text.en + finding.text.zh
    assert (finding.fix is None) == (finding.answer is Answer.MET)
    if finding.fix is not None:
        assert _CHINESE.search(finding.fix.zh)
        assert finding.fix.en.endswith(".")
    numbers = (finding.value, finding.threshold, finding.margin)
    if all(isinstance(number, int | float) for number in numbers):
        assert finding.unit is not None
    known = {o.id for seen in evidence.exhibits for o in seen.record.observations}
    assert set(finding.cites) <= known
    return finding
