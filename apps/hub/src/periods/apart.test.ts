import { afterAll, beforeAll, expect, test } from "vitest";
import { HubError } from "../errors.ts";
import { closeLedger, JUNE, openMonth, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { closeApart } from "./apart.ts";
import { previewClose } from "./close.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

test("a close in a thread of its own comes to the same, and refuses with the same words", async () => {
  const company = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE);
  const { periodNo } = await openMonth(hub, company, "2026-06");
  const act = { companyId: company.companyId, periodNo, actor: "ann", person: "ann" };
  const here = await previewClose(hub, act);
  const proposed = await closeApart(hub.db, { work: "close", act, many: 0 });
  expect([proposed.run.outputHash, proposed.run.inputHash]).toStrictEqual([here.run.outputHash, here.run.inputHash]);
  expect([proposed.run.kind, proposed.period.state]).toStrictEqual(["proposed", "closing"]);

  const again = closeApart(hub.db, { work: "commit", act, many: 0 });
  await expect(again).rejects.toThrow(
    expect.toSatisfy(
      (error: unknown) =>
        error instanceof HubError &&
        error.code === "conflict" &&
        /a second person has to commit it/.test(error.message) &&
        error.fields[0]?.path === "actor",
    ),
  );
  expect(await closeLedger(hub, company)).toStrictEqual({});
});
