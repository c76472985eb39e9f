import type { WaitingCase } from "../api/types";
import { KIND, REASON, STATE } from "../i18n/codes";
import { instant, money, span } from "../i18n/format";
import { useWords } from "../i18n/language";
import { Badge } from "../ui/parts";

/** One case in one line. */
export function QueueRow({ row, now, isChosen, isGone, choose, open }: {
  row: WaitingCase; now: Date; isChosen: boolean; isGone: boolean; choose: () => void; open: () => void;
}) {
  const { t, say, term, language } = useWords();
  const what = [row.kind && term(KIND, row.kind), row.reason && term(REASON, row.reason)].filter(Boolean).join(" · ");
  return (
    <tr
      id={`case-${row.id}`} aria-current={isChosen ? "true" : undefined} className={isGone ? "gone" : ""} onClick={choose} onDoubleClick={open}
    >
      <td className={`clock ${row.urgency}`}>
        <span className="left"><Left row={row} now={now} /></span>
        <span className="muted">{row.clock ? say(row.clock.title) : ""}</span>
      </td>
      <td>
        {isGone ? <span className="badge quiet">{t("queue.gone")}</span>
          : row.hidden ? <span className="badge quiet">{t("queue.hidden")}</span>
          : row.verdict ? <Badge code={row.verdict} />
          : <span className="badge quiet">{term(STATE, row.state)}</span>}
      </td>
      <td className="item">
        <span className="title">{row.title ?? row.number}{row.lines > 1 ? <span className="muted"> {t("queue.lines", { n: row.lines })}</span> : null}</span>
        <span className="muted">{what}</span>
      </td>
      <td className="num">{row.value === null ? "" : money(row.value, row.currency, language)}</td>
      <td>
        <a href={`review/cases/${row.id}`} onClick={(event) => { event.preventDefault(); open(); }} onFocus={choose}>{row.number}</a>
        <span className="muted">{row.platform ?? ""}</span>
      </td>
      <td className="wide muted">{instant(row.opened_at, language, now)}</td>
    </tr>
  );
}

/** How much time is left on the most urgent clock. */
export function Left({ row, now }: { row: WaitingCase; now: Date }) {
  const { t, language } = useWords();
  if (!row.clock?.due_at) return <>{t("queue.noClock")}</>;
  const seconds = (Date.parse(row.clock.due_at) - now.getTime()) / 1000;
  const told = span(seconds, language);
  return <>{seconds <= 0 ? t("queue.late.by", { span: told }) : t("queue.left", { span: told })}</>;
}
