import { raiseDirectoryVersion } from "../companies/directory.ts";
import { lockCompany } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { HubError, refused } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { NOTHING, readCodeOwners, readKnown, writeNetwork } from "./import-queries.ts";
import { checkCode } from "./rows.ts";

/** Gives a distributor one more referral code. False where they have it already. Throws HubError where it is another's. */
export async function addCode(
  parts: Pick<HubParts, "db">,
  args: { readonly companyId: number; readonly distributorId: string; readonly code: string; readonly actor: string },
): Promise<{ added: boolean }> {
  const { companyId, distributorId, actor } = args;
  const checked = checkCode(args.code);
  if ("wrong" in checked) {
    throw refused("code", checked.wrong, `${checked.wrong}.`);
  }
  return asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    const known = await readKnown(tx, { companyId, distributorIds: [distributorId], at: new Date() });
    const distributor = known.get(distributorId);
    if (!distributor) throw new HubError("not-found", `No distributor has the id "${distributorId}".`);
    const owners = await readCodeOwners(tx, { companyId, foldedCodes: [checked.foldedCode] });
    const owner = owners.get(checked.foldedCode);
    if (owner === distributorId) return { added: false };
    if (owner !== undefined) {
      throw new HubError("conflict", `The code "${checked.code}" is already that of distributor ${owner}: choose another.`, {
        fields: [{ path: "code", message: "is taken" }],
      });
    }
    const version = await raiseDirectoryVersion(tx, companyId);
    const codes = [{ distributorNo: distributor.distributorNo, ...checked }];
    await writeNetwork(tx, { companyId, version }, { ...NOTHING, codes });
    await insertAudit(tx, { companyId, actor, act: "code.add", subject: distributorId, details: { code: checked.code } });
    return { added: true };
  });
}
