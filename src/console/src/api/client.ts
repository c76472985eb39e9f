import type { Problem } from "./types";

/** What the API answered instead: its own words, in the language that was asked for. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.detail);
    this.status = status;
    this.problem = problem;
  }
}

/** The server cannot be reached. */
export class OfflineError extends Error {}

export type Answer<T> = { readonly body: T; readonly etag: string | null };

let language = "zh";
let onSignedOut: () => void = () => undefined;

export const askIn = (chosen: string): void => void (language = chosen);
/** What is done when the session is over. */
export const whenSignedOut = (done: () => void): void => void (onSignedOut = done);

type Sent = { method?: string; body?: unknown; headers?: Record<string, string>; signal?: AbortSignal | undefined };

/** One request to the API. Writes carry the header that no other site can set. */
export async function ask<T>(path: string, sent: Sent = {}): Promise<Answer<T>> {
  const method = sent.method ?? "GET";
  const headers: Record<string, string> = { "accept-language": language, ...sent.headers };
  if (method !== "GET") headers["sixfaces-console"] = "1";
  if (sent.body !== undefined) headers["content-type"] = "application/json";
  const body = sent.body === undefined ? null : JSON.stringify(sent.body);
  let response: Response;
  try {
    response = await fetch(path, { method, headers, body, signal: sent.signal ?? null, credentials: "same-origin" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new OfflineError();
  }
  if (!response.ok) throw await refused(response, "authorization" in headers);
  const told = response.status === 204 ? null : await response.json();
  return { body: told as T, etag: response.headers.get("etag") };
}

async function refused(response: Response, isSigningIn: boolean): Promise<ApiError> {
  const problem = (await response.json().catch(() => null)) as Problem | null;
  if (response.status === 401 && !isSigningIn) onSignedOut();
  const unknown = { type: "", title: response.statusText, status: response.status, code: "", fix: "" };
  return new ApiError(response.status, problem ?? { ...unknown, detail: response.statusText });
}

export const get = async <T>(path: string, signal?: AbortSignal, headers: Record<string, string> = {}): Promise<T> =>
  (await ask<T>(path, { signal, headers })).body;
