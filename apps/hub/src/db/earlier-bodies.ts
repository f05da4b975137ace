import { randomBytes } from "node:crypto";
import type postgres from "postgres";
import { SALT_BYTES, type SecretBox } from "../secret-box.ts";
import type { Delivery } from "./schema/inbox.ts";

const BATCH = 200;

/**
 * Seals, as the owner, the bodies that an earlier version wrote into the inbox as they were. The inbox is append-only:
 * its guard is put aside within each transaction, and nothing but the form in which a body is kept changes.
 */
export async function sealEarlierBodies(owner: postgres.Sql, box: SecretBox): Promise<void> {
  for (;;) {
    const sealed = await owner.begin(async (tx) => {
      const rows = await tx<Pick<Delivery, "companyId" | "deliveryId" | "encoding" | "body">[]>`
        select company_id as "companyId", delivery_id as "deliveryId", encoding, body from inbox
         where body is not null order by delivery_id limit ${BATCH} for update skip locked`;
      if (rows.length === 0) return 0;
      await tx`alter table inbox disable trigger append_only`;
      for (const { companyId, deliveryId, encoding, body } of rows) {
        const salt = randomBytes(SALT_BYTES);
        const sealed = box.sealBody(Buffer.from(body ?? "", encoding), salt);
        await tx`update inbox set body = null, sealed = ${sealed} where delivery_id = ${String(deliveryId)}`;
        await tx`
          insert into inbox_groups (company_id, group_no, delivery_ids, salts)
          values (${companyId}, ${String(deliveryId)}, array[${String(deliveryId)}::bigint], ${salt})
          on conflict (company_id, group_no) do update set salts = excluded.salts`;
      }
      await tx`alter table inbox enable trigger append_only`;
      return rows.length;
    });
    if (sealed === 0) return;
  }
}
