export type Theme = "system" | "light" | "dark";

const KEPT = "sixfaces.theme";
const ORDER: readonly Theme[] = ["system", "light", "dark"];

export const keptTheme = (): Theme => ORDER.find((one) => one === localStorage.getItem(KEPT)) ?? "system";
export const nextTheme = (theme: Theme): Theme => ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length]!;

/** Shows it, and keeps it for the next time. */
export function wear(theme: Theme): void {
  localStorage.setItem(KEPT, theme);
  if (theme === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.dataset["theme"] = theme;
}
