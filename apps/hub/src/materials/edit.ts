import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { type MATERIAL_KINDS, PICTURE_TYPES } from "../db/schema/portal.ts";
import { HubError, refused } from "../errors.ts";
import { readPictureBytes } from "../http/picture.ts";
import type { HubParts } from "../parts.ts";
import { insertMaterial, updateMaterial } from "./queries.ts";

/** A picture of more is refused: it would be slow on every phone. */
const PICTURE = { field: "picture", types: PICTURE_TYPES, mostBytes: 2 * 2 ** 20, most: "2 MB" } as const;

export interface NewMaterial {
  readonly companyId: number;
  readonly actor: string;
  readonly kind: (typeof MATERIAL_KINDS)[number];
  readonly title: string;
  readonly body: string;
  /** Base64, of a picture. */
  readonly picture?: string | undefined;
}

/** Offers something to all distributors. Audited. Throws HubError. */
export function addMaterial({ db }: Pick<HubParts, "db">, given: NewMaterial): Promise<bigint> {
  const { companyId, actor, kind, title, body } = given;
  checkBody(kind, body);
  const picture = kind === "picture" ? readPictureBytes(given.picture ?? "", PICTURE) : null;
  if (kind !== "picture" && given.picture !== undefined) throw refused("picture", "belongs to the kind picture only");
  return asCompany(db, companyId, async (tx) => {
    const stored = { picture: picture?.bytes ?? null, pictureType: picture?.type ?? null };
    const materialNo = await insertMaterial(tx, { companyId, kind, title, body, ...stored, madeBy: actor });
    await insertAudit(tx, { companyId, actor, act: "material.add", subject: String(materialNo), details: { kind, title } });
    return materialNo;
  }) as Promise<bigint>;
}

export async function changeMaterial(
  { db }: Pick<HubParts, "db">,
  args: Pick<NewMaterial, "companyId" | "actor" | "kind"> & {
    readonly materialNo: bigint;
    readonly change: { readonly title: string; readonly body: string } | "withdraw";
  },
): Promise<void> {
  const { companyId, actor, materialNo, change } = args;
  if (change !== "withdraw") checkBody(args.kind, change.body);
  await asCompany(db, companyId, async (tx) => {
    if (!(await updateMaterial(tx, { companyId, materialNo }, change)))
      throw new HubError("not-found", "There is no such material. GET /api/materials lists them.");
    const act = change === "withdraw" ? "material.withdraw" : "material.change";
    await insertAudit(tx, { companyId, actor, act, subject: String(materialNo) });
  });
}

function checkBody(kind: NewMaterial["kind"], body: string): void {
  if (kind === "text" && body === "") throw refused("body", "write the text that distributors are to hand on");
  if (kind === "link" && (!URL.canParse(body) || !/^https?:$/.test(new URL(body).protocol)))
    throw refused("body", "write the address that it leads to, such as https://acme.example/guide");
}
