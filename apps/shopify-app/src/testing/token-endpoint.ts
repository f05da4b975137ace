import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** How the endpoint answers the next refreshes. */
export type Mood = "renews" | "renews-without-expiry" | "refuses" | "fails";

export interface TokenEndpoint {
  readonly url: string;
  mood: Mood;
  /** Exchanges of a session token that reached it, per shop. */
  readonly exchanges: Map<string, number>;
  /** Refreshes that reached it, per shop. */
  readonly refreshes: Map<string, number>;
  /** The one refresh token of a shop that is good. */
  readonly good: Map<string, string>;
  stop(): Promise<void>;
}

/** Shopify's token endpoint in small: a refresh token works once and rotates, each shop below /shops/{shop} as at the stand-in. */
export async function startTokenEndpoint(): Promise<TokenEndpoint> {
  const exchanges = new Map<string, number>();
  const refreshes = new Map<string, number>();
  const good = new Map<string, string>();
  const state: { mood: Mood } = { mood: "renews" };
  const server: Server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const shop = /^\/shops\/([^/]+)\/admin\/oauth\/access_token$/.exec(request.url ?? "")?.[1] ?? "";
    const body = JSON.parse(Buffer.concat(chunks).toString() || "{}") as { refresh_token?: string; grant_type?: string };
    const isExchange = body.grant_type?.endsWith(":token-exchange") === true;
    const asked = isExchange ? exchanges : refreshes;
    const count = (asked.get(shop) ?? 0) + 1;
    asked.set(shop, count);
    const answer = (status: number, json: unknown) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
    };
    // A moment, so that callers who do not wait for each other meet here.
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (state.mood === "fails") return answer(502, { error: "bad gateway" });
    if (!isExchange && state.mood === "refuses") return answer(400, { error: "invalid_grant" });
    if (!isExchange && good.get(shop) !== body.refresh_token) return answer(400, { error: "invalid_grant" });
    const next = `shprt_${isExchange ? "x" : ""}${shop}_${count}`;
    good.set(shop, next);
    const ends = state.mood === "renews-without-expiry" ? {} : { expires_in: 3600 };
    const refresh = { refresh_token: next, refresh_token_expires_in: 7_776_000 };
    answer(200, {
      access_token: `shpat_${isExchange ? "x" : ""}${shop}_${count}`,
      scope: "read_orders,read_products",
      ...ends,
      ...refresh,
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get mood() {
      return state.mood;
    },
    set mood(mood) {
      state.mood = mood;
    },
    exchanges,
    refreshes,
    good,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
