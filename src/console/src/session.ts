import { createContext, useContext } from "react";
import type { SessionView } from "./api/types";

export const SessionContext = createContext<SessionView | null>(null);

export const useSession = (): SessionView | null => useContext(SessionContext);
