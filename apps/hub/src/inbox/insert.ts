import { randomBytes } from "node:crypto";
import type { Database } from "../db/connect.ts";
import { integers, texts } from "../db/row-arrays.ts";
import type { Delivery, InboxGroup } from "../db/schema/inbox.ts";
import { SALT_BYTES, type SecretBox } from "../secret-box.ts";
import { pack } from "./packing.ts";

/** A verified delivery on its way into the inbox; its body as text, or in base64 where it is none. */
export type NewDelivery = Omit<Delivery, "deliveryId" | "receivedAt" | "body" | "sealed" | "packedFrom" | "groupNo"> & {
  readonly body: string;
};
/** What the inbox gave it. */
export type Receipt = Pick<Delivery, "deliveryId" | "receivedAt">;

/**
 * All bodies travel as one value, which the driver sends as it is: as values of their own they would be written out in
 * hexadecimal or copied again and again. The statement is the same for any number of deliveries, so that it is prepared once.
 * The numbers are taken first, in the order given: a group is named by its first delivery.
 */
const INSERT = `
  with given as materialized (
    select nextval('inbox_delivery_id_seq') as delivery_id, u.*
      from unnest($3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::integer[], $9::integer[], $10::integer[]) with ordinality
        as u (company_id, store_id, topic, platform_delivery_id, encoding, starts, length, packed_from, n)),
  grouped as (
    insert into inbox_groups (company_id, group_no, delivery_ids, salts)
    select company_id, min(delivery_id), array_agg(delivery_id order by n),
           string_agg(substr($2::bytea, n::integer * ${SALT_BYTES} - ${SALT_BYTES - 1}, ${SALT_BYTES}), '' order by n)
      from given group by company_id
    returning company_id, group_no),
  kept as (
    insert into inbox (delivery_id, company_id, group_no, store_id, topic, platform_delivery_id, encoding, packed_from, sealed) overriding system value
    select delivery_id, company_id, grouped.group_no, store_id, topic, platform_delivery_id, encoding, packed_from, substr($1::bytea, starts, length)
      from given join grouped using (company_id))
  select array_agg(delivery_id order by n) as "deliveryIds", now() as "receivedAt" from given`;

/** Commits a group of deliveries, each body sealed under a key of its own; ids and times come back in the order given. */
export async function insertDeliveries(
  { db, box }: { readonly db: Pick<Database, "inbox">; readonly box: SecretBox },
  deliveries: readonly NewDelivery[],
): Promise<Receipt[]> {
  const salts = randomBytes(SALT_BYTES * deliveries.length);
  const packed = deliveries.map(({ body, encoding }) => pack(Buffer.from(body, encoding)));
  const sealed = packed.map(({ bytes }, index) =>
    box.sealBody(bytes, salts.subarray(SALT_BYTES * index, SALT_BYTES * (index + 1))),
  );
  let end = 1;
  const starts = sealed.map(({ length }) => {
    end += length;
    return end - length;
  });
  const [row] = await db.inbox.unsafe<(Pick<InboxGroup, "deliveryIds"> & Pick<Delivery, "receivedAt">)[]>(
    INSERT,
    [
      Buffer.concat(sealed),
      salts,
      integers(db.inbox, deliveries, ({ companyId }) => companyId),
      texts(db.inbox, deliveries, ({ storeId }) => storeId),
      texts(db.inbox, deliveries, ({ topic }) => topic),
      texts(db.inbox, deliveries, ({ platformDeliveryId }) => platformDeliveryId),
      texts(db.inbox, deliveries, ({ encoding }) => encoding),
      integers(db.inbox, starts, (start) => start),
      integers(db.inbox, sealed, ({ length }) => length),
      integers(db.inbox, packed, ({ packedFrom }) => packedFrom),
    ],
    { prepare: true },
  );
  if (row === undefined) throw new Error("the inbox gave no numbers");
  const { receivedAt } = row;
  return row.deliveryIds.map((deliveryId) => ({ deliveryId, receivedAt }));
}
