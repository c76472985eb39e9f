import type { Answer, Criterion, ExhibitView, Finding, Report, RuleCode } from "./api/types";

export type Witness = { readonly from: number; readonly to: number; readonly code: RuleCode; readonly answer: Answer };

const WORST: readonly Answer[] = ["not_met", "cannot_tell", "met"];
export const CRITERIA: readonly Criterion[] = ["consistency", "completeness", "validity", "timeliness"];

/** Whether a finding counts, as the report says: its rule is no mere advice, and its fact was there to be stated. */
export function counts(report: Report, finding: Finding): boolean {
  const use = report.rulebook.rules[finding.code] ?? "advisory";
  if (use === "advisory") return false;
  const isUnstated = finding.missing?.startsWith("case.") ?? false;
  return !(use === "required_if_known" && isUnstated);
}

/** Findings of a criterion: those that count, worst first, and the others. */
export function sorted(report: Report, criterion: Criterion): { counting: readonly Finding[]; others: readonly Finding[] } {
  const all = [...(report.criteria[criterion]?.findings ?? [])];
  const byWorst = all.sort((one, other) => WORST.indexOf(one.answer) - WORST.indexOf(other.answer));
  return {
    counting: byWorst.filter((one) => counts(report, one)),
    others: byWorst.filter((one) => !counts(report, one)),
  };
}

/** The findings that carry the verdict, at most three. */
export function decisive(report: Report): readonly Finding[] {
  const wanted: Answer = { accepted: "met", rejected: "not_met", needs_review: "cannot_tell" }[report.verdict] as Answer;
  return CRITERIA.flatMap((one) => sorted(report, one).counting).filter((one) => one.answer === wanted).slice(0, 3);
}

/** Stretches of an exhibit that findings rest on, in the order of their time, each once. */
export function witnesses(report: Report, exhibit: ExhibitView): readonly Witness[] {
  const seen = new Map<string, Witness>();
  for (const criterion of CRITERIA) {
    for (const finding of report.criteria[criterion]?.findings ?? []) {
      if (finding.exhibit !== exhibit.sha256) continue;
      for (const [from, to] of finding.spans) {
        seen.set(`${finding.code} ${from} ${to}`, { from, to, code: finding.code, answer: finding.answer });
      }
    }
  }
  return [...seen.values()].sort((one, other) => one.from - other.from || one.to - other.to);
}

/** Moments to go to: the beginnings of witnesses, without those that are all but the same. */
export function stops(all: readonly Witness[]): readonly number[] {
  const times = all.map((one) => one.from).sort((one, other) => one - other);
  return times.filter((at, place) => place === 0 || at - times[place - 1]! > 0.05);
}

/** The moment whose picture shows best what is seen at a time. */
export function nearest<T extends { readonly at_s: number }>(moments: readonly T[], at: number): T | null {
  return moments.reduce<T | null>(
    (best, one) => (best === null || Math.abs(one.at_s - at) < Math.abs(best.at_s - at) ? one : best), null,
  );
}

/** Where the API gives a picture that the report names as it lies beside it. */
export function pictureAddress(exhibitId: string, image: string): string {
  const name = image.split("/").slice(2).map(encodeURIComponent).join("/");
  return `v1/exhibits/${exhibitId}/pictures/${name}`;
}
