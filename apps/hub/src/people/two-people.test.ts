import { afterAll, beforeAll, expect, test } from "vitest";
import { createKey } from "../keys/create.ts";
import { JUNE, type PeriodCompany, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { type SignInBrowser, signedUp } from "../testing/sign-in-browser.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** A close takes two people, however each of them comes: signed in, by a key of their own, or by one that the operator made for them. */

let hub: TestHub;
let company: PeriodCompany;
beforeAll(async () => {
  hub = await openTestHub();
  company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE);
});
afterAll(() => hub.close());

const commitBy = async (key: string, path: string) => {
  const answer = await hub.app.request(`${path}/commit`, { method: "POST", headers: { authorization: `Bearer ${key}` } });
  return [answer.status, await answer.text()] as const;
};

test("one person does not commit what they proposed, by whatever way they come; a second one of the same name does", async () => {
  const { companyId } = company;
  const newcomer = (email: string, name: string): Promise<SignInBrowser> =>
    signedUp(hub, { email, name, role: "admin", companyId });
  const ann = await newcomer("ann@acme.example", "Ann Lee");
  const namesake = await newcomer("other.ann@acme.example", "Ann Lee");
  const opened = await ann.json("/api/periods", { body: { month: "2026-06", currency: "USD" } });
  const path = `/api/periods/${opened.period_id}`;
  const proposed = (await ann.json(`${path}/close`, { method: "POST", body: {} })) as { run: { person: string; actor: string } };
  const { person_id } = await ann.json("/api/me");
  expect([proposed.run.person, proposed.run.actor]).toStrictEqual(["Ann Lee", `person:${person_id}`]);

  const herself = await ann.call(`${path}/commit`, { body: {} });
  expect([herself.status, await herself.text()]).toStrictEqual([409, expect.stringContaining("(Ann Lee) is the same person")]);
  const { key: herKey } = await ann.json("/api/keys", { body: { name: "laptop", scopes: ["admin"] } });
  expect(await commitBy(String(herKey), path)).toStrictEqual([409, expect.stringContaining("same person")]);
  for (const owner of ["ann  LEE", "ANN@acme.example"]) {
    const { key } = await createKey(hub, { companyId, name: owner, owner, scopes: ["admin"], actor: "operator" });
    expect(await commitBy(key, path), owner).toStrictEqual([409, expect.stringContaining("same person")]);
  }
  expect((await namesake.call(`${path}/commit`, { body: {} })).status).toBe(200);
});
