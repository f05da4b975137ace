import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { EnvError } from "../env.ts";
import type { SecretBox } from "../secret-box.ts";
import type { Tx } from "./connect.ts";
import { refuseOtherKeys } from "./logins.ts";
import type { Company } from "./schema/companies.ts";
import type { HubKey } from "./schema/hub-key.ts";
import { SESSION } from "./session.ts";

/**
 * Which secret key seals is the database's to say: several hubs work on it, and while a key is being replaced some of
 * them do not have the new one yet. Who seals holds a shared lock, so that a rotation sees what was sealed before it.
 */
const LOCK = 7_314_004;

/** Answers what seals for this transaction. */
export async function sealerOf(tx: Tx, box: SecretBox): Promise<(text: string) => Buffer> {
  await tx`select pg_advisory_xact_lock_shared(${LOCK})`;
  const [row] = await tx<Pick<HubKey, "keyId">[]>`select key_id as "keyId" from hub_key`;
  return (text) => box.seal(text, row?.keyId);
}

type Kept = Pick<HubKey, "keyId" | "bodyKey">;

/**
 * Sees, as the owner, that the secret key is the one that this database's secrets were sealed with, and takes the key of
 * bodies from it. Throws EnvError with a sentence where it is another one.
 */
export async function unlock(owner: postgres.Sql, box: SecretBox): Promise<void> {
  const kept = (await readKey(owner)) ?? (await firstKey(owner, box));
  const bodyKey = box.keyIds.includes(kept.keyId) ? box.openWith(kept.keyId, kept.bodyKey) : null;
  if (bodyKey === null) throw wrongKey(box, `the key ${kept.keyId}`);
  box.useBodyKey(bodyKey);
}

async function readKey(owner: postgres.Sql): Promise<Kept | undefined> {
  const [row] = await owner<Kept[]>`select key_id as "keyId", body_key as "bodyKey" from hub_key`;
  return row;
}

/** A database from before this was kept shows by what it sealed which key is right. */
async function firstKey(owner: postgres.Sql, box: SecretBox): Promise<Kept> {
  const [company] = await owner<Pick<Company, "buyerKey">[]>`
    select buyer_key as "buyerKey" from companies order by company_id limit 1`;
  const keyId = company ? box.keyIds.find((known) => box.openWith(known, company.buyerKey) !== null) : box.keyId;
  if (keyId === undefined) throw wrongKey(box, "another key");
  const bodyKey = box.seal(randomBytes(32).toString("base64"), keyId);
  await owner`insert into hub_key (key_id, body_key) values (${keyId}, ${bodyKey}) on conflict do nothing`;
  return (await readKey(owner)) ?? { keyId, bodyKey };
}

function wrongKey(box: SecretBox, sealedWith: string): EnvError {
  return new EnvError(
    `UPLINE_SECRET_KEY is not the one that this database's secrets were sealed with: that is ${sealedWith}, this is ${box.keyIds.join(", ")}. ` +
      "Nothing was changed. Set the right key again (with the embedded database it is in secret.key of the data folder); " +
      "a new one comes into use with `upline secret rotate`, while UPLINE_PREVIOUS_SECRET_KEYS holds the one before.",
  );
}

export interface Rotation {
  /** The key that everything is sealed with now. */
  readonly keyId: string;
  readonly resealed: number;
  /** False where that key was in use already. */
  readonly changed: boolean;
}

/** Every column that holds something sealed. */
const SEALED = [
  { table: "companies", column: "buyer_key", key: ["company_id"] },
  { table: "store_secrets", column: "ciphertext", key: ["company_id", "store_id", "secret_no"] },
  { table: "store_access", column: "rest_key_ciphertext", key: ["company_id", "store_id"] },
  { table: "distributors", column: "tax_id_ciphertext", key: ["company_id", "distributor_no"] },
  { table: "enrolments", column: "email_ciphertext", key: ["company_id", "enrolment_no"] },
  { table: "enrolments", column: "answers_ciphertext", key: ["company_id", "enrolment_no"] },
] as const;

/**
 * Seals everything anew with the newest key, in one transaction, while hubs go on: each opens what either key sealed.
 * Throws EnvError where something can be opened with none of the keys, or a hub that may lack the newest is still at work.
 */
export async function rotate(ownerUrl: string, box: SecretBox): Promise<Rotation> {
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => {}, connection: SESSION });
  try {
    return await owner.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${LOCK})`;
      const [kept] = await tx<Kept[]>`select key_id as "keyId", body_key as "bodyKey" from hub_key for update`;
      if (kept === undefined) throw new Error("the database was not opened with a secret key yet");
      const changed = kept.keyId !== box.keyId;
      if (changed) {
        await refuseOtherKeys(tx, box.keyId);
        await tx`update hub_key set key_id = ${box.keyId}, body_key = ${box.seal(box.open(kept.bodyKey))}`;
      }
      let resealed = 0;
      for (const place of SEALED) resealed += await resealAll(tx, box, place);
      const companies = await tx<Pick<Company, "companyId">[]>`select company_id as "companyId" from companies`;
      for (const { companyId } of changed ? companies : [])
        await tx`insert into audit_log (company_id, actor, act, subject) values (${companyId}, 'operator', 'secret.rotate', ${box.keyId})`;
      return { keyId: box.keyId, resealed, changed };
    });
  } finally {
    await owner.end();
  }
}

const BATCH = 1_000;

async function resealAll(
  tx: postgres.TransactionSql,
  box: SecretBox,
  { table, column, key }: (typeof SEALED)[number],
): Promise<number> {
  let resealed = 0;
  const where = key.map((name, index) => `${name} = $${index + 2}`).join(" and ");
  await tx.unsafe(
    `declare sealed no scroll cursor for select ${[...key, column].join(", ")} from ${table} where ${column} is not null`,
  );
  for (;;) {
    const rows = await tx.unsafe(`fetch ${BATCH} from sealed`);
    if (rows.length === 0) break;
    for (const row of rows) {
      const sealed = row[column] as Buffer;
      if (box.openWith(box.keyId, sealed) !== null) continue;
      const named = key.map((name) => row[name] as string | number);
      await tx.unsafe(`update ${table} set ${column} = $1 where ${where}`, [box.seal(box.open(sealed)), ...named]);
      resealed++;
    }
  }
  await tx.unsafe("close sealed");
  return resealed;
}
