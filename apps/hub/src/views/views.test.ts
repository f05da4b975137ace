import { afterAll, beforeAll, expect, test } from "vitest";
import { type SignInBrowser, signedUp } from "../testing/sign-in-browser.ts";
import { setUpTestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
let owner: SignInBrowser;
let finance: SignInBrowser;
let viewer: SignInBrowser;
let stranger: SignInBrowser;
beforeAll(async () => {
  hub = await openTestHub();
  const rival = await setUpTestCompany(hub, "rival");
  owner = await signedUp(hub, { email: "owner@acme.example", role: "owner" });
  finance = await signedUp(hub, { email: "finance@acme.example", role: "finance" });
  viewer = await signedUp(hub, { email: "viewer@acme.example", role: "viewer" });
  stranger = await signedUp(hub, { email: "owner@rival.example", role: "owner", companyId: rival.companyId });
});
afterAll(() => hub.close());

type View = { view_id: string; name: string; query: string; shared: boolean; own: boolean; changeable: boolean };
const keep = async (who: SignInBrowser, body: object) => who.call("/api/views", { body });
const seen = async (who: SignInBrowser, page = "orders") =>
  ((await who.json(`/api/views?page=${page}`)) as { items: View[] }).items.map(({ name, own, changeable }) => [
    name,
    own ? "own" : "others'",
    changeable ? "changeable" : "fixed",
  ]);

test("what somebody keeps is theirs, what they share is everybody's of the company, and other companies see neither", async () => {
  for (const [name, shared] of [
    ["Mine", false],
    ["Ours", true],
  ] as const)
    expect((await keep(finance, { page: "orders", name, shared, query: "stage=earned&hide=owner" }))?.status).toBe(201);
  expect((await keep(finance, { page: "ledger", name: "Mine", shared: false, query: "" }))?.status).toBe(201);
  expect(await seen(finance)).toStrictEqual([
    ["Mine", "own", "changeable"],
    ["Ours", "own", "changeable"],
  ]);
  expect(await seen(owner)).toStrictEqual([["Ours", "others'", "changeable"]]);
  expect(await seen(viewer)).toStrictEqual([["Ours", "others'", "fixed"]]);
  expect(await seen(stranger)).toStrictEqual([]);
  const { items } = (await finance.json("/api/views?page=orders")) as { items: View[] };
  expect(items[0]?.query).toBe("stage=earned&hide=owner");
});

test("a name is given once, to one's own and to the company's each; a refusal names the field", async () => {
  const again = await keep(owner, { page: "orders", name: "Ours", shared: true, query: "" });
  expect(again?.status).toBe(422);
  expect(JSON.stringify(await again?.json())).toContain('"path":"name"');
  expect((await keep(owner, { page: "orders", name: "Mine", shared: false, query: "" }))?.status).toBe(201);
  const { items } = (await owner.json("/api/views?page=orders")) as { items: View[] };
  const own = items.find(({ name }) => name === "Mine");
  const clash = await owner.call(`/api/views/${own?.view_id}`, {
    method: "PUT",
    body: { name: "Ours", shared: true, query: "" },
  });
  expect(clash?.status).toBe(422);
  const renamed = { name: "Early", shared: false, query: "stage=pending" };
  expect(await owner.json(`/api/views/${own?.view_id}`, { method: "PUT", body: renamed })).toMatchObject(renamed);
});

test("viewers share nothing; what is somebody else's own is not there; dropping is for whoever may change", async () => {
  expect((await keep(viewer, { page: "orders", name: "Mine", shared: true, query: "" }))?.status).toBe(403);
  expect((await keep(viewer, { page: "orders", name: "Mine", shared: false, query: "" }))?.status).toBe(201);
  const { items } = (await finance.json("/api/views?page=orders")) as { items: View[] };
  const [mine, ours] = items;
  const drop = async (who: SignInBrowser, view: View | undefined) =>
    (await who.call(`/api/views/${view?.view_id}`, { method: "DELETE" }))?.status;
  expect([await drop(owner, mine), await drop(viewer, ours), await drop(stranger, ours)]).toStrictEqual([404, 403, 404]);
  expect(await drop(owner, ours)).toBe(200);
  expect(await seen(finance)).toStrictEqual([["Mine", "own", "changeable"]]);
  const { items: acts } = (await owner.json("/api/audit?limit=50")) as { items: { act: string }[] };
  expect(acts.map(({ act }) => act).filter((act) => act.startsWith("view."))).toStrictEqual(["view.drop", "view.share"]);
});

test("no key keeps views: they are people's", async () => {
  const response = await hub.app.request("/api/views?page=orders", {
    headers: { authorization: `Bearer ${hub.company.keys.admin}` },
  });
  expect(response.status).toBe(403);
});
