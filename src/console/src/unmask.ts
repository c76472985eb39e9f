import { createContext, useContext, useMemo } from "react";
import { pictureAddress } from "./evidence";

/** Why personal data of a case has to be seen: the API enters it in the custody log before it shows anything. */
export const REASONS = ["footage", "label", "contact", "identity", "authority"] as const;
export type UnmaskReason = (typeof REASONS)[number];

/** The reason that holds on this page; nothing is unmasked for later, so each request states it. */
export const UnmaskContext = createContext<UnmaskReason | null>(null);

export const headersOf = (reason: UnmaskReason | null): Record<string, string> => (reason ? { unmask: reason } : {});

export type Addresses = {
  readonly picture: (exhibitId: string, image: string) => string;
  readonly original: (exhibitId: string) => string;
};

/** Addresses of what players and pictures ask for: they can send no header. */
export function useAddresses(): Addresses {
  const reason = useContext(UnmaskContext);
  return useMemo(() => {
    const query = reason ? `?unmask=${reason}` : "";
    return {
      picture: (exhibitId, image) => pictureAddress(exhibitId, image) + query,
      original: (exhibitId) => `v1/exhibits/${exhibitId}/original${query}`,
    };
  }, [reason]);
}
