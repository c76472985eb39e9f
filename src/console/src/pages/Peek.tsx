import type { WaitingCase } from "../api/types";
import { KIND, PARTY, REASON, STATE } from "../i18n/codes";
import { instant, money } from "../i18n/format";
import { useWords } from "../i18n/language";
import { Badge, Kbd } from "../ui/parts";
import { Left } from "./QueueRow";

/** The chosen case beside the list: what is known of it without opening it, which would be entered as reading it. */
export function Peek({ row, now, open }: { row: WaitingCase; now: Date; open: () => void }) {
  const { t, say, term, language } = useWords();
  return (
    <aside className="peek" aria-label={row.number}>
      <header>
        <p className="muted">{row.number}{row.platform ? ` · ${row.platform}` : ""}</p>
        <h2>{row.title ?? row.number}</h2>
        <p>{[row.kind && term(KIND, row.kind), row.reason && term(REASON, row.reason)].filter(Boolean).join(" · ")}</p>
      </header>
      {row.hidden ? <p className="notice">{t("queue.hiddenWhy")}</p> : null}
      {row.clock ? (
        <div className={`due ${row.urgency}`}>
          <strong><Left row={row} now={now} /></strong>
          <p>{say(row.clock.why)}</p>
        </div>
      ) : null}
      <dl className="facts">
        <div><dt>{t("queue.column.verdict")}</dt><dd>{row.verdict ? <Badge code={row.verdict} /> : term(STATE, row.state)}</dd></div>
        <div><dt>{t("queue.column.value")}</dt><dd className="num">{row.value === null ? "–" : money(row.value, row.currency, language)}</dd></div>
        {row.clock ? <div><dt>{t("queue.holder")}</dt><dd>{term(PARTY, row.clock.holder)}</dd></div> : null}
        {row.clock?.due_at ? <div><dt>{t("queue.due")}</dt><dd>{instant(row.clock.due_at, language, now)}</dd></div> : null}
        <div><dt>{t("queue.column.opened")}</dt><dd>{instant(row.opened_at, language, now)}</dd></div>
        {row.judged_at ? <div><dt>{t("queue.judged")}</dt><dd>{instant(row.judged_at, language, now)}</dd></div> : null}
      </dl>
      <button type="button" className="primary" onClick={open}>{t("queue.open")} <Kbd>↵</Kbd></button>
    </aside>
  );
}
