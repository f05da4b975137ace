import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiDescription } from "../../fuzz/api-calls.ts";
import { openTestHub, type TestHub } from "../../testing/test-hub.ts";
import { failureOf } from "./measure.ts";
import { questionsOf } from "./questions.ts";
import { readSamples } from "./samples.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const described = async () => (await (await hub.app.request("/openapi.json")).json()) as ApiDescription;
/** The samples' values do not matter here, only that there are some. */
const samples = () =>
  readSamples(async () => ({
    items: [
      {
        order_id: "1",
        entry: "a:1:1:1",
        updated_at: "2026-06-01",
        plan_hash: "a".repeat(64),
        store_id: "st_a",
        delivery_id: "1",
      },
    ],
    runs: [],
  }));

describe("the questions of the API's bench", () => {
  it("are about every GET that the API has, and every filter of each", async () => {
    const asked = questionsOf(await described(), await samples());
    const routes = hub.app.routes.filter(
      ({ path, method }) => /^\/api\/(?!service\/|people|keys|outbox|views|me$|me\/|portal)/.test(path) && method === "GET",
    );
    expect(routes.length).toBeGreaterThan(30);
    const named = new Set(asked.map(({ route }) => route.replaceAll(/\{(\w+)\}/g, ":$1")));
    expect(routes.map(({ path }) => path.replace(/\/$/, "")).filter((path) => !named.has(path))).toStrictEqual([]);
    for (const [route, { get }] of Object.entries((await described()).paths))
      for (const { name } of (get?.security === undefined ? (get?.parameters ?? []) : []).filter(
        (parameter) => parameter.in === "query",
      ))
        expect(
          asked.some((question) => question.route === route && question.filter.includes(`${name}=`)),
          `${route} ${name}`,
        ).toBe(true);
  });

  it("cannot forget a new route or a new filter", async () => {
    const parameter = { name: "colour", in: "query", schema: { type: "string" } };
    const description = { paths: { "/api/new": { get: { parameters: [parameter] }, post: {} } } };
    expect(() => questionsOf(description, {})).toThrow(/no value for colour of \/api\/new/);
    expect(questionsOf(description, { colour: { some: ["red"], none: ["x y"] } })).toStrictEqual([
      { route: "/api/new", filter: "", address: "/api/new" },
      { route: "/api/new", filter: "colour=red", address: "/api/new?colour=red" },
      { route: "/api/new", filter: "colour=x+y", address: "/api/new?colour=x+y" },
    ]);
  });

  it("join each two filters, and fill in every path", () => {
    const filter = (name: string) => ({ name, in: "query" });
    const path = { name: "id", in: "path", required: true };
    const description = { paths: { "/api/a/{id}": { get: { parameters: [path, filter("b"), filter("c")] } } } };
    const either = { some: ["1", "2"], none: ["0"] };
    expect(
      questionsOf(description, { id: { some: ["x/y"], none: ["z"] }, b: either, c: either }).map(({ address }) => address),
    ).toStrictEqual(
      ["", "?b=1", "?b=2", "?b=0", "?c=1", "?c=2", "?c=0", "?b=2&c=2", "?b=1&c=0", "?b=0&c=1"]
        .map((query) => `/api/a/x%2Fy${query}`)
        .concat("/api/a/z"),
    );
  });

  it("are all understood by the API", async () => {
    const headers = { authorization: `Bearer ${hub.company.keys.admin}` };
    for (const { address } of questionsOf(await described(), await samples())) {
      const { status } = await hub.app.request(address, { headers });
      expect([200, 404], `${address}: ${status}`).toContain(status);
    }
  }, 60_000);
});

it("fails what is slower than the limits, once or mostly, and what was not answered", () => {
  const limits = { p95Ms: 50, maxMs: 200 };
  const measured = { route: "/api/a", filter: "", address: "/api/a", status: 200, firstMs: 1, p50Ms: 1, p95Ms: 50, maxMs: 200 };
  expect(failureOf(measured, limits)).toBeNull();
  expect(failureOf({ ...measured, status: 404 }, limits)).toBeNull();
  expect(failureOf({ ...measured, p95Ms: 50.1 }, limits)).toBe("p95 50 ms");
  expect(failureOf({ ...measured, maxMs: 201 }, limits)).toBe("201 ms once");
  expect(failureOf({ ...measured, status: 400 }, limits)).toBe("answered 400");
});
