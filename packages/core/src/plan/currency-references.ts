import { isCurrency } from "../money.ts";
import { reason } from "../reasons/reason.ts";
import { type Finding, findingOf } from "./finding.ts";
import type { KnownNames } from "./known-names.ts";
import type { Plan } from "./schema.ts";

/** What a plan's currency says that cannot be. */
export function currencyReferences(known: KnownNames): void {
  const { currency } = known.plan;
  if (currency === undefined) return;
  const check = (code: string, path: string): void => {
    if (!isCurrency(code)) known.add(path, `is "${code}", which is no currency`, 'an ISO 4217 code such as "EUR"');
  };
  check(currency.plan, "currency.plan");
  const { orders, payout } = currency;
  const tables = [
    ...(orders.mode === "pegged" ? [["currency.orders.rates", orders.rates] as const] : []),
    ...(payout?.mode === "pegged" ? [["currency.payout.rates", payout.rates] as const] : []),
  ];
  for (const [path, rates] of tables) {
    for (const code of Object.keys(rates)) {
      check(code, `${path}.${code}`);
      if (code === currency.plan)
        known.add(`${path}.${code}`, "is the plan's own currency, which needs no rate", "the other currencies only");
    }
  }
  if (payout?.mode !== "blended") return;
  for (const [home, { currency: code, rates }] of Object.entries(payout.homes)) {
    check(code, `currency.payout.homes.${home}.currency`);
    if (rates[home] === undefined)
      known.add(`currency.payout.homes.${home}.rates`, `has no rate of its own market "${home}"`, `a rate for "${home}"`);
  }
}

/** Fixed amounts that a plan with a currency states in others only. */
export function currencyFindings(plan: Plan): Finding[] {
  const { currency } = plan;
  if (currency === undefined) return [];
  const found: Finding[] = [];
  const look = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    const entries = Object.entries(value);
    if (entries.length > 0 && entries.every(([key, text]) => isCurrency(key) && typeof text === "string")) {
      if (!(currency.plan in value))
        found.push(
          findingOf("error", "currency", path, {
            wrong: reason("amounts-elsewhere", {
              currencies: entries.map(([key]) => key).join(", "),
              currency: currency.plan,
            }),
            right: reason("amount-in", { currency: currency.plan }),
          }),
        );
      return;
    }
    for (const [key, part] of entries) look(part, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`);
  };
  plan.bonuses.forEach((bonus, i) => {
    look(bonus, `bonuses[${i}]`);
  });
  plan.caps?.forEach((cap, i) => {
    look(cap, `caps[${i}]`);
  });
  if (currency.orders.mode === "pegged" && Object.keys(currency.orders.rates).length === 0)
    found.push(
      findingOf("warning", "currency", "currency.orders.rates", { wrong: reason("no-rates"), right: reason("rates-or-dated") }),
    );
  return found;
}
