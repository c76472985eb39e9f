/** Stepping through a video frame by frame, whatever its frame rate does.
 *
 * A browser tells the exact time of the frame that it shows, but not of the others. So a step looks for the first frame
 * with another time: forward from the one that is shown by small looks, backward just before it.
 */

/** What a video must be able to do: go somewhere, and tell the time of the frame that is then shown. */
export type Screen = { readonly show: (at: number) => Promise<number> };

const EPSILON = 0.0005;
/** A look of this many seconds passes over no frame of up to 120 a second. */
const LOOK = 1 / 120;
const MOST_LOOKS = 240;

/** Times of frames that were seen; two that are neighbours for certain are linked. */
export class FrameTimes {
  private following = new Map<number, number>();
  private preceding = new Map<number, number>();

  link(first: number, second: number): void {
    this.following.set(key(first), second);
    this.preceding.set(key(second), first);
  }

  after(at: number): number | undefined {
    return this.following.get(key(at));
  }

  before(at: number): number | undefined {
    return this.preceding.get(key(at));
  }
}

const key = (at: number): number => Math.round(at * 1e5);
const isSame = (one: number, other: number): boolean => Math.abs(one - other) < EPSILON;

/** The time of the next frame, which is then shown; the last frame stays. `at` is the time of the frame shown now. */
export async function frameOn(screen: Screen, times: FrameTimes, at: number, end: number): Promise<number> {
  const known = times.after(at);
  if (known !== undefined) return screen.show(known + EPSILON);
  for (let look = 1; look <= MOST_LOOKS && at + (look - 1) * LOOK < end; look += 1) {
    const seen = await screen.show(Math.min(end, at + look * LOOK + EPSILON));
    if (!isSame(seen, at) && seen > at) {
      times.link(at, seen);
      return seen;
    }
  }
  return at;
}

/** The time of the frame before, which is then shown; the first frame stays. */
export async function frameBack(screen: Screen, times: FrameTimes, at: number): Promise<number> {
  const known = times.before(at);
  if (known !== undefined) return screen.show(known + EPSILON);
  if (at <= EPSILON) return at;
  const seen = await screen.show(Math.max(0, at - 2 * EPSILON));
  if (seen < at) times.link(seen, at);
  return seen;
}
