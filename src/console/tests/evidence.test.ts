import { expect, test } from "vitest";
import type { Finding, Report } from "../src/api/types";
import { counts, decisive, nearest, pictureAddress, sorted, stops } from "../src/evidence";

const finding = (code: Finding["code"], answer: Finding["answer"], more: Partial<Finding> = {}): Finding => ({
  code, answer, text: { zh: "", en: "" }, exhibit: null, spans: [], cites: [], value: null, threshold: null, margin: null,
  unit: null, missing: null, fix: null, ...more,
});
const report = (findings: readonly Finding[], rules: Report["rulebook"]["rules"], verdict: Report["verdict"] = "needs_review"): Report =>
  ({ verdict, criteria: { consistency: { answer: "cannot_tell", findings } }, rulebook: { rules }, exhibits: [] }) as unknown as Report;

test("the worst stands first, and advice stands apart", () => {
  const told = report(
    [finding("consistency.waybill", "met"), finding("consistency.item", "cannot_tell"), finding("consistency.weight", "not_met")],
    { "consistency.waybill": "required", "consistency.item": "required", "consistency.weight": "advisory" },
  );
  const { counting, others } = sorted(told, "consistency");
  expect(counting.map((one) => one.code)).toEqual(["consistency.item", "consistency.waybill"]);
  expect(others.map((one) => one.code)).toEqual(["consistency.weight"]);
  expect(decisive(told).map((one) => one.code)).toEqual(["consistency.item"]);
});

test("a rule that asks only for what is known does not count where the case states nothing", () => {
  const one = finding("consistency.item", "cannot_tell", { missing: "case.order.items.barcodes" });
  expect(counts(report([one], { "consistency.item": "required_if_known" }), one)).toBe(false);
  expect(counts(report([one], { "consistency.item": "required" }), one)).toBe(true);
  expect(counts(report([one], {}), one)).toBe(false);
});

test("moments that are all but the same are gone to once", () => {
  const at = (from: number) => ({ from, to: from, code: "consistency.item" as const, answer: "met" as const });
  expect(stops([at(3), at(1), at(1.01), at(3.2)])).toEqual([1, 3, 3.2]);
});

test("the nearest picture is shown", () => {
  expect(nearest([{ at_s: 0 }, { at_s: 4 }, { at_s: 9 }], 5)).toEqual({ at_s: 4 });
  expect(nearest([], 5)).toBeNull();
});

test("a picture's address is the API's, whatever its name holds", () => {
  expect(pictureAddress("e1", "pictures/3f2b/faces/top.jpg")).toBe("v1/exhibits/e1/pictures/faces/top.jpg");
  expect(pictureAddress("e1", "pictures/3f2b/a b/?x.jpg")).toBe("v1/exhibits/e1/pictures/a%20b/%3Fx.jpg");
});
