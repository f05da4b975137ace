import { Session } from "@shopify/shopify-api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase } from "./database.ts";
import { Sessions } from "./sessions.ts";
import { makeDatabase, openTestApp, type TestApp } from "./testing/open-test-app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const shop = "there-and-back.myshopify.com";

it("takes a session there and back, whole", async () => {
  const session = new Session({
    ...{ id: `offline_${shop}`, shop, state: "", isOnline: false, scope: "read_orders,read_products", accessToken: "shpat_1" },
    ...{ expires: new Date("2030-01-02T03:04:05.678Z"), refreshToken: "shprt_1" },
    ...{ refreshTokenExpires: new Date("2030-04-02T03:04:05.678Z") },
  });
  await app.sessions.storeSession(session);
  const back = await app.sessions.loadSession(session.id);
  expect(back?.toObject()).toMatchObject(session.toObject());
  expect((await app.sessions.findSessionsByShop(shop)).map(({ id }) => id)).toStrictEqual([session.id]);
  await app.sessions.deleteSessions([session.id]);
  expect(await app.sessions.loadSession(session.id)).toBeUndefined();
});

it("two migrations at once take turns, and a second start changes nothing", async () => {
  const database = await makeDatabase();
  const opened = await Promise.all([openDatabase(database.url), openDatabase(database.url)]);
  await Promise.all(opened.map(({ close }) => close()));
  await database.drop();
});

it("a database that is down fails loudly, and does not look like a shop without the app", async () => {
  const database = await makeDatabase();
  const { db, close } = await openDatabase(database.url);
  const sessions = new Sessions(db);
  await database.drop();
  await expect(sessions.loadSession(`offline_${shop}`)).rejects.toThrow();
  await expect(sessions.deleteSession(`offline_${shop}`)).rejects.toThrow();
  await expect(sessions.deleteSessions([`offline_${shop}`])).rejects.toThrow();
  await expect(sessions.findSessionsByShop(shop)).rejects.toThrow();
  await close();
});

it("answers 503 while the database is away, so that Shopify sends again", async () => {
  const away = await openTestApp();
  await away.close();
  expect((await away.server.request("/healthz")).status).toBe(503);
});
