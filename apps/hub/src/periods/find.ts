import type { Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { listPeriods, type Period } from "./queries.ts";

/** A period by what people call it, such as 2026-06; the newest of that name. Throws HubError naming those there are. */
export async function findPeriodByName(tx: Tx, args: { companyId: number; name: string }): Promise<Period> {
  const periods = await listPeriods(tx, args.companyId);
  const found = periods.filter((period) => period.name === args.name).at(-1);
  if (found) return found;
  const names = periods.slice(-12).map((period) => period.name);
  const which =
    names.length === 0 ? "none is open yet: `pnpm upline period open 2026-06 --currency USD`" : `there is ${names.join(", ")}`;
  throw new HubError("not-found", `There is no period "${args.name}": ${which}.`);
}
