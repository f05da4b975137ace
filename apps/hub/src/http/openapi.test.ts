import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, assert, beforeAll, describe, expect, it } from "vitest";
import { ERROR_CODES } from "../errors.ts";
import { EXAMPLE_ANSWER, EXAMPLE_BODIES } from "../orders/example-order.ts";
import { takenOrder } from "../orders/mlm-routes.ts";
import { sentOrder } from "../orders/sent-order.ts";
import { ONE_LINE, TRANSFORM } from "../testing/seed-fixture.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: string[];
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
}

interface Description {
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

describe("the API's description", () => {
  it("names every route of the API, each with a summary, a known tag and its refusals", async () => {
    const document = (await (await hub.app.request("/openapi.json")).json()) as Description;
    const tags = document.tags.map((tag) => tag.name);
    expect(Object.keys(document.paths)).toContain("/api/mlm/orders");
    const described = new Set<string>();
    const ids = new Set<string>();
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const name = `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
        described.add(name);
        assert.ok(operation.summary, name);
        assert.ok(
          operation.tags?.every((tag) => tags.includes(tag)),
          name,
        );
        assert.ok(operation.operationId && !ids.has(operation.operationId), name);
        ids.add(operation.operationId);
        // Whoever is to sign in is not signed in yet.
        const isStrangers = /^\/(auth|joining)\//.test(path);
        for (const status of isStrangers ? (method === "get" ? [] : ["403"]) : ["401", "403"])
          assert.ok(operation.responses[status]?.content?.["application/problem+json"], name);
        const done = Object.entries(operation.responses).find(([status]) => status.startsWith("2"));
        // Pictures are answered as what they are.
        const type = name.endsWith("/picture") ? "image/*" : "application/json";
        assert.ok(done?.[1].content?.[type]?.schema, name);
      }
    }
    const routes = hub.app.routes.filter((route) => route.path.startsWith("/api/") && route.method !== "ALL");
    for (const route of routes)
      assert.ok(described.has(`${route.method} ${route.path.replace(/\/$/, "")}`), `${route.method} ${route.path}`);
  });

  it("has examples that are what they are examples of", () => {
    expect(EXAMPLE_BODIES.normalised.value).toStrictEqual(JSON.parse(TRANSFORM));
    expect(EXAMPLE_BODIES.single.value).toStrictEqual(JSON.parse(ONE_LINE));
    for (const { value } of Object.values(EXAMPLE_BODIES)) sentOrder.parse(value);
    expect(takenOrder.parse(EXAMPLE_ANSWER)).toStrictEqual(EXAMPLE_ANSWER);
  });

  it("can be browsed without internet: the page asks its own hub for everything", async () => {
    const page = await (await hub.app.request("/docs")).text();
    const asked = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address as string);
    assert.ok(asked.length >= 5);
    for (const address of asked.filter((one) => !one.startsWith("data:"))) {
      expect(address).toMatch(/^\//);
      const { status, headers } = await hub.app.request(address);
      expect(status, address).toBe(200);
      expect(headers.get("content-type") ?? "").toMatch(/css|javascript|json/);
    }
    expect((await hub.app.request("/docs/nothing.js")).status).toBe(404);
  });

  it("has a page that explains every error code", () => {
    const text = readFileSync(join(import.meta.dirname, "../../../../docs/errors.md"), "utf8");
    for (const [code, { status }] of Object.entries(ERROR_CODES))
      expect(text, code).toMatch(new RegExp(`\\| \`${code}\` \\| ${status} \\|`));
  });
});
