import type { FreightBearer, Overrule, Party, Recommendation, Remedy } from "./api/types";

/** What a person fills in to decide otherwise. */
export type Draft = {
  readonly remedy: Remedy | "";
  readonly liable: Party | "nobody" | "";
  readonly refund: string;
  readonly freight: FreightBearer | "";
  readonly overrules: Overrule | "";
  readonly note: string;
};

export const EMPTY: Draft = { remedy: "", liable: "", refund: "", freight: "", overrules: "", note: "" };

/** A draft that begins as the machine recommends. */
export const draftOf = (found: Recommendation): Draft => ({
  ...EMPTY,
  remedy: found.remedy === "ask_person" ? "" : found.remedy,
  liable: found.liable ?? "nobody",
  refund: found.refund?.amount ?? "",
  freight: found.freight,
});

export const isWhole = (draft: Draft): boolean =>
  draft.remedy !== "" && draft.overrules !== "" && draft.note.trim() !== "" && /^(\d+([.]\d{1,4})?)?$/.test(draft.refund.trim());

/** The body of the request that decides so; `currency` is the order's. */
export function rulingOf(draft: Draft, currency: string | null, supersedes: string | null): Record<string, unknown> {
  const amount = draft.refund.trim();
  return {
    remedy: draft.remedy,
    ...(draft.liable === "nobody" || draft.liable === "" ? { no_party: true } : { liable: draft.liable }),
    ...(amount && currency ? { refund: { amount, currency } } : {}),
    ...(draft.freight ? { freight: draft.freight } : {}),
    overrules: draft.overrules,
    note: draft.note.trim(),
    ...(supersedes ? { supersedes } : {}),
  };
}
