import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as codes from "../src/i18n/codes";
import { bytes, instant, mediaTime, money, span } from "../src/i18n/format";
import { firstLanguage, wordsOf } from "../src/i18n/language";
import * as terms from "../src/i18n/terms";
import { TEXTS } from "../src/i18n/texts";

const CHINESE = /[\u4e00-\u9fff]/;
const tables = { TEXTS, ...terms, ...codes } as Record<string, Record<string, unknown>>;
const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? files(join(folder, one.name)) : /\.tsx?$/.test(one.name) ? [join(folder, one.name)] : []);
const sources = files(join(import.meta.dirname, "../src")).filter((one) => !one.includes("i18n"));

describe("every text is there in both languages", () => {
  for (const [table, rows] of Object.entries(tables)) {
    test.each(Object.entries(rows).filter(([, row]) => typeof row === "object"))(`${table} %s`, (key, row) => {
      const { zh, en } = row as { zh: string; en: string };
      expect(zh.trim()).not.toBe("");
      expect(en.trim()).not.toBe("");
      expect(placeholders(zh)).toEqual(placeholders(en));
      if (key !== "app.language" && key !== "app.languageLabel") expect(en).not.toMatch(CHINESE);
    });
  }
});

const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test("no page has a text of its own beside the catalogue", () => {
  const own = sources.filter((path) => CHINESE.test(readFileSync(path, "utf-8")));
  expect(own).toEqual([]);
});

test("no text of the catalogue is left over", () => {
  const whole = sources.map((path) => readFileSync(path, "utf-8")).join("\n");
  const built = [...whole.matchAll(/`([\w.]+)\$\{/g)].map(([, start]) => start!);
  const unused = Object.keys(TEXTS).filter((key) => !whole.includes(`"${key}"`) && !built.some((start) => key.startsWith(start)));
  expect(unused).toEqual([]);
});

test("a placeholder is filled, and one that nobody fills stays to be seen", () => {
  const { t } = wordsOf("en");
  expect(t("queue.left", { span: "2 hrs" })).toBe("2 hrs left");
  expect(t("queue.left")).toBe("{span} left");
});

test("the language is the chosen one, else the browser's, else Chinese", () => {
  expect(firstLanguage("en", ["zh-CN"])).toBe("en");
  expect(firstLanguage(null, ["fr", "en-US", "zh"])).toBe("en");
  expect(firstLanguage("xx", ["zh-TW"])).toBe("zh");
  expect(firstLanguage(null, ["fr"])).toBe("zh");
});

test("amounts, spans, times and sizes are written as people read them", () => {
  expect(money("1299.5", "CNY", "zh")).toBe("¥1,299.50");
  expect(money("1299.5", "CNY", "en")).toContain("1,299.50");
  expect(money("12", null, "en")).toBe("12");
  expect(span(3 * 86_400 + 3 * 3600 + 59, "en")).toBe("3 days 3 hrs");
  expect(span(-90, "en")).toBe("1 min");
  expect(span(5, "en")).toBe("0 mins");
  expect(span(2 * 3600, "zh")).toMatch(/2\s*小时/);
  expect(mediaTime(75.04)).toBe("1:15.0");
  expect(mediaTime(59.96)).toBe("1:00.0");
  expect(mediaTime(9.8333, true)).toBe("0:09.833");
  expect(bytes(3_574_434)).toBe("3.6 MB");
  expect(instant("2025-01-02T03:04:00Z", "en", new Date("2026-01-01"))).toContain("2025");
});
