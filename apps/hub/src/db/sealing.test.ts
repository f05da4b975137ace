import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { createCompany } from "../companies/create.ts";
import { readEnv } from "../env.ts";
import { type Hub, openHub } from "../hub.ts";
import { openSecretBox } from "../secret-box.ts";
import { addStore } from "../stores/add.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { testSettings } from "../testing/test-parts.ts";
import { openDatabase } from "./open.ts";
import { rotate } from "./sealing.ts";

const newKey = () => randomBytes(32).toString("base64");

function settings(url: string, key: string, ...previous: string[]) {
  return readEnv({ ...testSettings(url), UPLINE_SECRET_KEY: key, UPLINE_PREVIOUS_SECRET_KEYS: previous.join(",") });
}

async function freshDatabase(): Promise<string> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

async function started(url: string, key: string, ...previous: string[]): Promise<Hub> {
  return openHub(settings(url, key, ...previous), url);
}

const rotateTo = (url: string, key: string, ...previous: string[]) => rotate(url, openSecretBox(settings(url, key, ...previous)));

test("a wrong secret key makes the start fail with a sentence, also on a database from before the check was kept", async () => {
  const url = await freshDatabase();
  const right = newKey();
  const hub = await started(url, right);
  await createCompany(hub, { slug: "acme", name: "Acme" });
  await hub.close();
  const wrong = /UPLINE_SECRET_KEY is not the one/;
  await expect(started(url, newKey())).rejects.toThrow(wrong);
  const owner = postgres(url, { max: 1 });
  await owner`delete from hub_key`;
  await owner.end();
  await expect(started(url, newKey())).rejects.toThrow(wrong);
  await (await started(url, right)).close();
  await expect(started(url, newKey())).rejects.toThrow(wrong);
});

test("while a key is replaced, two hubs of one database go on with either, and the other database of the cluster is left alone", async () => {
  const [url, otherUrl] = [await freshDatabase(), await freshDatabase()];
  const [old, fresh] = [newKey(), newKey()];
  const bystander = await started(otherUrl, old);
  onTestFinished(() => bystander.close());
  await createCompany(bystander, { slug: "other", name: "Other" });
  const first = await started(url, old);
  const second = await started(url, old);
  const { companyId } = await createCompany(first, { slug: "acme", name: "Acme" });
  const add = (hub: Hub, domain: string) =>
    addStore(hub, { companyId, platform: "woocommerce", domain, publicUrl: "http://hub.test" });
  const woo = recordedLives().find((life) => life.platform === "woocommerce");
  if (!woo) throw new Error("fixtures are missing");
  const delivered = async (hub: Hub, store: Awaited<ReturnType<typeof add>>) => {
    const { path, init } = signedRequest({ ...store, ingestPath: `/ingest/woocommerce/${store.storeId}` } as never, woo);
    return (await hub.app.request(path, init)).status;
  };
  const before = await add(first, "before.example");
  // One after the other, the hubs get both keys.
  await first.close();
  const firstAgain = await started(url, fresh, old);
  onTestFinished(() => firstAgain.close());
  const during = await add(firstAgain, "during.example");
  // What a hub with both seals meanwhile, a hub with the old one only can open.
  for (const hub of [firstAgain, second])
    expect(await Promise.all([before, during].map((store) => delivered(hub, store)))).toStrictEqual([200, 200]);
  await expect(rotateTo(url, fresh, old)).rejects.toThrow(/still works with another key.*Restart every hub/s);
  await second.close();
  const secondAgain = await started(url, fresh, old);
  onTestFinished(() => secondAgain.close());
  expect(await rotateTo(url, fresh, old)).toMatchObject({ changed: true, resealed: 3 });
  const after = await add(firstAgain, "after.example");
  for (const hub of [firstAgain, secondAgain])
    expect(await Promise.all([before, during, after].map((store) => delivered(hub, store)))).toStrictEqual([200, 200, 200]);
  expect(await rotateTo(url, fresh, old)).toMatchObject({ changed: false, resealed: 0 });
  // Nothing needs the old key any more, and it opens nothing.
  await (await started(url, fresh)).close();
  await expect(started(url, old)).rejects.toThrow(/UPLINE_SECRET_KEY is not the one/);
  const untouched = await openDatabase(otherUrl, { env: settings(otherUrl, old), box: openSecretBox(settings(otherUrl, old)) });
  await untouched.close();
});

test("no column holds anything sealed that a rotation does not know of", async () => {
  const url = await freshDatabase();
  const owner = postgres(url, { max: 1 });
  onTestFinished(() => owner.end());
  const rows = await owner<{ name: string }[]>`
    select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public' and data_type = 'bytea' order by 1`;
  // Hashes and salts need no rotation, materials and logos are for everybody, and bodies are sealed under the body key, which stays.
  expect(rows.map((row) => row.name)).toStrictEqual([
    "api_keys.key_hash",
    "companies.buyer_key",
    "company_branding.logo",
    "connection_codes.code_hash",
    "distributors.tax_id_ciphertext",
    "enrolments.answers_ciphertext",
    "enrolments.email_ciphertext",
    "enrolments.token_hash",
    "hub_key.body_key",
    "inbox.sealed",
    "inbox_groups.salts",
    "invitations.token_hash",
    "materials.picture",
    "service_keys.key_hash",
    "sign_in_attempts.attempt_hash",
    "store_access.rest_key_ciphertext",
    "store_grants.state_hash",
    "store_secrets.ciphertext",
    "store_tokens.token_hash",
  ]);
});
