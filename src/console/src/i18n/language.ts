import { createContext, useContext } from "react";
import { TEXTS, type TextKey } from "./texts";

export type Language = "zh" | "en";
export type Say = { readonly zh: string; readonly en: string };

const KEPT = "sixfaces.language";

/** What was chosen here before, else what the browser prefers. */
export function firstLanguage(kept: string | null, preferred: readonly string[]): Language {
  if (kept === "zh" || kept === "en") return kept;
  return preferred.find((one) => /^(zh|en)\b/i.test(one))?.toLowerCase().startsWith("en") ? "en" : "zh";
}

export const keptLanguage = (): Language => firstLanguage(localStorage.getItem(KEPT), navigator.languages);
export const keepLanguage = (language: Language): void => localStorage.setItem(KEPT, language);

export const LanguageContext = createContext<Language>("zh");

export type Words = {
  readonly language: Language;
  /** A text of the pages; `{name}` is filled in. */
  readonly t: (key: TextKey, filled?: Readonly<Record<string, string | number>>) => string;
  /** A text that the product says in both languages. */
  readonly say: (said: Say) => string;
  /** A word of a table; a code that the table does not know stands for itself. */
  readonly term: (table: Readonly<Record<string, Say>>, code: string) => string;
};

export function wordsOf(language: Language): Words {
  return {
    language,
    t: (key, filled = {}) =>
      TEXTS[key][language].replace(/\{(\w+)\}/g, (whole, name: string) => String(filled[name] ?? whole)),
    say: (said) => said[language],
    term: (table, code) => table[code]?.[language] ?? code,
  };
}

export const useWords = (): Words => wordsOf(useContext(LanguageContext));
