// @vitest-environment jsdom
import { getExtension } from "@shopify/ui-extensions-tester";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { find, settle, submit } from "./page.ts";

// The address is written into the extension when it is built; here it is read when the module loads.
process.env.SHOPIFY_APP_URL = "https://app.example.com";
const extension = getExtension("purchase.thank-you.block.render");
beforeEach(() => extension.setUp());
afterEach(() => extension.tearDown());

function answerWith(...statuses: number[]) {
  const send = vi.fn<typeof fetch>(async () => new Response(null, { status: statuses.shift() ?? 500 }));
  extension.fetch = send;
  return send;
}

test("a claim goes to the app with the session token, the order and the code", async () => {
  const send = answerWith(202);
  extension.shopify.orderConfirmation.value.order.id = "gid://shopify/OrderIdentity/820982911946154508";
  extension.shopify.checkoutToken.value = "c1-token";
  await extension.render();
  submit("ANNA77");
  await settle();
  const [address, request] = send.mock.calls[0] ?? [];
  expect(address).toBe("https://app.example.com/evidence/claim");
  expect(request).toMatchObject({ method: "POST", headers: { authorization: "Bearer mock-session-token" } });
  expect(JSON.parse(String(request?.body))).toStrictEqual({
    order_id: "gid://shopify/OrderIdentity/820982911946154508",
    checkout_token: "c1-token",
    code: "ANNA77",
  });
  expect(find("s-banner").getAttribute("heading")).toBe("claim.sent");
  expect(document.body.querySelector("s-form")).toBe(null);
});

test("what the app does not take can be sent again", async () => {
  const send = answerWith(503, 202);
  await extension.render();
  submit("ANNA77");
  await settle();
  expect(find("s-text-field").getAttribute("error")).toBe("claim.failed");
  submit("ANNA77");
  await settle();
  expect(find("s-banner").getAttribute("heading")).toBe("claim.sent");
  expect(send).toHaveBeenCalledTimes(2);
});

test("an order that carries a code asks nothing", async () => {
  extension.shopify.attributes.value = [{ key: "_ref_code", value: "ANNA77" }];
  await extension.render();
  expect(find("s-text").textContent).toBe("claim.known");
  expect(document.body.querySelector("s-form")).toBe(null);
});
