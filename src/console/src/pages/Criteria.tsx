import { useState } from "react";
import type { Criterion, Finding, Report } from "../api/types";
import { CRITERIA, sorted } from "../evidence";
import { mediaTime } from "../i18n/format";
import { useWords } from "../i18n/language";
import { CRITERION, QUESTION, RULE } from "../i18n/terms";
import { useKeys } from "../keys";
import { Badge, Kbd, Mark } from "../ui/parts";
import type { Span } from "./Player";

type Go = (finding: Finding, span: Span) => void;

/** The four criteria as questions, each with what answers it. One that is not met or cannot be told is unfolded. */
export function Criteria({ report, goTo }: { report: Report; goTo: Go }) {
  const { t, term } = useWords();
  const [open, setOpen] = useState<ReadonlySet<Criterion>>(
    () => new Set(CRITERIA.filter((one) => report.criteria[one] && report.criteria[one].answer !== "met")),
  );
  const turn = (one: Criterion) =>
    setOpen((was) => {
      const next = new Set(was);
      if (!next.delete(one)) next.add(one);
      return next;
    });
  useKeys("case.criteria", CRITERIA.map((one, n) => ({
    key: String(n + 1), does: "keys.criterion" as const, shown: n === 0 ? "1–4" : "", run: () => turn(one),
  })));
  return (
    <section className="panel criteria" aria-label={t("case.criteria")}>
      {CRITERIA.map((one, n) => {
        const judged = report.criteria[one];
        if (!judged) return null;
        const isOpen = open.has(one);
        return (
          <div key={one} className="criterion">
            <h2>
              <button type="button" className="plain" aria-expanded={isOpen} onClick={() => turn(one)}>
                <Kbd>{n + 1}</Kbd>
                <span className="question"><b>{term(CRITERION, one)}</b> <span className="muted">{term(QUESTION, one)}</span></span>
                <Badge code={judged.answer} />
              </button>
            </h2>
            {isOpen ? <Findings report={report} criterion={one} goTo={goTo} /> : null}
          </div>
        );
      })}
    </section>
  );
}

function Findings({ report, criterion, goTo }: { report: Report; criterion: Criterion; goTo: Go }) {
  const { t } = useWords();
  const { counting, others } = sorted(report, criterion);
  const [isWhole, setWhole] = useState(false);
  return (
    <>
      <ul>{counting.map((one, n) => <Line key={n} finding={one} goTo={goTo} />)}</ul>
      {others.length > 0 ? (
        <>
          <button type="button" className="plain more" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? t("case.less") : t("case.advisory", { n: others.length })}
          </button>
          {isWhole ? <ul className="others">{others.map((one, n) => <Line key={n} finding={one} goTo={goTo} />)}</ul> : null}
        </>
      ) : null}
    </>
  );
}

/** One finding: what was found, why, where to see it, and what would help. */
export function Line({ finding, goTo, isShort = false }: { finding: Finding; goTo: Go; isShort?: boolean }) {
  const { t, say, term } = useWords();
  const first = finding.spans[0];
  return (
    <li className="finding">
      <Mark code={finding.answer} />
      <div>
        <b>{term(RULE, finding.code)}</b> {say(finding.text)}
        {!isShort && finding.fix && finding.answer !== "met" ? <p className="muted">{t("case.fix")}: {say(finding.fix)}</p> : null}
      </div>
      {first && finding.exhibit ? (
        <button type="button" className="plain time" onClick={() => goTo(finding, { from: first[0], to: first[1] })}>{mediaTime(first[0])}</button>
      ) : null}
    </li>
  );
}
