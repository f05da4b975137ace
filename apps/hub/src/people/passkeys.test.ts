import { afterAll, beforeAll, expect, test } from "vitest";
import { PasskeyDevice } from "../testing/passkey-device.ts";
import { SignInBrowser, signedUp } from "../testing/sign-in-browser.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const deviceAt = (rpId: string, origin: string) => new PasskeyDevice({ rpId, origin });

async function addPasskey(browser: SignInBrowser, device: PasskeyDevice): Promise<Response> {
  const { challenge } = await browser.json("/auth/passkey/generate-register-options");
  return browser.call("/auth/passkey/verify-registration", {
    body: { response: device.register(String(challenge)), name: "Laptop" },
  });
}

async function signInBy(browser: SignInBrowser, device: PasskeyDevice, challenge?: string): Promise<Response> {
  const options = challenge ?? (await browser.json("/auth/passkey/generate-authenticate-options")).challenge;
  return browser.call("/auth/passkey/verify-authentication", { body: { response: device.signIn(String(options)) } });
}

test("somebody who is signed in adds a passkey, and signs in by it alone", async () => {
  const ann = await signedUp(hub, { email: "ann@acme.example", role: "owner" });
  const device = deviceAt("hub.test", "http://hub.test");
  expect((await addPasskey(ann, device)).status).toBe(200);
  const browser = new SignInBrowser(hub);
  const answer = await signInBy(browser, device);
  expect(answer.status).toBe(200);
  expect(await answer.text()).not.toContain('"token"');
  expect(await browser.json("/api/me")).toMatchObject({ email: "ann@acme.example" });
});

test("a challenge is answered once; another site's answer, and a device that asks nobody, are refused", async () => {
  const ben = await signedUp(hub, { email: "ben@acme.example", role: "owner" });
  const device = deviceAt("hub.test", "http://hub.test");
  await addPasskey(ben, device);
  const browser = new SignInBrowser(hub);
  const { challenge } = await browser.json("/auth/passkey/generate-authenticate-options");
  expect((await signInBy(browser, device, String(challenge))).status).toBe(200);
  expect((await signInBy(browser, device, String(challenge))).ok).toBe(false);
  const other = new SignInBrowser(hub);
  device.seesOwner = false;
  expect((await signInBy(other, device)).ok).toBe(false);
  expect((await addPasskey(ben, Object.assign(deviceAt("hub.test", "http://hub.test"), { seesOwner: false }))).ok).toBe(false);
  expect((await addPasskey(ben, deviceAt("evil.example", "https://evil.example"))).ok).toBe(false);
  expect((await signInBy(other, deviceAt("hub.test", "http://hub.test"))).ok).toBe(false);
  expect((await other.call("/api/me")).status).toBe(401);
});

test("nobody adds a passkey for somebody else, or takes theirs away", async () => {
  const cleo = await signedUp(hub, { email: "cleo@acme.example", role: "owner" });
  await addPasskey(cleo, deviceAt("hub.test", "http://hub.test"));
  const dan = await signedUp(hub, { email: "dan@acme.example", role: "owner" });
  const [passkey] = (await (await cleo.call("/auth/passkey/list-user-passkeys")).json()) as { id: string }[];
  expect((await dan.call("/auth/passkey/delete-passkey", { body: { id: passkey?.id } })).ok).toBe(false);
  expect((await new SignInBrowser(hub).call("/auth/passkey/generate-register-options")).status).toBe(401);
  expect((await cleo.call("/auth/passkey/delete-passkey", { body: { id: passkey?.id } })).status).toBe(200);
});
