import type { WaitingCase } from "./api/types";

export const VIEWS = ["all", "late", "soon", "doubt", "rejected", "accepted", "unjudged"] as const;
export type View = (typeof VIEWS)[number];

const SOON: readonly string[] = ["late", "hours", "day"];

/** Whether a case belongs to a view. */
export function isOf(view: View, one: WaitingCase): boolean {
  switch (view) {
    case "all": return true;
    case "late": return one.urgency === "late";
    case "soon": return SOON.includes(one.urgency);
    case "doubt": return one.verdict === "needs_review";
    case "unjudged": return one.verdict === null;
    default: return one.verdict === view;
  }
}

/** Whether every word that was typed stands somewhere in it. */
export function matches(typed: string, texts: readonly (string | null)[]): boolean {
  const whole = texts.filter(Boolean).join(" ").toLowerCase();
  return typed.toLowerCase().split(/\s+/).every((word) => whole.includes(word));
}

export type Shown = {
  readonly rows: readonly WaitingCase[];
  /** Rows that are no longer in the queue, and stay where they were until it is put in order. */
  readonly gone: ReadonlySet<string>;
  /** How many changes an ordering would bring. */
  readonly changes: number;
};

/** What was shown, with what is there now: nothing moves under the reader's eyes. Values of rows are renewed in place;
 * rows that came, went or would stand elsewhere are counted, until the reader asks for the new order. */
export function renewed(shown: readonly WaitingCase[], fresh: readonly WaitingCase[]): Shown {
  const now = new Map(fresh.map((one) => [one.id, one]));
  const known = new Set(shown.map((one) => one.id));
  const gone = new Set(shown.filter((one) => !now.has(one.id)).map((one) => one.id));
  const came = fresh.filter((one) => !known.has(one.id)).length;
  const before = shown.filter((one) => now.has(one.id)).map((one) => one.id);
  const after = fresh.filter((one) => known.has(one.id)).map((one) => one.id);
  const moved = before.filter((id, place) => after[place] !== id).length;
  return { rows: shown.map((one) => now.get(one.id) ?? one), gone, changes: came + gone.size + moved };
}

/** The row after a step of `by`, which stays inside the list. */
export function stepped(ids: readonly string[], from: string | null, by: number): string | null {
  if (ids.length === 0) return null;
  const place = from === null ? -1 : ids.indexOf(from);
  const next = place < 0 ? (by > 0 ? 0 : ids.length - 1) : Math.min(ids.length - 1, Math.max(0, place + by));
  return ids[next]!;
}

const KEPT = "sixfaces.queue";

/** The order in which cases were listed, so that a case page can lead to the next one. */
export const keepOrder = (ids: readonly string[]): void => sessionStorage.setItem(KEPT, JSON.stringify(ids));

export function keptOrder(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one): one is string => typeof one === "string") : [];
  } catch {
    return [];
  }
}
