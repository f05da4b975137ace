import { readCode } from "@upline/core";
import { insertAudit } from "../db/audit.ts";
import { asCompany, sqlState } from "../db/connect.ts";
import { HubError, refused } from "../errors.ts";
import { readCodeOwners } from "../network/import-queries.ts";
import { findDistributorNo } from "../network/queries.ts";
import type { HubParts } from "../parts.ts";
import { findStore } from "../stores/queries.ts";
import { insertLink, revokeLink } from "./queries.ts";

export interface NewLink {
  readonly companyId: number;
  readonly name: string;
  readonly code: string;
  readonly storeId?: string | undefined;
  readonly path?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly expiresAt?: Date | undefined;
  /** Of a distributor who is signed in: their own codes only. */
  readonly own: number | undefined;
  readonly actor: string;
}

/** Gives a code one more address, with a place to go to and an end. Audited. Throws HubError. */
export function makeLink({ db }: Pick<HubParts, "db">, link: NewLink): Promise<bigint> {
  const { companyId, own, actor } = link;
  const name = readCode(link.name);
  if ("wrong" in name) throw refused("name", name.wrong);
  const code = readCode(link.code);
  if ("wrong" in code) throw refused("code", code.wrong);
  const path = link.path ?? "/";
  if (!path.startsWith("/") || /^[/\\]{2}|[\\\s]/.test(path)) throw refused("path", "a path in the shop, such as /products/tea");
  return asCompany(db, companyId, async (tx) => {
    const owners = await readCodeOwners(tx, { companyId, foldedCodes: [code.folded, name.folded] });
    const distributorId = owners.get(code.folded);
    const distributorNo = distributorId === undefined ? null : await findDistributorNo(tx, { companyId, distributorId });
    if (distributorNo === null || (own !== undefined && own !== distributorNo))
      throw refused("code", own === undefined ? "no distributor has this code" : "is no code of yours");
    // A code is a link already: a second meaning would send one distributor's customers to another.
    if (owners.has(name.folded)) throw refused("name", "is a referral code: choose a name of its own");
    if (link.storeId !== undefined && (await findStore(tx, { companyId, storeId: link.storeId })) === null)
      throw refused("store", "no store of the company has this id");
    const row = { companyId, name: name.code, foldedName: name.folded, distributorNo, code: code.code, path, tags: link.tags };
    try {
      const linkNo = await tx.savepoint((inner) =>
        insertLink(inner, { ...row, storeId: link.storeId ?? null, expiresAt: link.expiresAt ?? null, madeBy: actor }),
      );
      await insertAudit(tx, {
        companyId,
        actor,
        act: "link.create",
        subject: String(linkNo),
        details: { name: name.code, code: code.code },
      });
      return linkNo;
    } catch (error) {
      if (sqlState(error) !== "23505") throw error;
      throw new HubError("conflict", `A link is called "${name.code}" already: choose another name.`, {
        fields: [{ path: "name", message: "is taken" }],
      });
    }
  }) as Promise<bigint>;
}

/** Takes a link back: it leads to the shop still, for nobody. Audited. Throws HubError. */
export async function withdrawLink(
  { db }: Pick<HubParts, "db">,
  args: { readonly companyId: number; readonly linkNo: bigint; readonly own: number | undefined; readonly actor: string },
): Promise<void> {
  const { companyId, linkNo, own, actor } = args;
  await asCompany(db, companyId, async (tx) => {
    if (!(await revokeLink(tx, { companyId, linkNo, distributorNo: own })))
      throw new HubError("not-found", "There is no such link. GET /api/referrals/links lists them.");
    await insertAudit(tx, { companyId, actor, act: "link.revoke", subject: String(linkNo) });
  });
}
