import { type ReactNode, useEffect, useRef } from "react";
import { ApiError, OfflineError } from "../api/client";
import { MARK, VERDICT_SHORT } from "../i18n/codes";
import { useWords } from "../i18n/language";
import { ANSWER } from "../i18n/terms";
import type { Answer, Verdict } from "../api/types";

const TONE = {
  accepted: "good", met: "good", rejected: "bad", not_met: "bad", needs_review: "doubt", cannot_tell: "doubt",
} as const;

export const toneOf = (code: Verdict | Answer): "good" | "bad" | "doubt" => TONE[code];

/** A verdict or an answer: a mark, a word and a colour. */
export function Badge({ code, quiet = false }: { code: Verdict | Answer; quiet?: boolean }) {
  const { term } = useWords();
  const word = code in VERDICT_SHORT ? term(VERDICT_SHORT, code) : term(ANSWER, code);
  return (
    <span className={`badge ${TONE[code]}${quiet ? " quiet" : ""}`}>
      <span aria-hidden="true">{MARK[code]}</span> {word}
    </span>
  );
}

export function Mark({ code }: { code: Verdict | Answer }) {
  return <span className={`mark ${TONE[code]}`} aria-hidden="true">{MARK[code]}</span>;
}

export const Kbd = ({ children }: { children: ReactNode }) => <kbd aria-hidden="true">{children}</kbd>;

/** A part of a page with its heading. */
export function Panel({ title, aside, children, label }: {
  title: ReactNode; aside?: ReactNode; children: ReactNode; label?: string;
}) {
  return (
    <section className="panel" aria-label={label}>
      <header><h2>{title}</h2>{aside ? <div className="aside">{aside}</div> : null}</header>
      {children}
    </section>
  );
}

/** What went wrong, in the API's own words, with the way out. */
export function Trouble({ error, again }: { error: Error; again?: () => void }) {
  const { t } = useWords();
  const problem = error instanceof ApiError ? error.problem : null;
  return (
    <div className="trouble" role="alert">
      <p>{error instanceof OfflineError ? t("app.offline") : (problem?.detail ?? error.message)}</p>
      {problem?.fix ? <p className="muted">{problem.fix}</p> : null}
      {again ? <button type="button" onClick={again}>{t("app.again")}</button> : null}
    </div>
  );
}

/** A modal: the browser's own, which keeps the focus in and gives it back. */
export function Dialog({ title, close, children, wide = false }: {
  title: string; close: () => void; children: ReactNode; wide?: boolean;
}) {
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    shown?.querySelector<HTMLElement>(".inside :is(select, input, textarea, button)")?.focus();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? "wide" : ""}
      aria-label={title}
      onCancel={(event) => { event.preventDefault(); close(); }}
      onClick={(event) => { if (event.target === dialog.current) close(); }}
      onKeyDown={(event) => { if (event.key !== "Tab") event.stopPropagation(); if (event.key === "Escape") { event.preventDefault(); close(); } }}
    >
      <header><h2>{title}</h2><button type="button" className="plain" onClick={close} aria-label={t("app.close")}>✕</button></header>
      <div className="inside">{children}</div>
    </dialog>
  );
}
