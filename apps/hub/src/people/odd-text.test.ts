import { afterAll, beforeAll, expect, test } from "vitest";
import { SignInBrowser, signedUp } from "../testing/sign-in-browser.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

test("text that no database holds is refused with its field at every door where people sign in", async () => {
  const ann = await signedUp(hub, { email: "ann@acme.example", role: "admin" });
  const nobody = new SignInBrowser(hub);
  const told: unknown[] = [];
  const expected: unknown[] = [];
  for (const [browser, path, body, field] of [
    [nobody, "/auth/sign-in/email", { email: "a\u0000@acme.example", password: "x".repeat(12) }, "email"],
    [nobody, "/auth/sign-in/email", { email: "ann@acme.example", password: "\u0000".repeat(12) }, "password"],
    [nobody, "/auth/sign-in/email", { email: "ann@acme.example", password: "\ud800".repeat(12) }, "password"],
    [nobody, "/auth/request-password-reset", { email: "a\u0000@acme.example" }, "email"],
    [nobody, "/auth/invitations/look", { token: `${"a".repeat(40)}\u0000` }, "token"],
    [ann, "/auth/update-user", { name: "An\u0000n" }, "name"],
    [ann, "/auth/change-password", { currentPassword: "\u0000", newPassword: "x".repeat(20) }, "currentPassword"],
  ] as const) {
    const answer = await browser.call(path, { body });
    const { errors } = (await answer.json()) as { errors?: { path: string }[] };
    told.push([path, answer.status, errors?.[0]?.path]);
    expected.push([path, 400, field]);
  }
  expect(told).toStrictEqual(expected);
});
