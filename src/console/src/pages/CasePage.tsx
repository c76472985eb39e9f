import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, ask, get } from "../api/client";
import { useLoaded } from "../api/loaded";
import type { CaseView, ClaimView, ExhibitList, Finding, Recommendation, Report } from "../api/types";
import { decisive } from "../evidence";
import { KIND, REASON, STATE } from "../i18n/codes";
import { instant } from "../i18n/format";
import { useWords } from "../i18n/language";
import { ROLE, VERDICT, VERDICT_WHY } from "../i18n/terms";
import { useKeys } from "../keys";
import { keptOrder, stepped } from "../queue";
import { go } from "../router";
import { Kbd, Trouble, toneOf } from "../ui/parts";
import { Clocks } from "./Clocks";
import { Criteria, Line } from "./Criteria";
import { Deciding } from "./Deciding";
import { Exhibit } from "./Exhibit";
import { headersOf, UnmaskContext, type UnmaskReason } from "../unmask";
import type { Control, Span } from "./Player";
import { Unmasking } from "./Unmasking";

type Recommended = { readonly recommendation: Recommendation; readonly etag: string | null };

/** One case: what the machine found, on what, what is due, and what is decided. */
export function CasePage({ id }: { id: string }) {
  const { t, term, language } = useWords();
  const at = `v1/cases/${id}`;
  const [reason, setReason] = useState<UnmaskReason | null>(null);
  const why = headersOf(reason);
  const filed = useLoaded(`${id} ${reason}`, (signal) => get<CaseView>(at, signal, why));
  const verdict = filed.value?.verdict ?? null;
  const report = useLoaded(verdict ? `${id} ${verdict.id} ${reason}` : null, (signal) => get<Report>(`${at}/report`, signal, why));
  const exhibits = useLoaded(`${id} ${filed.value?.revision} ${reason}`, (signal) => get<ExhibitList>(`${at}/exhibits`, signal, why));
  const claim = useLoaded(id, (signal) => get<ClaimView>(`${at}/claim`, signal));
  const found = useLoaded<Recommended>(id, async (signal) => {
    const { body, etag } = await ask<Recommendation>(`${at}/recommendation`, { signal });
    return { recommendation: body, etag };
  });
  const again = useCallback(() => {
    for (const one of [filed, exhibits, claim, found]) one.again();
  }, [filed.again, exhibits.again, claim.again, found.again]);
  useWatched(id, again);

  const [shown, setShown] = useState<string | null>(null);
  const [span, setSpan] = useState<Span | null>(null);
  const control = useRef<Control | null>(null);
  const views = report.value?.exhibits ?? [];
  const view = views.find((one) => one.sha256 === shown) ?? views.find((one) => one.role === "unboxing_video") ?? views[0] ?? null;
  const original = exhibits.value?.items.find((one) => one.exhibit.sha256 === view?.sha256) ?? null;
  const goTo = (finding: Finding, to: Span) => {
    if (finding.exhibit && finding.exhibit !== view?.sha256) setShown(finding.exhibit);
    setSpan(to);
    requestAnimationFrame(() => control.current?.seek(to.from));
  };
  const order = keptOrder();
  const turn = (by: number) => {
    const next = stepped(order, id, by);
    if (next && next !== id && order.includes(id)) go(`review/cases/${next}`, true);
  };
  const back = () => { sessionStorage.setItem("sixfaces.queue.chosen", id); go("review"); };
  useKeys("keys.here", [
    { key: "j", does: "case.next", run: () => turn(1) },
    { key: "k", does: "case.previous", run: () => turn(-1) },
    { key: "u", does: "case.back", shown: "u Esc", run: back },
    { key: "Escape", does: "case.back", shown: "", run: back },
  ]);
  const file = filed.value?.file;
  useEffect(() => { document.title = `${file?.case_id ?? ""} · sixfaces`; }, [file?.case_id]);
  if (filed.error && !filed.value) return <main id="content" className="alone"><Trouble error={filed.error} again={filed.again} /></main>;
  if (!filed.value || !file) return <main id="content" aria-busy="true" />;

  const lines = file.claim.lines.length ? file.claim.lines.map((one) => file.order.items[one.line]) : file.order.items;
  const currency = file.order.items.find((one) => one.currency)?.currency ?? null;
  const state = filed.value.state;
  return (
    <UnmaskContext value={reason}><main id="content" className="case">
      <div className="bar">
        <button type="button" className="plain" onClick={back} aria-label={t("case.back")} title={`${t("case.back")} u`}>←</button>
        <h1>{lines[0]?.title ?? file.case_id}</h1>
        <span className="muted">{file.case_id}{file.platform ? ` · ${file.platform}` : ""}</span>
        <span>{[file.claim.kind && term(KIND, file.claim.kind), file.claim.reason && term(REASON, file.claim.reason)].filter(Boolean).join(" · ")}</span>
        {state === "verified" ? null : <span className="badge quiet">{term(STATE, state)}</span>}
        <div className="grow" />
        <Unmasking reason={reason} setReason={setReason} />
        {verdict ? <a href={`${at}/report.html${reason ? `?unmask=${reason}` : ""}`} target="_blank" rel="noreferrer">{t("case.report")}</a> : null}
        {order.includes(id) ? (
          <span className="turn">
            <button type="button" className="plain" onClick={() => turn(-1)} aria-label={t("case.previous")}><Kbd>k</Kbd> ↑</button>
            <span className="muted">{order.indexOf(id) + 1} / {order.length}</span>
            <button type="button" className="plain" onClick={() => turn(1)} aria-label={t("case.next")}>↓ <Kbd>j</Kbd></button>
          </span>
        ) : null}
      </div>
      <div className="columns">
        <div className="left">
          {views.length > 1 ? (
            <div className="views" role="group" aria-label={t("case.exhibits")}>
              {views.map((one) => (
                <button key={one.sha256} type="button" aria-pressed={one === view} onClick={() => { setShown(one.sha256); setSpan(null); }}>
                  {term(ROLE, one.role)} <span className="n">{one.name}</span>
                </button>
              ))}
            </div>
          ) : null}
          {report.value && view && original ? (
            <Exhibit key={view.sha256} report={report.value} view={view} filed={original} span={span} setSpan={setSpan} control={control} />
          ) : report.error ? <Trouble error={report.error} again={report.again} /> : verdict ? <div aria-busy="true" /> : (
            <div className="panel empty">
              <p>{t("case.noVerdict")}</p>
              <p className="muted">{t(state === "verifying" ? "case.verifying" : state === "stalled" ? "case.stalled" : "case.noEvidence")}</p>
            </div>
          )}
        </div>
        <div className="right">
          {report.value ? (
            <section className={`panel verdict ${toneOf(report.value.verdict)}`} aria-label={t("case.verdict")}>
              <h2>{term(VERDICT, report.value.verdict)}</h2>
              <p>{term(VERDICT_WHY, report.value.verdict)}</p>
              <ul>{decisive(report.value).map((one, n) => <Line key={n} finding={one} goTo={goTo} isShort />)}</ul>
              <p className="muted small">{report.value.rulebook.policy} {report.value.rulebook.version}{verdict ? ` · ${instant(verdict.judged_at, language, new Date())}` : ""}</p>
            </section>
          ) : null}
          {found.value ? (
            <Deciding
              caseId={id} found={found.value} decision={claim.value?.decision ?? null} currency={currency}
              isVerifying={state === "verifying"} again={again}
            />
          ) : found.error instanceof ApiError ? <Trouble error={found.error} /> : null}
          {report.value ? <Criteria key={verdict?.id ?? ""} report={report.value} goTo={goTo} /> : null}
          {claim.value ? <Clocks claim={claim.value} /> : null}
        </div>
      </div>
    </main></UnmaskContext>
  );
}

/** Has `changed` called after something happened to the case, as the server tells it. */
function useWatched(id: string, changed: () => void): void {
  const latest = useRef(changed);
  latest.current = changed;
  useEffect(() => {
    const source = new EventSource(`v1/cases/${id}/events`);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stir = () => {
      clearTimeout(timer);
      timer = setTimeout(() => latest.current(), 400);
    };
    for (const kind of KINDS) source.addEventListener(kind, stir);
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [id]);
}

const KINDS = [
  "case.edited", "case.closed", "case.reopened", "case.stalled", "case.verified", "case.earlier_take", "case.erased",
  "evidence.judged", "exhibit.sealed",
  "exhibit.observed", "exhibit.quarantined", "exhibit.erased", "chronicle.added", "decision.made", "inspection.concluded",
] as const;
