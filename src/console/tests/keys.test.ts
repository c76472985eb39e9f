import { expect, test } from "vitest";
import { draftOf, EMPTY, isWhole, rulingOf } from "../src/decision";
import type { Recommendation } from "../src/api/types";
import { spelt } from "../src/keys";
import { routeOf } from "../src/router";

const press = (key: string, more = {}) => ({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("a key is spelt as it is listed", () => {
  expect(spelt(press("?", { shiftKey: true }))).toBe("?");
  expect(spelt(press("ArrowLeft", { shiftKey: true }))).toBe("Shift+ArrowLeft");
  expect(spelt(press(" "))).toBe("Space");
  expect(spelt(press("r", { metaKey: true }))).toBe("Ctrl+r");
});

test("an address leads to its page", () => {
  const id = "01999999-9999-7999-8999-999999999999";
  expect(routeOf("/review")).toEqual({ page: "queue" });
  expect(routeOf("/review/")).toEqual({ page: "queue" });
  expect(routeOf(`/review/cases/${id}`)).toEqual({ page: "case", id });
  expect(routeOf("/review/cases/../../v1")).toEqual({ page: "missing" });
  expect(routeOf("/station")).toEqual({ page: "missing" });
});

test("a decision needs remedy, reason and note, and says what was chosen", () => {
  const whole = { ...EMPTY, remedy: "partial_refund", overrules: "discretion", note: " a scratch ", refund: "12.50" } as const;
  expect(isWhole(EMPTY)).toBe(false);
  expect(isWhole({ ...whole, note: " " })).toBe(false);
  expect(isWhole({ ...whole, refund: "12,50" })).toBe(false);
  expect(isWhole(whole)).toBe(true);
  expect(rulingOf(whole, "CNY", null)).toEqual({
    remedy: "partial_refund", no_party: true, refund: { amount: "12.50", currency: "CNY" }, overrules: "discretion", note: "a scratch",
  });
  expect(rulingOf({ ...whole, liable: "seller" }, "CNY", "d1")).toMatchObject({ liable: "seller", supersedes: "d1" });
});

test("a draft begins as recommended, but for what a person must say", () => {
  const found = { remedy: "ask_person", liable: null, refund: null, freight: "none" } as unknown as Recommendation;
  expect(draftOf(found)).toMatchObject({ remedy: "", liable: "nobody", refund: "", freight: "none" });
});
