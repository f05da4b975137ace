import { textProblem } from "@upline/core";
import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { HubError, refused } from "../errors.ts";
import { newApiKey, SCOPES, type Scope } from "../http/auth.ts";
import type { HubParts } from "../parts.ts";
import { readOwner } from "./owner.ts";
import { insertKey, revokeKeys } from "./queries.ts";

interface NewKey {
  readonly companyId: number;
  readonly name: string;
  readonly scopes: readonly string[];
  /** The person it belongs to. A key that does not administer may do without, and is its own. */
  readonly owner?: string | undefined;
  /** Whoever makes it while signed in: two keys of theirs, and they themselves, are one person. */
  readonly personId?: string;
  readonly actor: string;
}

/** Makes an API key. The key itself is in the answer only: its hash is what is stored. */
export async function createKey(parts: Pick<HubParts, "db">, args: NewKey): Promise<{ key: string; prefix: string }> {
  const { companyId, actor, personId = null } = args;
  const name = args.name.trim();
  const scopes = [...new Set(args.scopes)];
  const unknown = scopes.find((scope) => !SCOPES.includes(scope as Scope));
  if (unknown !== undefined || scopes.length === 0) {
    const message = `one or more of ${SCOPES.join(", ")}`;
    throw refused("scopes", message, `${unknown === undefined ? "No scope" : `The scope "${unknown}"`}: give ${message}.`);
  }
  if (name === "" || textProblem(name, 100) !== null) {
    throw refused("name", "1 to 100 characters", "A key needs a name of 1 to 100 characters that says what uses it.");
  }
  if (args.owner === undefined && scopes.includes("admin")) {
    const message = "the person it belongs to";
    throw refused("owner", message, `A key with the scope admin needs an owner, ${message}: add --owner <person>.`);
  }
  const owner = readOwner(args.owner ?? name);
  const { key, keyHash, prefix } = newApiKey();
  await asCompany(parts.db, companyId, async (tx) => {
    await insertKey(tx, { companyId, keyHash, prefix, name, owner, personId, scopes });
    await insertAudit(tx, { companyId, actor, act: "key.create", subject: prefix, details: { name, scopes } });
  });
  return { key, prefix };
}

/** Makes a key useless at once. Throws HubError where no valid key begins so. */
export async function revokeKey(
  parts: Pick<HubParts, "db">,
  args: { readonly companyId: number; readonly prefix: string; readonly actor: string },
): Promise<void> {
  const { companyId, prefix, actor } = args;
  await asCompany(parts.db, companyId, async (tx) => {
    const revoked = await revokeKeys(tx, { companyId, prefix });
    if (revoked === 0) throw new HubError("not-found", `No valid key begins with ${prefix}: see \`pnpm upline key list\`.`);
    await insertAudit(tx, { companyId, actor, act: "key.revoke", subject: prefix });
  });
}
