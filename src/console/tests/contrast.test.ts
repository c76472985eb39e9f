import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const CSS = readFileSync(join(import.meta.dirname, "../src/styles/tokens.css"), "utf-8");
const blocks = [...CSS.matchAll(/\{([^{}]*--ground[^{}]*)\}/g)].map(([, body]) => tokens(body!));
const PAIRS = [
  ["text", "ground"], ["text", "surface"], ["text", "raised"], ["text", "chosen"], ["text", "lane-2"], ["muted", "ground"], ["muted", "surface"],
  ["muted", "raised"], ["muted", "chosen"], ["accent", "surface"], ["accent", "chosen"], ["on-accent", "accent"], ["good", "good-soft"], ["good", "surface"],
  ["bad", "bad-soft"], ["bad", "surface"], ["bad", "chosen"], ["doubt", "doubt-soft"], ["doubt", "surface"], ["doubt", "chosen"],
] as const;

function tokens(body: string): Record<string, string> {
  return Object.fromEntries([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, colour]) => [name!, colour!]));
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [r, g, b] = parts.map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

test("dark is the same whether the system or the reader asks for it", () => {
  expect(blocks).toHaveLength(3);
  expect(blocks[1]).toEqual(blocks[2]);
});

describe.each([["light", 0], ["dark", 1]] as const)("text can be read in the %s", (_name, at) => {
  test.each(PAIRS)("%s on %s", (one, other) => {
    expect(contrast(blocks[at]![one]!, blocks[at]![other]!)).toBeGreaterThanOrEqual(4.5);
  });
  test("edges of what is written into can be seen", () => {
    expect(contrast(blocks[at]!["line-strong"]!, blocks[at]!["surface"]!)).toBeGreaterThanOrEqual(3);
  });
});
