import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { cutShort } from "../http/body.ts";
import type { FailedRequest } from "../http/problem.ts";
import { accept, type Receiver, storeAt } from "./accept.ts";

/** Whether it takes a request; every other one is for the routes. */
export type DirectDoor = (request: IncomingMessage, response: ServerResponse) => boolean;

const ADDRESS = /^\/ingest\/([a-z]+)\/([\w-]+)$/;
const REQUEST_ID = /^[\w=-]{1,255}$/;

/**
 * A store's own address on node's own request, without the web's Request and Response around it: they cost more than checking the
 * signature. Says the same as `receiveRoutes` in every case. A body whose length is not announced is left to the routes.
 */
export function directDoor(receiver: Receiver, failed: (request: FailedRequest, error: Error) => Response): DirectDoor {
  return (request, response) => {
    if (request.method !== "POST") return false;
    const address = ADDRESS.exec(request.url ?? "");
    const announced = Number(request.headers["content-length"] ?? "0");
    if (address === null || !(announced > 0 && announced <= receiver.bodyLimitBytes)) return false;
    const [, platform = "", storeId = ""] = address;
    take(receiver, request, { platform, storeId, announced }).then(
      (text) => {
        const head = { "content-type": "application/json", "content-length": text.length };
        response.writeHead(200, head).end(text);
      },
      async (error: Error) => {
        const given = request.headers["x-request-id"];
        const requestId = typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID();
        const answer = failed({ requestId, route: "POST /ingest/:platform/:store", isGone: request.socket.destroyed }, error);
        const body = Buffer.from(await answer.arrayBuffer());
        const head = { ...Object.fromEntries(answer.headers), "content-length": body.length };
        response.writeHead(answer.status, head).end(body);
      },
    );
    return true;
  };
}

async function take(
  receiver: Receiver,
  request: IncomingMessage,
  at: { platform: string; storeId: string; announced: number },
): Promise<string> {
  const arrived = performance.now();
  const store = await storeAt(receiver, at);
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  };
  return receiver.room.hold(store.storeId, at.announced, async () => {
    const raw = await bodyOf(request);
    return accept(receiver, { store, header, raw, arrived, secrets: store.secrets });
  });
}

/** The whole body. Throws HubError where the sender goes away before its end; node ends it at the announced length. */
function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => void chunks.push(chunk));
    request.on("end", () => {
      const [only] = chunks;
      resolve(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks));
    });
    request.on("error", (error) => reject(cutShort(error)));
    // Every request is closed in the end: an error for each that is complete would cost more than checking its signature.
    request.on("close", () => {
      if (!request.complete) reject(cutShort(new Error("the connection was closed")));
    });
  });
}
