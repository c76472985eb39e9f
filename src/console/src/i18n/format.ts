import type { Language } from "./language";

const LOCALE = { zh: "zh-CN", en: "en-GB" } as const;

/** An amount as the currency writes it; bare where no currency is known. */
export function money(amount: string | number, currency: string | null, language: Language): string {
  const style = currency ? ({ style: "currency", currency, currencyDisplay: "narrowSymbol" } as const) : {};
  return new Intl.NumberFormat(LOCALE[language], { ...style, maximumFractionDigits: 2 }).format(Number(amount));
}

/** Date and time, without the year where it is the present one. */
export function instant(at: string, language: Language, now: Date): string {
  const date = new Date(at);
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return new Intl.DateTimeFormat(LOCALE[language], {
    ...year, month: language === "zh" ? "numeric" : "short", day: "numeric", hour: "2-digit", minute: "2-digit",
    hourCycle: "h23",
  }).format(date);
}

const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60]] as const;

/** How long until then, in its two largest units; the sign is told apart. */
export function span(seconds: number, language: Language): string {
  const parts: string[] = [];
  let left = Math.abs(seconds);
  for (const [unit, size] of UNITS) {
    const whole = Math.floor(left / size);
    if (whole === 0 && (parts.length > 0 || unit !== "minute")) {
      if (parts.length > 0) break;
      continue;
    }
    left -= whole * size;
    parts.push(new Intl.NumberFormat(LOCALE[language], { style: "unit", unit, unitDisplay: "short" }).format(whole));
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

/** Media time as m:ss.ttt, to the millisecond where `exact`, else to the tenth. */
export function mediaTime(seconds: number, exact = false): string {
  const digits = exact ? 3 : 1;
  const scale = 10 ** digits;
  const whole = Math.round(Math.max(0, seconds) * scale);
  const minutes = Math.floor(whole / (60 * scale));
  const rest = ((whole - minutes * 60 * scale) / scale).toFixed(digits).padStart(digits + 3, "0");
  return `${minutes}:${rest}`;
}

const SIZES = ["B", "kB", "MB", "GB"] as const;

/** A number of bytes. */
export function bytes(count: number): string {
  const step = Math.min(SIZES.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  return `${(count / 1000 ** step).toFixed(step > 1 ? 1 : 0)} ${SIZES[step]}`;
}
