import { type FormEvent, useState } from "react";
import { ApiError, ask } from "../api/client";
import type { Decision, Recommendation } from "../api/types";
import { draftOf, isWhole, rulingOf, type Draft } from "../decision";
import { FREIGHT, OVERRULE, PARTY, REMEDY } from "../i18n/codes";
import { instant, money } from "../i18n/format";
import { useWords, type Say } from "../i18n/language";
import { useKeys } from "../keys";
import { useSession } from "../session";
import { Dialog, Kbd, Panel, Trouble } from "../ui/parts";

type Found = { readonly recommendation: Recommendation; readonly etag: string | null };

/** What is recommended and why; and the reviewer's word on it. */
export function Deciding({ caseId, found, decision, currency, isVerifying, again }: {
  caseId: string; found: Found; decision: Decision | null; currency: string | null; isVerifying: boolean; again: () => void;
}) {
  const { t, say, term } = useWords();
  const session = useSession();
  const [isSure, setSure] = useState(false);
  const [isDrafting, setDrafting] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const told = found.recommendation;
  const maySign = session?.role === "reviewer" || session?.role === "admin";
  const isPersons = told.remedy === "ask_person";
  const canSign = maySign && !isPersons && !isVerifying && decision === null;

  const send = async (body: unknown) => {
    try {
      const headers = { "if-match": found.etag ?? "", "idempotency-key": crypto.randomUUID() };
      await ask(`v1/cases/${caseId}/decisions`, { method: "POST", body, headers });
      setError(null);
      setDrafting(false);
      again();
    } catch (refused) {
      setError(refused as Error);
      if (refused instanceof ApiError && refused.status === 412) again();
    }
    setSure(false);
  };
  const sign = () => (isSure ? void send({}) : setSure(true));
  useKeys("decision.title", [
    { key: "s", does: "keys.sign", run: () => { if (canSign) sign(); } },
    { key: "d", does: "keys.overrule", run: () => { if (maySign && !isVerifying) setDrafting(true); } },
  ]);
  return (
    <Panel title={t("decision.title")} aside={<span title={told.table_digest}>{told.table} {told.table_version} · {told.row}</span>}>
      {decision ? <Made decision={decision} /> : null}
      <Terms of={told} />
      <ul className="reasons">{told.reasons.map((one, n) => <li key={n}>{say(one.text)} <Cites all={one.cites} /></li>)}</ul>
      {told.waits_for.length > 0 ? <Waits all={told.waits_for} /> : null}
      {error instanceof ApiError && error.status === 412 ? <p className="notice" role="alert">{t("decision.moved")}</p> : error ? <Trouble error={error} /> : null}
      <div className="actions">
        {!maySign ? <span className="muted">{t("decision.notAllowed")}</span> : null}
        {maySign && isVerifying ? <span className="muted">{t("decision.verifying")}</span> : null}
        {canSign ? (
          <button type="button" className="primary" onClick={sign} onBlur={() => setSure(false)}>{t(isSure ? "decision.confirm" : "decision.sign")} <Kbd>s</Kbd></button>
        ) : null}
        {maySign && !isVerifying ? (
          <button type="button" className={isPersons && !decision ? "primary" : ""} onClick={() => setDrafting(true)}>
            {t(decision ? "decision.again" : isPersons ? "decision.decide" : "decision.overrule")} <Kbd>d</Kbd>
          </button>
        ) : null}
      </div>
      {isDrafting ? (
        <Drafting
          title={t(isPersons ? "decision.decide" : "decision.overrule").replace("…", "")} first={draftOf(told)} currency={currency} error={error} close={() => setDrafting(false)}
          send={(draft) => void send(rulingOf(draft, currency, decision?.id ?? null))} recommended={term(REMEDY, told.remedy)}
        />
      ) : null}
    </Panel>
  );
}

/** What the buyer gets, who answers for it and who pays the way back. */
function Terms({ of }: { of: Pick<Recommendation, "remedy" | "liable" | "refund" | "freight"> }) {
  const { t, term, language } = useWords();
  return (
    <dl className="terms">
      <div className="remedy"><dt>{t("decision.remedy")}</dt><dd>{term(REMEDY, of.remedy)}</dd></div>
      <div><dt>{t("decision.refund")}</dt><dd>{of.refund ? money(of.refund.amount, of.refund.currency, language) : "–"}</dd></div>
      <div><dt>{t("decision.liable")}</dt><dd>{of.liable ? term(PARTY, of.liable) : "–"}</dd></div>
      <div><dt>{t("decision.freight")}</dt><dd>{term(FREIGHT, of.freight)}</dd></div>
    </dl>
  );
}

function Waits({ all }: { all: readonly Say[] }) {
  const { t, say } = useWords();
  return <div className="lacks"><h3>{t("decision.waits")}</h3><ul>{all.map((one, n) => <li key={n}>{say(one)}</li>)}</ul></div>;
}

const Cites = ({ all }: { all: readonly string[] }) =>
  all.length ? <span className="muted cites">{all.filter((one) => /^D\d+$/.test(one)).join(" ")}</span> : null;

function Made({ decision }: { decision: Decision }) {
  const { t, term, language } = useWords();
  return (
    <div className="made">
      <h3>✓ {t("decision.made")} · {instant(decision.at, language, new Date())}</h3>
      <Terms of={decision} />
      <p className="muted">{t("decision.by")} {decision.by}{decision.overrules ? ` · ${term(OVERRULE, decision.overrules)}` : ""}</p>
      {decision.note ? <p>{decision.note}</p> : null}
    </div>
  );
}

function Drafting({ title, first, currency, error, send, close, recommended }: {
  title: string; first: Draft; currency: string | null; error: Error | null; send: (draft: Draft) => void; close: () => void; recommended: string;
}) {
  const { t } = useWords();
  const [draft, setDraft] = useState(first);
  const [isEarly, setEarly] = useState(false);
  const put = (part: Partial<Draft>) => setDraft((was) => ({ ...was, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWhole(draft)) send(draft);
    else setEarly(true);
  };
  const remedies = Object.fromEntries(Object.entries(REMEDY).filter(([code]) => code !== "ask_person"));
  return (
    <Dialog title={title} close={close}>
      <form className="draft" onSubmit={submit}>
        <p className="muted">{t("decision.title")}: {recommended}</p>
        <Choice label={t("decision.remedy")} table={remedies} value={draft.remedy} put={(value) => put({ remedy: value as Draft["remedy"] })} />
        <label>
          <span>{t("decision.refund")}{currency ? ` (${currency})` : ""}</span>
          <input inputMode="decimal" value={draft.refund} onChange={(event) => put({ refund: event.target.value })} />
        </label>
        <Choice label={t("decision.liable")} table={{ ...PARTY, nobody: { zh: t("decision.nobody"), en: t("decision.nobody") } }} value={draft.liable} put={(value) => put({ liable: value as Draft["liable"] })} />
        <Choice label={t("decision.freight")} table={FREIGHT} value={draft.freight} put={(value) => put({ freight: value as Draft["freight"] })} />
        <Choice label={t("decision.reason")} table={OVERRULE} value={draft.overrules} put={(value) => put({ overrules: value as Draft["overrules"] })} />
        <label className="whole">
          <span>{t("decision.note")}</span>
          <textarea value={draft.note} placeholder={t("decision.noteHint")} onChange={(event) => put({ note: event.target.value })} />
        </label>
        {isEarly && !isWhole(draft) ? <p className="notice whole" role="alert">{t("decision.incomplete")}</p> : null}
        {error ? <div className="whole"><Trouble error={error} /></div> : null}
        <div className="actions whole">
          <button type="submit" className="primary">{t("decision.submit")}</button>
          <button type="button" onClick={close}>{t("app.cancel")}</button>
        </div>
      </form>
    </Dialog>
  );
}

function Choice({ label, table, value, put }: {
  label: string; table: Readonly<Record<string, Say>>; value: string; put: (value: string) => void;
}) {
  const { t, term } = useWords();
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => put(event.target.value)}>
        <option value="">{t("decision.choose")}</option>
        {Object.keys(table).map((code) => <option key={code} value={code}>{term(table, code)}</option>)}
      </select>
    </label>
  );
}
