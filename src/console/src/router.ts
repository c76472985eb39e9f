import { useSyncExternalStore } from "react";

export type Route = { readonly page: "queue" } | { readonly page: "case"; readonly id: string } | { readonly page: "missing" };

/** The path behind which the product lies: the server says how far up it is. */
const base = (): string => new URL(document.baseURI).pathname;

/** Which page an address shows; `path` is without the part in front. */
export function routeOf(path: string): Route {
  const parts = path.split("/").filter(Boolean);
  if (parts[0] !== "review") return { page: "missing" };
  if (parts.length === 1) return { page: "queue" };
  if (parts.length === 3 && parts[1] === "cases" && /^[0-9a-f-]{36}$/.test(parts[2]!)) return { page: "case", id: parts[2]! };
  return { page: "missing" };
}

const listeners = new Set<() => void>();
const tell = (): void => listeners.forEach((one) => one());

export function go(path: string, replaced = false): void {
  history[replaced ? "replaceState" : "pushState"](null, "", base() + path);
  tell();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
};

export const useRoute = (): Route => routeOf(useSyncExternalStore(subscribe, () => location.pathname).slice(base().length - 1));
