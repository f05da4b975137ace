import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { SignInBrowser, signedUp } from "../testing/sign-in-browser.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { isBot } from "./bots.ts";
import { ClickBook } from "./click-book.ts";
import { targetOf } from "./target.ts";

let hub: TestHub;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestHub();
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
const follow = async (path: string, headers: Record<string, string> = { "user-agent": BROWSER }) => {
  const answer = await hub.app.request(path, { headers });
  return [answer.status, answer.headers.get("location")];
};

describe("where links lead", () => {
  test("to the company's first shop with the code as it is written, and to the shop and place that are asked for", async () => {
    expect(await follow("/r/anna77")).toStrictEqual([302, "https://upline-demo.myshopify.com/?ref=ANNA77"]);
    expect(await follow("/r/ANNA77/products/tea?utm_campaign=summer&evil=1")).toStrictEqual([
      302,
      "https://upline-demo.myshopify.com/products/tea?ref=ANNA77&utm_campaign=summer",
    ]);
    expect(await follow("/r/ANNA77?shop=shop.example.com")).toStrictEqual([302, "https://shop.example.com/?ref=ANNA77"]);
    expect(await follow("/r/ANNA77?shop=evil.example")).toStrictEqual([302, "https://upline-demo.myshopify.com/?ref=ANNA77"]);
  });

  test("a code that is unknown, or whose distributor may not earn, leads to the shop for nobody", async () => {
    expect(await follow("/r/NOBODY1")).toStrictEqual([302, "https://upline-demo.myshopify.com/"]);
    // D12 is terminated, D05 inactive only.
    expect(await follow("/r/HANA8/tea")).toStrictEqual([302, "https://upline-demo.myshopify.com/tea"]);
    expect(await follow("/r/REST1")).toStrictEqual([302, "https://upline-demo.myshopify.com/?ref=REST1"]);
  });

  test("never anywhere else, whatever the path says", async () => {
    for (const path of [
      "//evil.example",
      "/%2F%2Fevil.example",
      "/%5C%5Cevil.example",
      "/@evil.example",
      "/https://evil.example",
      "/..%2f..//evil.example",
      "/%09//evil.example",
    ]) {
      const [status, location] = await follow(`/r/ANNA77${path}`);
      expect(status, path).toBe(302);
      expect(new URL(String(location)).origin, path).toBe("https://upline-demo.myshopify.com");
    }
    const shop = { storeId: "st_1", domain: "shop.example", homeUrl: "https://shop.example/de/" };
    for (const path of [
      "//evil.example/x",
      "\\\\evil.example",
      "/\\evil.example",
      ".evil.example",
      "@evil.example",
      ":80@evil.example",
    ])
      expect(new URL(targetOf({ shop, code: "A", path, tags: {} })).host, path).toBe("shop.example");
    expect(targetOf({ shop, code: "Ä 1", path: "tee", tags: {} })).toBe("https://shop.example/de/tee?ref=%C3%84+1");
  });
});

test("named links carry their shop, place and tags until they end; a distributor makes them for their own codes only", async () => {
  const maya = await signedUp(hub, { email: "maya@acme.example", role: "distributor", distributorId: "D03" });
  const { woocommerce } = hub.company.stores;
  const link = {
    name: "maya-summer",
    code: "MAYA21",
    store_id: woocommerce.storeId,
    path: "/tea",
    tags: { utm_campaign: "summer" },
  };
  const made = await maya.json("/api/referrals/links", { body: link });
  expect(made.url).toBe("http://hub.test/r/maya-summer");
  expect(await follow("/r/Maya-Summer")).toStrictEqual([302, "https://shop.example.com/tea?ref=MAYA21&utm_campaign=summer"]);
  const answers: [object, number][] = [
    [link, 409],
    [{ ...link, name: "other", code: "CARLA9" }, 422],
    [{ ...link, name: "CARLA9" }, 422],
    [{ ...link, name: "other", path: "//evil.example" }, 422],
    [{ ...link, name: "other", store_id: "st_nobody" }, 422],
  ];
  for (const [body, status] of answers)
    expect((await maya.call("/api/referrals/links", { body })).status, JSON.stringify(body)).toBe(status);
  expect(((await maya.json("/api/referrals/links")) as { items: unknown[] }).items.length).toBe(1);
  expect((await maya.json("/api/referrals/links?distributor=D04")).items).toStrictEqual([]);
  const other = await signedUp(hub, { email: "carla@acme.example", role: "distributor", distributorId: "D04" });
  expect((await other.call(`/api/referrals/links/${made.link_id}`, { method: "DELETE" })).status).toBe(404);
  const past = { name: "maya-over", code: "MAYA21", path: "/tea", expires_at: "2026-01-01" };
  await maya.json("/api/referrals/links", { body: past });
  expect(await follow("/r/maya-over")).toStrictEqual([302, "https://upline-demo.myshopify.com/tea"]);
  expect((await maya.call(`/api/referrals/links/${made.link_id}`, { method: "DELETE" })).status).toBe(200);
});

test("clicks are counted by day and link, each visitor once a day, programs apart, and nothing is kept of who came", async () => {
  const clicks = new ClickBook(hub);
  const link = { companyId: hub.company.companyId, owner: { code: "GREG1", foldedCode: "greg1", distributorNo: 2 }, linkNo: 0n };
  const today = new Date().toISOString().slice(0, 10);
  const tomorrow = new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10);
  const day = new Date(`${today}T12:00:00Z`);
  await owner`insert into referral_visitors values (${hub.company.companyId}, '2026-01-01', 'greg1', 0, 'long ago')`;
  const note = (address: string, isProgram = false, at = day) =>
    clicks.note(link, { isBot: isProgram, address, browser: BROWSER }, at);
  for (const address of ["203.0.113.7", "203.0.113.7", "203.0.113.8"]) note(address);
  note("203.0.113.9", true);
  await clicks.flush();
  note("203.0.113.7");
  note("203.0.113.7", false, new Date(`${tomorrow}T00:00:00Z`));
  await clicks.flush();
  const rows =
    await owner`select day::text, clicks, visitors, bots from referral_clicks where folded_code = 'greg1' order by day`;
  expect(rows.map((row) => ({ ...row }))).toStrictEqual([
    { day: today, clicks: 4, visitors: 2, bots: 1 },
    { day: tomorrow, clicks: 1, visitors: 1, bots: 0 },
  ]);
  // A day that is over is forgotten; of the others there are hashes.
  const hashes = await owner`select folded_code, visitor_hash from referral_visitors`;
  // The hub writes what was followed before whenever its second is over.
  expect(hashes.filter((row) => row.folded_code === "greg1").length).toBe(3);
  expect(JSON.stringify(hashes)).not.toMatch(/203\.0|long ago/);
  const boss = await signedUp(hub, { email: "boss@acme.example", role: "viewer" });
  const listed = (await boss.json("/api/referrals/clicks?distributor=D02")) as { items: { day: string; clicks: number }[] };
  expect(listed.items.map(({ day: of, clicks: count }) => [of, count])).toStrictEqual([
    [tomorrow, 1],
    [today, 4],
  ]);
});

test("a followed link is counted after its answer; names that lead to nobody are one count", async () => {
  for (const name of ["BOB7", "bob7", "MADE-UP-1", "MADE-UP-2"]) await follow(`/r/${name}`);
  await follow("/r/BOB7", { "user-agent": "Googlebot/2.1 (+http://www.google.com/bot.html)" });
  await new Promise((resolve) => setImmediate(resolve));
  await hub.clicks.flush();
  const rows =
    await owner`select folded_code, clicks, bots from referral_clicks where folded_code in ('bob7', '', 'made-up-1') order by 1`;
  expect(rows.find((row) => row.folded_code === "bob7")).toMatchObject({ clicks: 2, bots: 1 });
  expect(rows.map((row) => row.folded_code)).toStrictEqual(["", "bob7"]);
});

test("who says what they are, and who only looks ahead, is nobody's click", () => {
  const asked = (headers: Record<string, string>, method = "GET") => isBot({ method, headers: new Headers(headers) });
  expect(asked({ "user-agent": BROWSER })).toBe(false);
  for (const browser of ["", "curl/8.5.0", "Googlebot/2.1", "WhatsApp/2.23", "facebookexternalhit/1.1", "python-requests/2.31"])
    expect(asked({ "user-agent": browser }), browser).toBe(true);
  expect(asked({ "user-agent": BROWSER, "sec-purpose": "prefetch" })).toBe(true);
  expect(asked({ "user-agent": BROWSER }, "HEAD")).toBe(true);
});

test("orders that came by a code are its conversions", async () => {
  const viewer = new SignInBrowser(hub);
  await signedUp(hub, { email: "vera@acme.example", role: "viewer" }, { signIn: false });
  await viewer.signIn("vera@acme.example");
  await sendOrder(hub, {
    ...{ ...JSON.parse(TRANSFORM), platform_order_id: "R-1", distributor_ref: "ANNA77", total: null },
    items: [{ platform_sku: "KIT-STARTER", qty: 1, unit_price: 30 }],
  });
  const { items } = (await viewer.json("/api/referrals/conversions?distributor=D03")) as {
    items: { net: string; code: string }[];
  };
  expect(items.map(({ net, code }) => [net, code])).toStrictEqual([["30.00", "ANNA77"]]);
});
