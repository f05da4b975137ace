import { de } from "./de.ts";
import { en, type TextKey } from "./en.ts";
import type { Locale } from "./locale.ts";

export type { TextKey } from "./en.ts";

export type Values = Readonly<Record<string, string | number>>;

/** Everything that the screens say, in one language and for one time zone. */
export interface Speech {
  readonly locale: Locale;
  text(key: TextKey, values?: Values): string;
  /** Of a code that the hub gave: its text, or the code itself where there is none for it. */
  named(prefix: string, code: string): string;
  /** A decimal amount as the hub writes it, such as "4.95". */
  money(amount: string, currency: string): string;
  /** Amounts by currency; a dash where there are none. */
  amounts(amounts: Readonly<Record<string, string>>): string;
  moment(iso: string): string;
  count(value: number): string;
  percent(share: number): string;
}

const TEXTS = { en, de };

export function speak(locale: Locale, timeZone: string): Speech {
  const texts: Readonly<Record<TextKey, string>> = TEXTS[locale];
  const count = (value: number) => new Intl.NumberFormat(locale).format(value);
  const fill = (text: string, values: Values) =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === "number" ? count(value) : value;
    });
  const money = (amount: string, currency: string) => {
    // Intl reads decimal text digit by digit; its type knows numbers only.
    const exact = amount as `${number}`;
    return new Intl.NumberFormat(locale, { style: "currency", currency }).format(exact);
  };
  return {
    locale,
    text: (key, values = {}) => {
      const single = values.count === 1 ? `${key}.one` : key;
      return fill(isKey(single) ? texts[single] : texts[key], values);
    },
    named: (prefix, code) => {
      const key = `${prefix}.${code}`;
      return isKey(key) ? texts[key] : code;
    },
    money,
    amounts: (amounts) => {
      const all = Object.entries(amounts).map(([currency, amount]) => money(amount, currency));
      return all.length === 0 ? texts["common.none"] : all.join(" · ");
    },
    moment: (iso) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone }).format(new Date(iso)),
    count,
    percent: (share) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(share),
  };
}

function isKey(key: string): key is TextKey {
  return Object.hasOwn(en, key);
}
