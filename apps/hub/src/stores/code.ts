import { randomBytes } from "node:crypto";
import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { sha256 } from "../secret-box.ts";
import { insertConnectionCode } from "./connection-queries.ts";

export const CODE_HOURS = 24;

/**
 * Makes a one-time code that connects a shop to the company: the hub's own address, a full stop and
 * 24 random bytes, so that pasting it alone is enough. Only the random part's hash is kept.
 */
export async function makeConnectionCode(
  parts: Pick<HubParts, "db">,
  args: { readonly companyId: number; readonly publicUrl: string; readonly actor: string },
): Promise<{ code: string; expiresAt: Date }> {
  const { companyId, publicUrl, actor } = args;
  const { origin, pathname } = new URL(publicUrl);
  if (pathname !== "/")
    throw new HubError(
      "unprocessable",
      "UPLINE_PUBLIC_URL has a path: a shop's plugin reaches a hub at the top of its host only.",
    );
  const random = randomBytes(24).toString("base64url");
  const expiresAt = new Date(Date.now() + CODE_HOURS * 3_600_000);
  await asCompany(parts.db, companyId, async (tx) => {
    await insertConnectionCode(tx, { companyId, codeHash: sha256(random), madeBy: actor, expiresAt });
    await insertAudit(tx, { companyId, actor, act: "connection-code.create", subject: "connection-code" });
  });
  return { code: `${Buffer.from(origin).toString("base64url")}.${random}`, expiresAt };
}

/** The hash by which a pasted code is found. The part before the full stop only says where the hub is. */
export function hashOfCode(code: string): Buffer | null {
  const random = /^[\w-]*\.([\w-]{32})$/.exec(code.trim())?.[1];
  return random === undefined ? null : sha256(random);
}
