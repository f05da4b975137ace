import { decimal, graphDecimal, presented } from "./money.ts";
import type { Order } from "./order.ts";

/** How times, ids and money are written on the wire, in REST-shaped bodies and in GraphQL. */

/** Shopify's seconds: it keeps no smaller unit. */
export const wholeSeconds = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000);

export const utc = (date: Date): string => wholeSeconds(date).toISOString().replace(".000Z", "Z");

/** The shop's own time with its offset, as REST-shaped bodies write it. */
export function shopTime(date: Date, timeZone: string): string {
  const seconds = wholeSeconds(date);
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(seconds);
  const offset = Math.round((Date.parse(`${parts.replace(" ", "T")}Z`) - seconds.getTime()) / 60_000);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${parts.replace(" ", "T")}${offset < 0 ? "-" : "+"}${hours}:${minutes}`;
}

export const gid = (kind: string, id: string): string => `gid://shopify/${kind}/${id}`;

/** The kind and the digits of a gid, or of digits alone. */
export function readGid(text: string): { kind: string | null; id: string } {
  const match = /^gid:\/\/shopify\/(\w+)\/(\d+)/.exec(text);
  return match ? { kind: match[1] ?? null, id: match[2] ?? "" } : { kind: null, id: text };
}

/** A number on the wire whose digits exceed a double's: `restText` writes it without quotes. */
export const number = (digits: string): string => `number:${digits}`;

export const restText = (body: unknown): string => JSON.stringify(body).replace(/"number:(-?\d+(?:\.\d+)?)"/g, "$1");

export function moneySet(order: Pick<Order, "currency" | "presentment">, minor: bigint) {
  const { currency, presentment } = order;
  return {
    shop_money: { amount: decimal(minor, currency), currency_code: currency },
    presentment_money: {
      amount: decimal(presented(minor, currency, presentment), presentment.currency),
      currency_code: presentment.currency,
    },
  };
}

export function moneyBag(order: Pick<Order, "currency" | "presentment">, minor: bigint) {
  const { currency, presentment } = order;
  return {
    shopMoney: { amount: graphDecimal(minor, currency), currencyCode: currency },
    presentmentMoney: {
      amount: graphDecimal(presented(minor, currency, presentment), presentment.currency),
      currencyCode: presentment.currency,
    },
  };
}
