import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importDistributors } from "../network/import.ts";
import { addSeedNetwork, call, sendOrder, TRANSFORM } from "../testing/seed-fixture.ts";
import { signedUp } from "../testing/sign-in-browser.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** A list as CSV is the list: read here by another's parser, and beside the pages that the list gives as JSON. */

const MANY = 1_203;
const ODD_NAMES = ['=HYPERLINK("http://evil.example")', "@SUM(A1)", "+49 170", "-1+2", '"Jürgen", Köln', "two\nlines", "  Ω  "];
const order = { ...JSON.parse(TRANSFORM), total: null };

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
  await addSeedNetwork(hub);
  const rows = Array.from({ length: MANY }, (_, index) => ({
    line: index + 1,
    distributorId: `M${index}`,
    sponsorId: "D01",
    country: "CH",
    name: ODD_NAMES[index] ?? `Member ${index}`,
    ...(index === 7 && { codes: ["FIRST7", "SECOND7"] }),
  }));
  const { errors } = await importDistributors(hub, { companyId: hub.company.companyId, rows });
  expect(errors).toStrictEqual([]);
  for (const [id, price] of ["0.01", "19.99", "123456.78"].entries())
    await sendOrder(hub, { ...order, platform_order_id: `C${id}`, items: [{ ...order.items[0], unit_price: price }] });
});
afterAll(() => hub.close());

type Row = Record<string, string>;
const rowsOf = (text: string): Row[] => parse(text, { columns: true });
const csv = async (path: string) => {
  const { status, text } = await call(hub, `/api${path}`, { headers: { accept: "text/csv" } });
  expect(status, text.slice(0, 200)).toBe(200);
  return rowsOf(text);
};

/** Every item of a list, page by page, as JSON. */
async function everything(path: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for (let before = ""; ; ) {
    const { body } = await call(hub, `/api${path}&limit=100${before}`);
    items.push(...body.items);
    if (!body.next) return items;
    before = `&before=${encodeURIComponent(body.next)}`;
  }
}

const UNMARKED = /^'(?=[=+\-@])/;

test("has the rows of the filter, all of them and each once, in the list's order", async () => {
  const [rows, items] = [await csv("/distributors?country=CH"), await everything("/distributors?country=CH")];
  expect(rows.length).toBe(MANY);
  expect(rows.map((row) => row.distributor_id)).toStrictEqual(items.map((item) => item.distributor_id));
  expect(rows.map((row) => (row.name ?? "").replace(UNMARKED, ""))).toStrictEqual(items.map((item) => item.name));
  expect(rows.find((row) => row.distributor_id === "M7")?.codes).toBe("FIRST7 SECOND7");
  expect(await csv("/distributors?country=ZZ")).toStrictEqual([]);
});

test("has amounts to the last unit beside their currency, and the orders' own names", async () => {
  const [rows, items] = [await csv("/orders?stage=earned"), await everything("/orders?stage=earned")];
  expect(rows.map((row) => [row.platform_order_id, row.net, row.currency])).toStrictEqual([
    ["C2", "123456.78", "USD"],
    ["C1", "19.99", "USD"],
    ["C0", "0.01", "USD"],
  ]);
  expect(rows.map(({ order_id, total, updated_at }) => [order_id, total, updated_at])).toStrictEqual(
    items.map(({ order_id, total, updated_at }) => [order_id, total, updated_at]),
  );
  const [entries, ledger] = [await csv("/ledger?order_id=3"), await everything("/ledger?order_id=3")];
  expect(entries.map((row) => row.amount)).toStrictEqual(ledger.map((entry) => entry.amount));
  expect(entries.length).toBeGreaterThan(2);
});

test("lets no cell become a formula", async () => {
  const { text } = await call(hub, "/api/distributors?country=CH&format=csv");
  const [, ...lines] = parse(text) as string[][];
  const cells = lines.flat();
  expect(cells.filter((cell) => /^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/.test(cell))).toStrictEqual([]);
  expect(cells.filter((cell) => cell.startsWith("'"))).toStrictEqual(
    ODD_NAMES.slice(0, 4)
      .map((name) => `'${name}`)
      .reverse(),
  );
});

test("is a file as RFC 4180 has it, with a mark for spreadsheets where it is asked for", async () => {
  const { text, headers } = await call(hub, "/api/distributors?code=FIRST7&format=csv");
  expect(headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
  expect(headers.get("content-disposition")).toMatch(/^attachment; filename="distributors-\d{4}-\d{2}-\d{2}\.csv"$/);
  expect(text.split("\r\n").length).toBe(3);
  expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  const asked = await hub.app.request("/api/distributors?code=FIRST7&format=excel", {
    headers: { authorization: `Bearer ${hub.company.keys.admin}` },
  });
  expect([...new Uint8Array(await asked.arrayBuffer()).slice(0, 3)]).toStrictEqual([0xef, 0xbb, 0xbf]);
});

test("every list has it, with each of its fields, and nothing else has", async () => {
  const document = (await (await hub.app.request("/openapi.json")).json()) as {
    paths: Record<string, { get?: { responses: Record<string, { content?: Record<string, unknown> }> } }>;
  };
  const listed = Object.entries(document.paths).flatMap(([path, { get }]) =>
    get?.responses["200"]?.content?.["text/csv"] === undefined ? [] : [path],
  );
  for (const noun of ["orders", "commissions", "distributors", "sku-map", "ledger", "balances", "deliveries", "quarantine"])
    expect(listed).toContain(`/api/${noun}`);
  for (const more of ["audit", "jobs", "questions", "referrals/links", "referrals/clicks", "periods", "stores", "claims"])
    expect(listed).toContain(`/api/${more}`);
  expect(listed).not.toContain("/api/overview");
  const owner = await signedUp(hub, { email: "owner@acme.example", role: "owner" });
  let compared = 0;
  for (const path of listed.filter((one) => !one.includes("{"))) {
    // A search has to be told what for.
    const address = `${path}?${path.endsWith("/search") ? "q=D0&" : ""}`;
    const [json, text] = [await owner.call(address), await owner.call(`${address}format=csv&company=acme`)];
    expect(text.status, path).toBe(json.status);
    if (!json.ok) continue;
    const { items } = (await json.json()) as { items: Record<string, unknown>[] };
    const [head = [], ...rows] = parse(await text.text()) as string[][];
    if (items.length < 50) expect(rows.length, path).toBe(items.length);
    const fields = items.flatMap((item) =>
      Object.entries(item).flatMap(([name, value]) => (typeof value === "object" && value !== null ? [] : [name])),
    );
    for (const field of fields.filter((name) => head.every((column) => !column.startsWith(`${name}.`))))
      expect(head, path).toContain(field);
    compared++;
  }
  expect(compared).toBeGreaterThan(15);
});

test("lists that give fewer rows at once have it whole, and so have those that come in one piece", async () => {
  const { companyId } = hub.company;
  const seller = await signedUp(hub, { email: "d01@acme.example", role: "distributor", companyId, distributorId: "D01" });
  const downline = await seller.call("/api/portal/team?format=csv");
  expect(downline.status).toBe(200);
  const ids = rowsOf(await downline.text()).map((row) => row.distributor_id);
  expect(ids.filter((id) => id?.startsWith("M")).length).toBe(MANY);
  for (const path of ["/api/portal/earnings", "/api/portal/orders"])
    expect((await seller.call(`${path}?format=csv`)).status, path).toBe(200);
  expect(Array.isArray(await csv("/distributors/D01/earnings"))).toBe(true);
  // Of somebody's periods six are shown at first; the first sale of the fixture lies many months back.
  const { body } = await call(hub, "/api/distributors/9012/periods?limit=36");
  expect(body.items.length).toBeGreaterThan(6);
  expect((await csv("/distributors/9012/periods")).map(({ name }) => name)).toStrictEqual(
    body.items.map(({ name }: { name: string }) => name),
  );
});

test("refuses what the list refuses, in the same words", async () => {
  const viewer = await signedUp(hub, { email: "viewer@acme.example", role: "viewer" });
  const refused = await viewer.call("/api/audit?format=csv");
  expect([refused.status, refused.headers.get("content-type")]).toStrictEqual([403, "application/problem+json"]);
  expect((await call(hub, "/api/orders?stage=nothing&format=csv")).status).toBe(400);
  expect((await call(hub, "/api/orders?format=csv", { key: null })).status).toBe(401);
  // Names are for some only, and the file says no more than the list.
  const blank = rowsOf(await (await viewer.call("/api/distributors?country=CH&format=csv")).text());
  expect(new Set(blank.map((row) => row.name))).toStrictEqual(new Set([""]));
});

test("breaks off where a page is refused: half a list is never taken for the whole", async () => {
  const { read } = hub.company.keys;
  const response = await hub.app.request("/api/distributors?format=csv", {
    headers: { authorization: `Bearer ${read}` },
  });
  const reader = response.body?.getReader();
  expect((await reader?.read())?.done).toBe(false);
  const owner = await signedUp(hub, { email: "second@acme.example", role: "owner" });
  expect((await owner.call(`/api/keys/${read.slice(0, 10)}`, { method: "DELETE" })).status).toBe(200);
  const rest = async () => {
    while (!(await reader?.read())?.done);
  };
  await expect(rest()).rejects.toThrow("answered 401");
});
