import { expect, test } from "vitest";
import { FrameTimes, frameBack, frameOn, type Screen } from "../src/frames";

/** A video with frames at these times, and how often it was asked to go somewhere. */
function film(times: readonly number[]): { screen: Screen; asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    screen: {
      show: (at) => {
        asked += 1;
        return Promise.resolve(times.filter((one) => one <= at + 1e-6).at(-1) ?? times[0]!);
      },
    },
  };
}

const EVEN = Array.from({ length: 30 }, (_, n) => n / 12);
/** As phones film: from 8 ms to 52 ms between frames, and one long stop. */
const UNEVEN = [0, 0.033, 0.041, 0.093, 0.126, 0.159, 0.9, 0.933];

for (const times of [EVEN, UNEVEN]) {
  test(`each step is one frame, there and back (${times.length})`, async () => {
    const { screen } = film(times);
    const known = new FrameTimes();
    const seen = [0];
    for (let n = 1; n < times.length; n += 1) seen.push(await frameOn(screen, known, seen.at(-1)!, times.at(-1)! + 0.04));
    expect(seen).toEqual(times);
    const back = [times.at(-1)!];
    for (let n = 1; n < times.length; n += 1) back.push(await frameBack(screen, new FrameTimes(), back.at(-1)!));
    expect(back).toEqual([...times].reverse());
  });
}

test("the first and the last frame stay", async () => {
  const { screen } = film(EVEN);
  expect(await frameBack(screen, new FrameTimes(), 0)).toBe(0);
  expect(await frameOn(screen, new FrameTimes(), EVEN.at(-1)!, EVEN.at(-1)! + 0.08)).toBe(EVEN.at(-1));
});

test("a way that was gone before takes one look", async () => {
  const { screen, asked } = film(EVEN);
  const known = new FrameTimes();
  const next = await frameOn(screen, known, 0, 3);
  const before = asked();
  await frameBack(screen, known, next);
  await frameOn(screen, known, 0, 3);
  expect(asked() - before).toBe(2);
});
