import { signStandardWebhook } from "@upline/core";
import { expect, test } from "vitest";
import { hmacSha256, verify } from "./verify.ts";

const now = new Date("2026-11-24T00:00:00Z");
const utf8 = (text: string) => new TextEncoder().encode(text);

test("the module's delivery is signed, its type and id are passed on as hints", () => {
  const rawBody = utf8('{"type":"order.updated","timestamp":"2026-11-24T00:00:00Z","data":{}}');
  const headers: Record<string, string> = signStandardWebhook({
    id: "5f0c-1",
    at: now,
    rawBody,
    secret: "whsec_c2VjcmV0",
    hmac: hmacSha256,
  });
  const ask = (body: Uint8Array) =>
    verify({ header: (name) => headers[name], rawBody: body, secrets: ["other", "whsec_c2VjcmV0"], now });
  expect(ask(rawBody)).toStrictEqual({ kind: "signed", topic: "order.updated", deliveryId: "5f0c-1" });
  expect(ask(utf8("{}")).kind).toBe("refused");
});

test("there is no unsigned ping, and no other scheme", () => {
  expect(verify({ header: () => undefined, rawBody: utf8("webhook_id=1"), secrets: ["s"], now }).kind).toBe("refused");
});
