import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "../testing/seed-fixture.ts";
import { type SignInBrowser, signedUp } from "../testing/sign-in-browser.ts";
import { setUpTestCompany } from "../testing/test-company.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** Notes about a distributor: the company's people write them for each other. */

let hub: TestHub;
const people: Record<string, SignInBrowser> = {};
beforeAll(async () => {
  hub = await openTestHub();
  for (const role of ["admin", "support", "viewer"] as const)
    people[role] = await signedUp(hub, { email: `${role}@acme.example`, role });
  people.seller = await signedUp(hub, { email: "d04@acme.example", role: "distributor", distributorId: "D04" });
});
afterAll(() => hub.close());

const ask = async (who: string, path: string, body?: unknown, method?: string) => {
  const browser = people[who] as SignInBrowser;
  const response = await browser.call(`/api/distributors/D04/notes${path}`, {
    ...(body === undefined ? {} : { body }),
    ...(method && { method }),
  });
  return {
    status: response.status,
    body: (await response.json()) as { items: Record<string, unknown>[]; detail: string } & Record<string, unknown>,
  };
};

test("a note is read by colleagues, changed by its author alone, and never seen by distributors", async () => {
  const first = await ask("support", "", { body: "  Called on Monday: moves to Graz.  " });
  expect([first.status, first.body.body, first.body.is_own, first.body.changed_at]).toStrictEqual([
    201,
    "Called on Monday: moves to Graz.",
    true,
    null,
  ]);
  const path = `/${first.body.note_id}`;
  const seen = await ask("admin", "");
  expect(seen.body.items.map(({ body, is_own }) => [body, is_own])).toStrictEqual([["Called on Monday: moves to Graz.", false]]);
  expect((await call(hub, "/api/distributors/D03/notes")).body.items).toStrictEqual([]);
  const others = await ask("admin", path, { body: "No" }, "PUT");
  expect([others.status, others.body.detail]).toStrictEqual([
    403,
    "Only whoever wrote a note may change it: write another one beside it.",
  ]);
  const changed = await ask("support", path, { body: "Called on Monday: moves to Linz." }, "PUT");
  expect([changed.status, changed.body.body, typeof changed.body.changed_at]).toStrictEqual([
    200,
    "Called on Monday: moves to Linz.",
    "string",
  ]);
  for (const who of ["viewer", "seller"])
    expect([(await ask(who, "")).status, (await ask(who, "", { body: "x" })).status]).toStrictEqual([403, 403]);
});

test("what is empty, too long or about nobody is refused", async () => {
  expect((await ask("admin", "", { body: "   " })).body.detail).toBe("Check body: write a note of 1 to 4,000 characters.");
  expect((await ask("admin", "", { body: "x".repeat(4001) })).status).toBe(400);
  expect((await ask("admin", "/999999", { body: "x" }, "PUT")).status).toBe(404);
  const nobody = await (people.admin as SignInBrowser).call("/api/distributors/nobody/notes", { body: { body: "x" } });
  expect(nobody.status).toBe(404);
});

test("another company's people find neither the note nor the distributor's, and the log says who wrote, not what", async () => {
  const rival = await setUpTestCompany(hub, "rival");
  const theirs = await call(hub, "/api/distributors/D04/notes", { key: rival.keys.admin });
  expect(theirs.body.items).toStrictEqual([]);
  const own = (await call(hub, "/api/distributors/D04/notes")).body.items;
  const across = await call(hub, `/api/distributors/D04/notes/${own[0].note_id}`, {
    key: rival.keys.admin,
    body: { body: "x" },
    method: "PUT",
  });
  expect(across.status).toBe(404);
  const log = (await call(hub, "/api/audit?subject=D04")).body.items;
  const acts = log.filter(({ act }: { act: string }) => act.startsWith("note."));
  expect(acts.map(({ act }: { act: string }) => act)).toStrictEqual(["note.change", "note.add"]);
  expect(JSON.stringify(acts)).not.toContain("Monday");
});
