import { isCurrency } from "@upline/core";
import { exchangeRate } from "@upline/core/engine";
import { raiseDirectoryVersion } from "../companies/directory.ts";
import { lockCompany } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { insertRate } from "./queries.ts";

export interface NewRate {
  readonly companyId: number;
  readonly from: string;
  readonly to: string;
  /** Of `to` for one of `from`: "1.27151" or "1/1.33333". */
  readonly rate: string;
  readonly validFrom: Date;
  readonly actor: string;
}

/**
 * Sets a rate from a day on. Orders that were computed keep the rate they were locked to; those that wait for one are for
 * `remapQuarantined` afterwards. Throws HubError naming the field.
 */
export async function setRate(parts: Pick<HubParts, "db">, args: NewRate): Promise<void> {
  const { companyId, from, to, rate, validFrom, actor } = args;
  for (const [path, code] of [
    ["from", from],
    ["to", to],
  ] as const)
    if (!isCurrency(code)) throw refused(path, `is no currency: an ISO 4217 code, please, such as "EUR"`);
  if (from === to) throw refused("to", "is the same currency: a rate is between two");
  if (!exchangeRate.safeParse(rate).success)
    throw refused("rate", 'is no rate above 0: such as "1.27151", or "1/1.33333" where it is quoted the other way round');
  await asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    await raiseDirectoryVersion(tx, companyId);
    await insertRate(tx, companyId, { fromCurrency: from, toCurrency: to, rate, validFrom, setBy: actor });
    const details = { rate, validFrom: validFrom.toISOString() };
    await insertAudit(tx, { companyId, actor, act: "rate.set", subject: `${from}>${to}`, details });
  });
}

function refused(path: string, message: string): HubError {
  return new HubError("unprocessable", `${path} ${message}.`, { fields: [{ path, message }] });
}
