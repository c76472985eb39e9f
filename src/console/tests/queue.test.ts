import { describe, expect, test } from "vitest";
import type { WaitingCase } from "../src/api/types";
import { isOf, matches, renewed, stepped } from "../src/queue";

const waiting = (id: string, more: Partial<WaitingCase> = {}): WaitingCase => ({
  id, number: `C-${id}`, platform: "tmall", state: "verified", kind: "return_refund", reason: "damaged", title: "shoes",
  category: "footwear", lines: 1, value: "10.00", currency: "CNY", opened_at: "2026-06-01T00:00:00Z", verdict: "needs_review",
  judged_at: null, clock: null, urgency: "none", hidden: false, ...more,
});
const ids = (rows: readonly WaitingCase[]) => rows.map((one) => one.id);

describe("what is shown does not move under the reader's eyes", () => {
  test("a case that came or would stand elsewhere is counted and not shown", () => {
    const shown = renewed([waiting("a"), waiting("b")], [waiting("c"), waiting("b"), waiting("a")]);
    expect(ids(shown.rows)).toEqual(["a", "b"]);
    expect(shown.changes).toBe(3);
  });
  test("a value is renewed in its place", () => {
    const shown = renewed([waiting("a"), waiting("b")], [waiting("a", { verdict: "accepted" }), waiting("b")]);
    expect(shown.rows[0]?.verdict).toBe("accepted");
    expect(shown.changes).toBe(0);
  });
  test("a case that went stays, and is marked", () => {
    const shown = renewed([waiting("a"), waiting("b")], [waiting("b")]);
    expect(ids(shown.rows)).toEqual(["a", "b"]);
    expect([...shown.gone]).toEqual(["a"]);
    expect(shown.changes).toBe(1);
  });
});

test("steps stay inside the list and begin at its ends", () => {
  expect(stepped(["a", "b"], null, 1)).toBe("a");
  expect(stepped(["a", "b"], null, -1)).toBe("b");
  expect(stepped(["a", "b"], "b", 1)).toBe("b");
  expect(stepped(["a", "b"], "a", 1)).toBe("b");
  expect(stepped([], "a", 1)).toBeNull();
});

test("a filter wants every word, wherever it stands", () => {
  expect(matches("shoes tmall", ["Shoes", "tmall"])).toBe(true);
  expect(matches("shoes jd", ["Shoes", "tmall", null])).toBe(false);
  expect(matches("", [])).toBe(true);
});

test("a view shows its own", () => {
  expect(isOf("soon", waiting("a", { urgency: "day" }))).toBe(true);
  expect(isOf("soon", waiting("a", { urgency: "days" }))).toBe(false);
  expect(isOf("unjudged", waiting("a", { verdict: null }))).toBe(true);
  expect(isOf("doubt", waiting("a"))).toBe(true);
});
