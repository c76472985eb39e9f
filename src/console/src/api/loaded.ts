import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "./client";

export type Loaded<T> = {
  readonly value: T | null;
  readonly error: Error | null;
  readonly isLoading: boolean;
  /** Ask again; what is shown stays until the answer is there. */
  readonly again: () => void;
};

/** What a request answers. A new `key` forgets what was there; the same key keeps it while it is asked for again. */
export function useLoaded<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [turn, setTurn] = useState(0);
  const [held, setHeld] = useState<{ key: string | null; value: T | null; error: Error | null }>({
    key: null, value: null, error: null,
  });
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    latest.current(stop.signal).then(
      (value) => { if (!stop.signal.aborted) setHeld({ key, value, error: null }); },
      (error: Error) => {
        if (stop.signal.aborted) return;
        const isGone = error instanceof ApiError;  // a line that broke leaves what was there
        setHeld((was) => ({ key, value: was.key === key && !isGone ? was.value : null, error }));
      },
    );
    return () => stop.abort();
  }, [key, turn]);
  const again = useCallback(() => setTurn((was) => was + 1), []);
  const isSame = held.key === key;
  return {
    value: isSame ? held.value : null,
    error: isSame ? held.error : null,
    isLoading: key !== null && !isSame,
    again,
  };
}
