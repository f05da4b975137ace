import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { adminApi } from "./admin-api.ts";
import { adminFrame } from "./admin-frame.ts";
import { control } from "./control.ts";
import { DEMO_SHOPS } from "./demo-shops.ts";
import { type Embed, embedAssets } from "./embed.ts";
import { Site, type SiteOptions } from "./site.ts";
import { storefront } from "./storefront.ts";

export interface StandinOptions extends SiteOptions {
  /** 0, as is usual in tests, takes any free one. */
  readonly port?: number;
  readonly embed?: Embed;
}

export interface Standin {
  readonly url: string;
  readonly site: Site;
  stop(): Promise<void>;
}

/**
 * Starts a stand-in for Shopify on this machine: deterministic, resettable, never in production. Everything of a shop lies
 * below `/shops/<domain>`, as its own address does at Shopify; tests steer it through `site`, other processes through `/control`.
 */
export async function startStandin(options: StandinOptions): Promise<Standin> {
  if (process.env.NODE_ENV === "production") {
    throw new Error("The stand-in of Shopify signs anything for anybody: it does not start with NODE_ENV=production.");
  }
  const site = new Site({ ...options, shops: options.shops ?? DEMO_SHOPS });
  const app = new Hono({ strict: false });
  app.route("/", adminApi(site));
  app.route("/", adminFrame(site));
  app.route("/", embedAssets());
  app.route("/", storefront(site, options.embed));
  app.route("/control", control(site));
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: options.port ?? 0 });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  site.bulk.address = url;
  return {
    url,
    site,
    stop: async () => {
      await site.webhooks.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      });
    },
  };
}
