import type { ClaimView, ClockReading } from "../api/types";
import { PARTY, WHERE } from "../i18n/codes";
import { instant, span } from "../i18n/format";
import { useWords } from "../i18n/language";
import { Panel } from "../ui/parts";

const WORST = ["breached", "warned", "running", "paused", "kept"];
const TONE: Readonly<Record<string, string>> = { breached: "bad", warned: "doubt" };

/** What is due by when, and what the claim still lacks. */
export function Clocks({ claim }: { claim: ClaimView }) {
  const { t, say, term } = useWords();
  const live = claim.clocks.filter((one) => one.ended_at === null);
  const ordered = [...live].sort((one, other) => WORST.indexOf(one.state) - WORST.indexOf(other.state));
  return (
    <Panel title={t("case.clocks")} aside={term(WHERE, claim.where)}>
      {ordered.length === 0 ? <p className="pad muted">{t("case.noClocks")}</p> : null}
      <ul className="clocks">{ordered.map((one) => <Clock key={`${one.code} ${one.entry}`} clock={one} now={claim.now} />)}</ul>
      {claim.lacks.length > 0 ? (
        <div className="lacks">
          <h3>{t("case.lacks")}</h3>
          <ul>{claim.lacks.map((one) => <li key={one.field}><span className="badge quiet">{term(PARTY, one.of)}</span> {say(one.text)}</li>)}</ul>
        </div>
      ) : null}
    </Panel>
  );
}

function Clock({ clock, now }: { clock: ClockReading; now: string }) {
  const { t, say, term, language } = useWords();
  const seconds = clock.due_at === null ? null : (Date.parse(clock.due_at) - Date.parse(now)) / 1000;
  const left = seconds === null ? "–" : t(seconds <= 0 ? "queue.late.by" : "queue.left", { span: span(seconds, language) });
  return (
    <li className={TONE[clock.state] ?? ""} title={say(clock.why)}>
      <span><b>{say(clock.title)}</b> <span className="muted">{term(PARTY, clock.holder)}</span></span>
      <span className="when"><b>{left}</b>{clock.due_at ? <span className="muted"> {instant(clock.due_at, language, new Date(now))}</span> : null}</span>
    </li>
  );
}
