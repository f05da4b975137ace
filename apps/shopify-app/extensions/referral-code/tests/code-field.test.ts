// @vitest-environment jsdom
import { getExtension } from "@shopify/ui-extensions-tester";
import { createResult } from "@shopify/ui-extensions-tester/checkout";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { find, settle, submit } from "./page.ts";

const extension = getExtension("purchase.checkout.block.render");
beforeEach(() => extension.setUp());
afterEach(() => extension.tearDown());

function watchChanges(results: ("success" | "error")[] = []) {
  const change = vi.fn(async () =>
    createResult("applyAttributeChange", results.shift() === "error" ? { type: "error", message: "no" } : { type: "success" }),
  );
  extension.shopify.applyAttributeChange = change;
  return change;
}

test("a code that the buyer types is written to the order, and then that the buyer did it", async () => {
  const change = watchChanges();
  await extension.render();
  expect(find("s-text-field").getAttribute("label")).toBe("field.label");
  submit(" Anna77 ");
  await settle();
  expect(change.mock.calls).toStrictEqual([
    [{ type: "updateAttribute", key: "_ref_code", value: "Anna77" }],
    [{ type: "updateAttribute", key: "_ref_source", value: "checkout" }],
  ]);
});

test("what is no code is refused beside the field, and nothing is written", async () => {
  const change = watchChanges();
  await extension.render();
  for (const typed of ["", "anna 77", "x".repeat(61), "АNNA"]) {
    submit(typed);
    await settle();
    expect(Reflect.get(find("s-text-field"), "error") ?? find("s-text-field").getAttribute("error"), typed).toBe("field.invalid");
  }
  expect(change.mock.calls).toStrictEqual([]);
});

test("a change that the checkout refuses is said, and no mark is left without a code", async () => {
  const change = watchChanges(["error"]);
  await extension.render();
  submit("ANNA77");
  await settle();
  expect(find("s-text-field").getAttribute("error")).toBe("field.refused");
  expect(change).toHaveBeenCalledTimes(1);
});

test("a code that is there is shown and can be taken away, with a mark that keeps links from bringing it back", async () => {
  const change = watchChanges();
  extension.shopify.i18n.translate = ((key: string, words?: Record<string, string>) =>
    `${key} ${words?.code ?? ""}`.trim()) as never;
  extension.shopify.attributes.value = [{ key: "_ref_code", value: "ANNA77" }];
  await extension.render();
  expect(find("s-text").textContent).toBe("field.applied ANNA77");
  find("s-button").dispatchEvent(new Event("click"));
  await settle();
  expect(change.mock.calls).toStrictEqual([
    [{ type: "removeAttribute", key: "_ref_code" }],
    [{ type: "updateAttribute", key: "_ref_source", value: "checkout" }],
  ]);
});

test("where the checkout allows no change nothing is offered", async () => {
  extension.shopify.instructions.value.attributes.canUpdateAttributes = false;
  await extension.render();
  expect(document.body.innerHTML).toBe("");
});

test("where the checkout allows no change a code that is there can be seen, and not taken away", async () => {
  extension.shopify.instructions.value.attributes.canUpdateAttributes = false;
  extension.shopify.attributes.value = [{ key: "_ref_code", value: "ANNA77" }];
  await extension.render();
  expect(find("s-text").textContent).toBe("field.applied");
  expect(document.body.querySelector("s-button")).toBe(null);
});
