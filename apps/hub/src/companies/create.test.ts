import { planHash as hashOf, parsePlan } from "@upline/core";
import postgres from "postgres";
import { afterAll, assert, beforeAll, describe, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { createKey, revokeKey } from "../keys/create.ts";
import { listKeys } from "../keys/queries.ts";
import { publishPlan } from "../plans/publish.ts";
import { listPlans } from "../plans/queries.ts";
import { addStore } from "../stores/add.ts";
import { hostOf } from "../stores/domain.ts";
import { findStoreAtDoor, listStores } from "../stores/queries.ts";
import { TEST_PLAN } from "../testing/test-company.ts";
import { openTestParts, type TestParts } from "../testing/test-parts.ts";
import { createCompany, findCompany } from "./create.ts";

let hub: TestParts;
let owner: postgres.Sql;
let acme: number;
let other: number;

beforeAll(async () => {
  hub = await openTestParts();
  owner = postgres(hub.db.url, { max: 1 });
  acme = (await createCompany(hub, { slug: "acme", name: "Acme" })).companyId;
  other = (await createCompany(hub, { slug: "other", name: "Other" })).companyId;
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const auditOf = async (companyId: number) =>
  (await owner`select act, subject, actor from audit_log where company_id = ${companyId} order by audit_no`).map(
    (row) => `${row.actor} ${row.act} ${row.subject}`,
  );

describe("companies", () => {
  test("are found by slug, each with a buyer key of its own, sealed", async () => {
    expect((await findCompany(hub, "acme"))?.companyId).toBe(acme);
    expect(await findCompany(hub, "nobody")).toBe(null);
    const keys = await owner<{ buyer_key: Buffer }[]>`select buyer_key from companies where company_id in (${acme}, ${other})`;
    const opened = keys.map((row) => hub.box.open(row.buyer_key));
    expect(opened[0]).not.toBe(opened[1]);
    assert.ok(opened.every((key) => Buffer.from(key, "base64").length === 32));
    expect((await auditOf(acme))[0]).toStrictEqual("operator company.create acme");
  });

  test("a taken or unusable slug is refused with the fix", async () => {
    await expect(createCompany(hub, { slug: "acme", name: "Again" })).rejects.toThrow(
      expect.objectContaining({ code: "conflict", message: expect.stringMatching(/choose another slug/) }),
    );
    await expect(createCompany(hub, { slug: "Acme Inc", name: "X" })).rejects.toThrow(
      expect.objectContaining({ code: "unprocessable", message: expect.stringMatching(/2 to 63 of a-z/) }),
    );
    await expect(createCompany(hub, { slug: "fine", name: " " })).rejects.toThrow(
      expect.objectContaining({ code: "unprocessable" }),
    );
  });
});

describe("stores", () => {
  const publicUrl = "https://hub.example.com/";

  test("get an id, an ingest URL and a secret that is stored sealed only", async () => {
    const added = await addStore(hub, {
      companyId: acme,
      platform: "woocommerce",
      domain: "https://Shop.Example.com/cart?x=1",
      publicUrl,
    });
    expect(added.storeId).toMatch(/^st_[\w-]{16}$/);
    expect(added.ingestUrl).toBe(`https://hub.example.com/ingest/woocommerce/${added.storeId}`);
    expect(added.secret ?? "").toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    const atDoor = await findStoreAtDoor(hub.db.gate, hub.box, { storeId: added.storeId });
    expect([atDoor?.companyId, atDoor?.domain, atDoor?.secrets]).toStrictEqual([acme, "shop.example.com", [added.secret]]);
    const stored = JSON.stringify(
      await owner`select s::text, x::text, l::text from stores s join store_secrets x using (store_id) join audit_log l on true`,
    );
    assert.ok(!stored.includes(added.secret as string));
  });

  test("a Shopify store keeps the secret it came with, or is signed by the app's", async () => {
    const given = await addStore(hub, {
      companyId: acme,
      platform: "shopify",
      domain: "a.myshopify.com",
      secret: "s3cret",
      publicUrl,
    });
    expect(given.secret).toBe("s3cret");
    expect(given.appIngestUrl).toBe("https://hub.example.com/ingest/shopify");
    const byApp = await addStore(hub, { companyId: acme, platform: "shopify", domain: "b.myshopify.com", publicUrl });
    expect(byApp.secret).toBe(null);
    const alone = { ...hub, env: { ...hub.env, shopifyAppSecrets: [] } };
    const adding = addStore(alone, { companyId: acme, platform: "shopify", domain: "c.myshopify.com", publicUrl });
    await expect(adding).rejects.toThrow(
      expect.objectContaining({ code: "unprocessable", message: expect.stringMatching(/UPLINE_SHOPIFY_APP_SECRETS/) }),
    );
  });

  test("a domain is taken once, whichever company has it, and the answer does not tell which", async () => {
    await addStore(hub, { companyId: acme, platform: "magento", domain: "m.example.com", publicUrl });
    const messageOf = (companyId: number) =>
      addStore(hub, { companyId, platform: "magento", domain: "M.example.com", publicUrl }).then(
        () => "added",
        (error) => `${error.code}: ${error.message}`,
      );
    expect(await messageOf(acme)).toMatch(/^conflict: .*m\.example\.com is connected already: disconnect/);
    expect(await messageOf(other)).toBe(await messageOf(acme));
    expect(
      (await asCompany(hub.db, other, (tx) => listStores(tx, acme))).length,
      "another company's stores are never visible",
    ).toBe(0);
  });

  test("hosts", () => {
    expect(hostOf(" HTTP://Shop.Example.com:8080/x ")).toBe("shop.example.com:8080");
    expect(hostOf("Müller.example")).toBe("xn--mller-kva.example");
    for (const text of ["", " ", "a b", "https://", "user@host"])
      expect(() => hostOf(text), text).toThrow(expect.objectContaining({ code: "unprocessable" }));
  });
});

describe("keys", () => {
  test("are shown once, stored as a hash, and revoked by their beginning", async () => {
    const { key, prefix } = await createKey(hub, {
      companyId: acme,
      name: "console",
      scopes: ["read", "orders", "read"],
      actor: "test",
    });
    assert.ok(key.startsWith(prefix));
    const keys = () => asCompany(hub.db, acme, (tx) => listKeys(tx, acme));
    expect((await keys()).map((one) => [one.prefix, one.scopes, one.revokedAt])).toStrictEqual([
      [prefix, ["read", "orders"], null],
    ]);
    await expect(revokeKey(hub, { companyId: other, prefix, actor: "test" })).rejects.toThrow(
      expect.objectContaining({ code: "not-found" }),
    );
    await revokeKey(hub, { companyId: acme, prefix, actor: "test" });
    assert.ok((await keys())[0]?.revokedAt instanceof Date);
    await expect(revokeKey(hub, { companyId: acme, prefix, actor: "test" })).rejects.toThrow(
      expect.objectContaining({ code: "not-found" }),
    );
    assert.ok((await auditOf(acme)).includes(`test key.revoke ${prefix}`));
  });

  test("scopes and names are checked", async () => {
    for (const scopes of [[], ["root"]])
      await expect(createKey(hub, { companyId: acme, name: "x", scopes, actor: "test" })).rejects.toThrow(
        expect.objectContaining({ code: "unprocessable", message: expect.stringMatching(/read, orders, admin/) }),
      );
    for (const owner of [undefined, " \u200b ", "x".repeat(101), "a\u0000b"])
      await expect(createKey(hub, { companyId: acme, name: "x", scopes: ["admin"], owner, actor: "test" })).rejects.toThrow(
        expect.objectContaining({ code: "unprocessable", fields: [expect.objectContaining({ path: "owner" })] }),
      );
    await expect(createKey(hub, { companyId: acme, name: " ", scopes: ["read"], actor: "test" })).rejects.toThrow(
      expect.objectContaining({ code: "unprocessable" }),
    );
  });
});

describe("plans", () => {
  const publish = (document: unknown, effectiveFrom = new Date("2026-01-01T00:00:00Z")) =>
    publishPlan(hub, { companyId: acme, document, effectiveFrom, actor: "test" });

  test("the same content twice is published once; other content under its version is refused", async () => {
    const first = await publish(TEST_PLAN);
    expect([first.published, first.version, first.planHash]).toStrictEqual([true, 1, hashOf(parsePlan(TEST_PLAN))]);
    const again = await publish({ ...TEST_PLAN });
    expect([again.published, again.effectiveFrom.toISOString()]).toStrictEqual([false, "2026-01-01T00:00:00.000Z"]);
    await expect(publish({ ...TEST_PLAN, name: "Other" })).rejects.toThrow(
      expect.objectContaining({ code: "conflict", message: expect.stringMatching(/Publish this as version 2/) }),
    );
    const second = await publish({ ...TEST_PLAN, name: "Other", version: 2 }, new Date("2027-01-01T00:00:00Z"));
    expect(second.published).toBe(true);
    const stored = await asCompany(hub.db, acme, (tx) => listPlans(tx, acme));
    expect(stored.map((one) => one.version)).toStrictEqual([2, 1]);
    expect((await asCompany(hub.db, other, (tx) => listPlans(tx, acme))).length).toBe(0);
  });

  test("a stored document hashes as it was published", async () => {
    const [row] = await owner`select plan_hash, document from plans where company_id = ${acme} order by version limit 1`;
    expect(hashOf(parsePlan(row?.document))).toBe(row?.plan_hash);
  });

  test("everything wrong in a document is told at once", async () => {
    await expect(publish({ ...TEST_PLAN, rounding: "up", version: 0 })).rejects.toThrow(
      expect.toSatisfy((error: { code: string; fields: { path: string }[] }) => {
        expect(error.code).toBe("unprocessable");
        expect(error.fields.map((field) => field.path).sort()).toStrictEqual(["rounding", "version"]);
        return true;
      }),
    );
  });

  test("what is published never changes, not even for the database's owner", async () => {
    await expect(owner`update plans set version = 9`).rejects.toThrow(expect.objectContaining({ code: "23001" }));
  });
});
