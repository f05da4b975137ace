import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mailsTo, SignInBrowser, signedUp } from "../testing/sign-in-browser.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { darkAccent, readAccent } from "./accent.ts";

let hub: TestHub;
let admin: SignInBrowser;
beforeAll(async () => {
  hub = await openTestHub();
  admin = await signedUp(hub, { email: "boss@acme.example", role: "admin" });
});
afterAll(() => hub.close());

/** The beginning of each, which is what tells them apart. */
const PNG = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(100)]);
const WEBP = Buffer.concat([Buffer.from("524946460000000057454250", "hex"), Buffer.alloc(10)]);
const NONE = { shown_name: null, accent: null, support: null };
const put = async (change: object) => {
  const answer = await admin.call("/api/company/branding", { method: "PUT", body: { ...NONE, ...change } });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const refused = async (change: object) => {
  const { status, body } = await put(change);
  return [status, (body.errors as { path: string }[])[0]?.path];
};

describe("a colour", () => {
  // Contrasts by hand from WCAG's formula: #767676 is the known edge of 4.5:1 on white, so that on its own tint it falls short.
  test("passes where text in it reaches 4.5:1 on white and on its tint; a refusal names one that would do", () => {
    expect(readAccent(" #0E5A70 ")).toBe("#0e5a70");
    expect(readAccent("#000000")).toBe("#000000");
    for (const wrong of ["#767676", "#ffd400", "#ffffff"])
      try {
        readAccent(wrong);
        expect.unreachable(wrong);
      } catch (error) {
        const suggested = /#[0-9a-f]{6}/.exec(String(error))?.[0] ?? "";
        expect(readAccent(suggested)).toBe(suggested);
      }
    for (const wrong of ["red", "#fff", "#12345g", "url(x)"]) expect(() => readAccent(wrong)).toThrow(/six hexadecimal digits/);
  });

  test("is lightened for dark pages, and left alone where it is light enough", () => {
    expect(darkAccent("#9bd0ff")).toBe("#9bd0ff");
    const luminous = Number.parseInt(darkAccent("#0e5a70").slice(1, 3), 16);
    expect(luminous).toBeGreaterThan(0x0e);
  });
});

test("the branding is the company's: everybody of it is shown it, strangers at the page to join, and mails go out by it", async () => {
  expect(await admin.json("/api/company/branding")).toStrictEqual({ ...NONE, name: "Company acme", logo: null });
  const { status, body } = await put({
    ...{ shown_name: "Acme Wellness", accent: "#7A1F5C", support: "help@acme.example" },
    logo: `data:image/png;base64,${PNG.toString("base64")}`,
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ name: "Acme Wellness", accent: { light: "#7a1f5c" }, support: "help@acme.example" });
  expect(body.logo).toMatch(/^[0-9a-f]{16}$/);
  const seller = await signedUp(hub, { email: "d04@home.example", role: "distributor", distributorId: "D04" });
  expect(await seller.json("/api/company/branding")).toStrictEqual(body);
  expect((await seller.call("/api/company/branding", { method: "PUT", body: NONE })).status).toBe(403);
  const stranger = new SignInBrowser(hub);
  expect(await stranger.json("/joining/codes/MAYA21")).toMatchObject({ company: { name: "Acme Wellness" }, branding: body });
  for (const [browser, path] of [
    [seller, "/api/company/branding/picture"],
    [stranger, "/joining/picture"],
  ] as const) {
    const picture = await browser.call(path);
    expect([picture.status, picture.headers.get("content-type")]).toStrictEqual([200, "image/png"]);
    expect(Buffer.from(await picture.arrayBuffer()).equals(PNG)).toBe(true);
  }
  await stranger.call("/auth/claims", { body: { company: "acme", email: "d03@acme.example.com" } });
  await hub.people.idle();
  expect(mailsTo(hub, "d03@acme.example.com")[0]).toMatchObject({
    ...{ subject: "Acme Wellness: open your account", from: "Acme Wellness", replyTo: "help@acme.example" },
    text: expect.stringContaining("Questions? Write to help@acme.example"),
  });
  // Left out, the logo stays; null takes it away.
  expect((await put({})).body.logo).toBe(body.logo);
  expect((await put({ logo: WEBP.toString("base64") })).body.logo).not.toBe(body.logo);
  expect((await put({ logo: null })).body.logo).toBe(null);
  expect((await stranger.call("/joining/picture")).status).toBe(404);
});

test("what cannot be shown is refused by its field, and nothing is changed", async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>').toString("base64");
  expect(await refused({ logo: svg })).toStrictEqual([422, "logo"]);
  expect(await refused({ logo: Buffer.concat([PNG, Buffer.alloc(200 * 1024)]).toString("base64") })).toStrictEqual([422, "logo"]);
  expect(await refused({ logo: "x".repeat(280_001) })).toStrictEqual([400, "logo"]);
  expect(await refused({ accent: "#ffd400" })).toStrictEqual([422, "accent"]);
  expect(await refused({ support: "nobody" })).toStrictEqual([400, "support"]);
  expect(await refused({ shown_name: " " })).toStrictEqual([400, "shown_name"]);
  expect(await admin.json("/api/company/branding")).toMatchObject({ name: "Company acme", accent: null, logo: null });
});
