import { createHmac } from "node:crypto";
import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Hmac,
  signStandardWebhook,
  sortableTimestamp,
  typeHint,
  usesStandardWebhooks,
  verifyStandardWebhook,
} from "./standard-webhooks.ts";

const hmac: Hmac = (key, ...parts) => {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};
const bytes = (text: string) => new TextEncoder().encode(text);
const now = new Date("2026-11-20T10:00:00.900Z");
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

function verdict(headers: Record<string, string | undefined>, rawBody: Uint8Array, secrets: string[], at = now) {
  return verifyStandardWebhook({ header: (name) => headers[name], rawBody, secrets, now: at, hmac });
}

test("the worked example of the scheme's own documentation verifies", () => {
  const rawBody = bytes('{"test": 2432232314}');
  const at = new Date(1614265330 * 1000);
  const headers = signStandardWebhook({ id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at, rawBody, secret, hmac });
  expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  expect(verdict(headers, rawBody, [secret], at)).toStrictEqual({ kind: "signed", deliveryId: "msg_p5jXN8AQM9LWM0D4loKWxJek" });
});

test("any secret may match, among any number of signatures; text without whsec_ is taken as it stands", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.string({ minLength: 1 }),
      fc.string({ minLength: 1 }),
      (rawBody, one, two) => {
        const a = signStandardWebhook({ id: "d-1", at: now, rawBody, secret: one, hmac });
        const b = signStandardWebhook({ id: "d-1", at: now, rawBody, secret: two, hmac });
        const both = { ...a, "webhook-signature": `v1a,AAAA ${b["webhook-signature"]} v1,??? ${a["webhook-signature"]}` };
        expect(verdict(a, rawBody, ["other", one]).kind).toBe("signed");
        expect(verdict(both, rawBody, [one]).kind).toBe("signed");
        expect(verdict(both, rawBody, [two]).kind).toBe("signed");
      },
    ),
    runs(100),
  );
});

test("every part is signed: id, time and each byte", () => {
  const rawBody = bytes('{"id":31}');
  const headers = signStandardWebhook({ id: "d-1", at: now, rawBody, secret, hmac });
  const other = (change: Record<string, string | undefined>) => verdict({ ...headers, ...change }, rawBody, [secret]).kind;
  expect(other({})).toBe("signed");
  expect(other({ "webhook-id": "d-2" })).toBe("refused");
  expect(other({ "webhook-timestamp": String(Number(headers["webhook-timestamp"]) + 1) })).toBe("refused");
  expect(other({ "webhook-signature": undefined })).toBe("refused");
  expect(other({ "webhook-signature": "" })).toBe("refused");
  expect(other({ "webhook-signature": headers["webhook-signature"].replace("v1,", "v2,") })).toBe("refused");
  expect(other({ "webhook-id": undefined })).toBe("refused");
  expect(verdict(headers, bytes('{"id":32}'), [secret]).kind).toBe("refused");
  expect(verdict(headers, rawBody, []).kind).toBe("refused");
  expect(verdict(headers, rawBody, ["whsec_"]).kind).toBe("refused");
});

test("five minutes either way, not more", () => {
  const rawBody = bytes("{}");
  const late = (seconds: number) => {
    const headers = signStandardWebhook({ id: "d-1", at: new Date(now.getTime() - seconds * 1000), rawBody, secret, hmac });
    return verdict(headers, rawBody, [secret]).kind;
  };
  expect([0, 300, 301, -300, -301].map(late)).toStrictEqual(["signed", "signed", "refused", "signed", "refused"]);
  const headers = signStandardWebhook({ id: "d-1", at: now, rawBody, secret, hmac });
  for (const text of ["", "NaN", "1e9", "-5", " 1763632800", "9".repeat(20)])
    expect(verdict({ ...headers, "webhook-timestamp": text }, rawBody, [secret]).kind).toBe("refused");
});

test("a body signed by a store's built-in scheme with the same secret never reads as another delivery", () => {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const builtIn = `{"id":29,"customer_note":"x.${timestamp}.{}"}`;
  const mac = Buffer.from(hmac(bytes("shared"), bytes(builtIn))).toString("base64");
  const [id, , ...rest] = builtIn.split(".") as [string, string, ...string[]];
  const forged = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${mac}` };
  expect(verdict(forged, bytes(rest.join(".")), ["shared"]).kind).toBe("refused");
  expect(() => signStandardWebhook({ id: "a.b", at: now, rawBody: bytes(""), secret, hmac })).toThrow(TypeError);
});

test("the scheme is recognised by its headers, the type by the first bytes", () => {
  expect(usesStandardWebhooks((name) => ({ "webhook-signature": "v1,x" })[name])).toBe(true);
  expect(usesStandardWebhooks((name) => ({ "x-wc-webhook-signature": "x" })[name])).toBe(false);
  expect(typeHint(bytes('{"type":"order.updated","data":{}}'))).toBe("order.updated");
  expect(typeHint(bytes('{"data":{"type":"order.updated"}}'))).toBe(null);
  expect(typeHint(bytes('{"type":"order\\u002eupdated"}'))).toBe(null);
  expect(typeHint(new Uint8Array([0xff, 0x00]))).toBe(null);
});

test("timestamps sort as text, whatever their precision and zone", () => {
  expect(sortableTimestamp("2026-11-20T10:00:00.2+01:00")).toBe("2026-11-20T09:00:00.200000000Z");
  expect(sortableTimestamp("2026-11-20T09:00:00Z")).toBe("2026-11-20T09:00:00.000000000Z");
  for (const text of [null, 5, "", "2026-11-20T09:00:00", "2026-13-20T09:00:00Z", "now"])
    expect(sortableTimestamp(text)).toBe(null);
  const minutes = fc.integer({ min: 0, max: 10_000_000 });
  fc.assert(
    fc.property(minutes, minutes, fc.constantFrom(0, 1, 3), (a, b, digits) => {
      const [earlier, two] = [a, b].map((ms) => new Date(1_700_000_000_000 + ms * 100).toISOString()) as [string, string];
      const short = digits === 3 ? earlier : earlier.replace(/\.\d+Z$/, (rest) => (digits === 0 ? "Z" : `${rest.slice(0, 2)}Z`));
      const exact = digits === 0 ? Math.floor(Date.parse(earlier) / 1000) * 1000 : Date.parse(earlier);
      expect(Math.sign(exact - Date.parse(two))).toBe(
        Math.sign(
          (sortableTimestamp(short) as string) > (sortableTimestamp(two) as string)
            ? 1
            : sortableTimestamp(short) === sortableTimestamp(two)
              ? 0
              : -1,
        ),
      );
    }),
    runs(100),
  );
});
