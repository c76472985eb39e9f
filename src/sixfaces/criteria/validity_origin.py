"""Validity 有效性 of where a file comes from: integrity, provenance, original recording, no known reuse."""

from collections.abc import Iterable

from sixfaces.criteria import processing_traces
from sixfaces.criteria.answering import Witness, cannot_tell, cites, met, not_met, short, spans, unmeasured
from sixfaces.criteria.moments import count, names
from sixfaces.criteria.reuse_words import LOOK, filed_before, like_in, seen_in
from sixfaces.criteria.rule import EVERY_ROLE, PICTURES, Rule
from sixfaces.criteria.sureness import is_sure
from sixfaces.criteria.words import Words
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.facts import (
    ContainerFact,
    EditListFact,
    FingerprintFact,
    ProvenanceFact,
    ProvenanceState,
    ToolKind,
    ToolTagFact,
)
from sixfaces.domain.model import Say
from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import Finding, RuleCode

MOST_TOLD = 3
"""A sentence names so many problems; the finding cites all of them."""

SEND_AGAIN = Say(
    zh="请从原设备重新发送文件，并核对发送方计算的 SHA-256。",
    en="Send the file again from the original device and compare the SHA-256 that the sender computed.",
)
ORIGINAL = Say(
    zh="请提交录像设备直接产生、未经剪辑或转码软件处理的原始文件。",
    en="Hand in the file as the recorder wrote it, untouched by editing or converting programs.",
)
SIGNED_ORIGINAL = Say(
    zh="请提交签名时的原始文件；签名之后的任何改动都会使来源凭证失效。",
    en="Hand in the file as it was signed: any change after signing breaks the content credentials.",
)
SIGN = Say(
    zh="如需来源凭证，请使用支持 C2PA 签名的相机或工位录制；没有凭证不影响判定。",
    en="For content credentials record with a camera or station that signs (C2PA); having none does no harm.",
)
OWN_FOOTAGE = Say(
    zh="请提交本案包裹自己的拆包录像；若确为同一包裹的多个售后单，请向审核人员说明。",
    en="Hand in footage of this case's own parcel; if several claims concern the same parcel, tell the reviewer so.",
)
COMPARABLE = Say(
    zh="请提交画面清晰、可供比对的文件，或由人工检索既往证据。",
    en="Hand in a file whose pictures can be compared, or let a person search earlier evidence.",
)

ABOUT_THE_SIGNER = "signingCredential."
BROKEN = {
    "claimSignature.mismatch": Words(zh="签名不符", en="the signature does not fit:"),
    "assertion.dataHash.mismatch": Words(zh="文件内容与签名时不同", en="the content is not what was signed:"),
    "assertion.bmffHash.mismatch": Words(zh="文件内容与签名时不同", en="the content is not what was signed:"),
    "assertion.hashedURI.mismatch": Words(zh="凭证内的陈述被改动", en="a statement was changed:"),
    "claim.missing": Words(zh="缺少声明", en="the claim is missing:"),
}
"""Status codes of the C2PA specification (section on validation) that mean a broken manifest, in words."""


def integrity(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """`validity.integrity`: the bytes judged are the bytes that were sent.

    1. An empty file has nothing to seal.
    2. A digest that the sender stated must be the one computed on receipt.
    3. Without one, the seal of receipt stands alone, and the text says so.
    """
    code = RuleCode.INTEGRITY
    exhibit = seen.exhibit
    told: Witness = {"value": exhibit.sha256, "threshold": exhibit.declared_sha256}
    # 1.
    if exhibit.bytes == 0:
        return cannot_tell(
            code, seen, zh="文件为空（0 字节），没有可封存的内容。", en="The file is empty (0 bytes): there is "
            "nothing to seal.",
            fix=SEND_AGAIN, **told,
        )  # fmt: skip
    # 2.
    if exhibit.declared_sha256 is not None and exhibit.declared_sha256 != exhibit.sha256:
        return not_met(
            code, seen, fix=SEND_AGAIN, **told,
            zh=f"收到的文件 SHA-256 为 {exhibit.sha256}，与发送方声明的 {exhibit.declared_sha256} 不一致。",
            en=f"The file received has the SHA-256 {exhibit.sha256}, not {exhibit.declared_sha256} as the sender "
            "declared.",
        )  # fmt: skip
    if exhibit.declared_sha256 is not None:
        return met(
            code, seen, **told,
            zh=f"收到的 {exhibit.bytes} 字节与发送方声明的 SHA-256 一致：{exhibit.sha256}。",
            en=f"The {exhibit.bytes} bytes received have the SHA-256 that the sender declared: {exhibit.sha256}.",
        )  # fmt: skip
    # 3.
    return met(
        code, seen, **told,
        zh="发送方未声明摘要，因此没有可比对的内容，仅在收到时封存："
        f"{exhibit.bytes} 字节，SHA-256 为 {exhibit.sha256}。",
        en="The sender declared no digest, so nothing was compared; the bytes were only sealed on receipt: "
        f"{exhibit.bytes} bytes, SHA-256 {exhibit.sha256}.",
    )  # fmt: skip


def provenance(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """`validity.provenance`: content credentials, if there are any, hold.

    Having none is neutral: it is told as something the case did not supply, so that the rule does not count.
    """
    code = RuleCode.PROVENANCE
    found = seen.of(ProvenanceFact)
    if not found:
        return unmeasured(code, seen, ProvenanceFact)
    cited = cites(o for o, _ in found)
    states = [fact.state for _, fact in found]
    issuer = next((short(fact.issuer) for _, fact in found if fact.issuer), None)
    if ProvenanceState.BROKEN in states:
        problems = _problems(fact for _, fact in found)
        return not_met(
            code, seen, cites=cited, value=ProvenanceState.BROKEN.value, fix=SIGNED_ORIGINAL,
            zh=f"来源凭证（C2PA）校验失败：文件在签名之后被改动{_bracketed('（', [p.zh for p in problems], '）')}。",
            en=f"The content credentials (C2PA) are broken: the file was changed after "
            f"signing{_bracketed(' (', [p.en for p in problems], ')')}.",
        )  # fmt: skip
    if ProvenanceState.TRUSTED in states:
        return met(
            code, seen, cites=cited, value=ProvenanceState.TRUSTED.value,
            zh=f"来源凭证（C2PA）有效，签名者 {issuer or '未具名'} 在信任列表中。",
            en=f"The content credentials (C2PA) are valid; the signer, {issuer or 'unnamed'}, is on the trust list.",
        )  # fmt: skip
    if ProvenanceState.VALID in states:
        return met(
            code, seen, cites=cited, value=ProvenanceState.VALID.value,
            zh=f"来源凭证（C2PA）与文件一致；签名者 {issuer or '未具名'} 不在信任列表中，其身份未经确认。",
            en=f"The content credentials (C2PA) match the file; the signer, {issuer or 'unnamed'}, is not on the "
            "trust list and so not vouched for.",
        )  # fmt: skip
    return cannot_tell(
        code, seen, cites=cited, value=ProvenanceState.ABSENT.value, fix=SIGN, missing="case.provenance",
        zh="文件没有来源凭证（C2PA）；这很常见，不影响判定。",
        en="The file has no content credentials (C2PA), which is common and does no harm.",
    )  # fmt: skip


def original(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """`validity.original`: the file is as a recorder wrote it.

    1. Proven otherwise: an edit list hides recorded media, or the file names a generator of pictures as its writer.
    2. Traces that honest files can have, too (an editor's or converter's tag, re-encoding): for a person to look at.
    3. Neither, in a file whose structure was read: met.
    """
    code = RuleCode.ORIGINAL
    # 1.
    hidden = [(o, f) for o, f in seen.of(EditListFact) if not f.benign and f.hidden_s > 0]
    generated = [(o, f) for o, f in seen.of(ToolTagFact) if f.tool is ToolKind.GENERATOR and is_sure(o, policy)]
    if hidden:
        seconds = sum(fact.hidden_s for _, fact in hidden)
        return not_met(
            code, seen, cites=cites(o for o, _ in hidden), spans=spans(o for o, _ in hidden), fix=ORIGINAL,
            value=seconds, threshold=0.0, margin=-seconds, unit="s",
            zh=f"文件的编辑列表隐藏了 {seconds:.2f} 秒已录制的内容。",
            en=f"The file's edit list hides {seconds:.2f} s of what was recorded.",
        )  # fmt: skip
    if generated:
        named = names([processing_traces.program(tag) for _, tag in generated])
        return not_met(
            code, seen, cites=cites(o for o, _ in generated), value=generated[0][1].value, fix=ORIGINAL,
            zh=f"文件自身写明由画面生成软件产生：{named.zh}。",
            en=f"The file itself says that a program made its pictures: {named.en}.",
        )  # fmt: skip
    # 2.
    traces = processing_traces.traces(seen, policy)
    if traces:
        named, count_ = processing_traces.told(traces), count(len(traces), "trace")
        return cannot_tell(
            code, seen, cites=cites(trace.observation for trace in traces), value=len(traces), unit="traces",
            fix=ORIGINAL,
            zh=f"文件带有 {len(traces)} 处后期处理痕迹：{named.zh}；这不足以证明内容被改动。",
            en=f"The file bears {count_} of processing: {named.en}; that does not prove that its content was changed.",
        )  # fmt: skip
    # 3.
    structure = seen.of(ContainerFact)
    for fact in (EditListFact, ToolTagFact):
        if seen.unmeasured(fact) is not None:
            return unmeasured(code, seen, fact, fix=ORIGINAL)
    if not structure:
        return unmeasured(code, seen, ContainerFact, fix=ORIGINAL)
    return met(
        code, seen, cites=cites(o for o, _ in structure), value=0, unit="traces",
        zh="未发现剪辑、转码或画面生成软件的痕迹。",
        en="No trace of an editor, a converter or a generator of pictures was found.",
    )  # fmt: skip


def not_reused(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """`validity.not_reused`: the same pictures were not handed in for another case.

    1. A sure match closer than the policy's distance: not met, with the other case.
    2. Pictures that agree without being copies for sure are for a person to lay side by side.
    3. Without fingerprints, or with pictures too flat to be looked for, nothing could be compared.
    4. No match: met. Where this installation knows nothing earlier, or the case was filed before, the text says so.
    """
    code = RuleCode.NOT_REUSED
    exhibit, history = seen.exhibit, evidence.history
    most = policy.thresholds.original.reuse_bits
    uses = [use for use in history.uses if use.exhibit == exhibit.sha256 and use.other_case != evidence.case.case_id]
    near = [use for use in uses if use.sure and not use.resubmission and use.bits <= most]
    # 1.
    if near:
        use = min(near, key=lambda each: (each.bits, each.other_case, each.other_exhibit))
    if near and use.shown is not None:
        return not_met(code, seen, value=use.bits, threshold=most, margin=float(use.bits - most), unit="bit",
                       fix=OWN_FOOTAGE, zh=seen_in(use).zh, en=seen_in(use).en)  # fmt: skip
    if near:
        return not_met(
            code, seen, value=use.bits, threshold=most, margin=float(use.bits - most), unit="bit", fix=OWN_FOOTAGE,
            zh=f"同样的画面已在售后单 {short(use.other_case)} 中提交过（证据件 {use.other_exhibit[:12]}，画面指纹相差 "
            f"{use.bits} 位，不超过 {most} 位视为相同）。",
            en=f"The same pictures were handed in for case {short(use.other_case)} (exhibit {use.other_exhibit[:12]}; "
            f"the fingerprints differ in {use.bits} bits, up to {most} count as the same).",
        )  # fmt: skip
    # 2.
    doubtful = [use for use in uses if use.shown is not None and not use.resubmission]
    if doubtful:
        return cannot_tell(code, seen, value=doubtful[0].bits, threshold=most, unit="bit", fix=LOOK,
                           zh=like_in(doubtful[0]).zh, en=like_in(doubtful[0]).en)  # fmt: skip
    # 3.
    found = seen.of(FingerprintFact)
    if not found:
        return unmeasured(code, seen, FingerprintFact, fix=COMPARABLE)
    cited = cites(o for o, _ in found)
    prints = sum(len(fact.hashes) for _, fact in found)
    if prints == 0:
        return cannot_tell(
            code, seen, cites=cited, value=0, unit="fingerprints", fix=COMPARABLE, missing="observation.fingerprint",
            zh="没有一帧画面适合比对（0 个指纹）。", en="Not one picture is fit to be compared (0 fingerprints).",
        )  # fmt: skip
    if exhibit.sha256 in history.flat:
        return cannot_tell(
            code, seen, cites=cited, value=0, unit="pictures", fix=COMPARABLE, missing="observation.regions",
            zh="画面过于平淡，没有可与既往证据比对的内容；仅按文件内容完全相同查找，未发现重复。",
            en="The pictures show too little to be looked for in earlier evidence; no identical file is known.",
        )  # fmt: skip
    # 4.
    before = [use for use in uses if use.resubmission]
    if before:
        return met(
            code,
            seen,
            cites=cited,
            threshold=most,
            unit="bit",
            zh=filed_before(before[0]).zh,
            en=filed_before(before[0]).en,
        )
    if not (history.searched and history.pictures_compared):
        return met(
            code, seen, cites=cited, threshold=most, unit="bit",
            zh=f"本次运行没有既往证据库可查，{prints} 个画面指纹未与任何既往售后单比对；只能说明在本机未发现重复使用。",
            en=f"This run knows of no earlier evidence to compare its {count(prints, 'fingerprint')} with: it can only "
            "say that no reuse is known here.",
        )  # fmt: skip
    return met(
        code, seen, cites=cited, threshold=most, unit="bit",
        zh=f"{prints} 个画面指纹与本系统既往售后单比对，未发现相差 {most} 位以内的重复。",
        en=f"{prints} fingerprints were compared with the earlier cases of this installation; none is within {most} "
        "bits.",
    )  # fmt: skip


def _problems(facts: Iterable[ProvenanceFact]) -> list[Words]:
    """What does not hold, in words with its code; who signed is no such problem where something else is."""
    codes = list(dict.fromkeys(short(problem) for fact in facts for problem in fact.problems))
    broken = [code for code in codes if not code.startswith(ABOUT_THE_SIGNER)] or codes
    known = {code: BROKEN.get(code, Words("", "")) for code in broken[:MOST_TOLD]}
    return [Words(zh=f"{words.zh} {code}".strip(), en=f"{words.en} {code}".strip()) for code, words in known.items()]


def _bracketed(opening: str, words: list[str], closing: str) -> str:
    return f"{opening}{', '.join(words)}{closing}" if words else ""


ORIGIN_RULES: tuple[Rule, ...] = (
    Rule(RuleCode.ORIGINAL, PICTURES, original),
    Rule(RuleCode.NOT_REUSED, PICTURES, not_reused),
    Rule(RuleCode.PROVENANCE, PICTURES, provenance),
    Rule(RuleCode.INTEGRITY, EVERY_ROLE, integrity),
)
