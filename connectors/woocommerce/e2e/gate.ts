/**
 * Stands between shop and hub: passes everything on, remembers what came by and when, and can be shut, which is
 * how the suite makes the hub unreachable. Without a hub it answers itself, as the contract says a hub does.
 */
import { createHmac, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface Delivery {
  readonly at: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly signed: boolean;
}

export interface Gate {
  readonly origin: string;
  readonly port: number;
  readonly deliveries: Delivery[];
  /** How often the shop knocked while the gate was shut. */
  knocks: number;
  isOpen: boolean;
  close(): Promise<void>;
}

const NAMES: Readonly<Record<string, string>> = { ANNA77: "Anna M.", BEN12: "Ben K.", CARLA9: "Carla W." };

export async function openGate(hub: string | null): Promise<Gate> {
  const key = randomBytes(32);
  const gate: Gate = { origin: "", port: 0, deliveries: [], knocks: 0, isOpen: true, close: async () => {} };
  let secret = key;
  const server = createServer(async (request, response) => {
    if (!gate.isOpen) {
      gate.knocks += 1;
      request.socket.destroy();
      return;
    }
    const body = await read(request);
    const reply = hub ? await passOn(hub, request, body) : answer(gate.origin, key, request);
    const text = reply.text;
    let sent = text;
    if (request.url === "/connect" && request.method === "POST" && reply.status === 200) {
      // The shop is to keep using the gate.
      const granted = JSON.parse(text) as { ingestUrl: string; secret: string };
      secret = Buffer.from(granted.secret.slice("whsec_".length), "base64");
      sent = JSON.stringify({ ...granted, ingestUrl: gate.origin + new URL(granted.ingestUrl).pathname });
    }
    if (request.url?.startsWith("/ingest/")) note(gate, request, body, reply.status, secret);
    response.writeHead(reply.status, { "content-type": reply.contentType });
    response.end(sent);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = (server.address() as AddressInfo).port;
  return Object.assign(gate, {
    port,
    origin: `http://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

async function passOn(hub: string, request: IncomingMessage, body: Buffer): Promise<Reply> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === "string" && !["host", "connection", "content-length", "expect"].includes(name)) headers[name] = value;
  }
  const init: RequestInit = { method: request.method ?? "GET", headers, redirect: "manual" };
  if (body.length > 0) init.body = new Uint8Array(body);
  const reply = await fetch(hub + request.url, init);
  return { status: reply.status, contentType: reply.headers.get("content-type") ?? "application/json", text: await reply.text() };
}

function answer(origin: string, key: Buffer, request: IncomingMessage): Reply {
  const json = (status: number, value: unknown): Reply => ({
    status,
    contentType: "application/json",
    text: JSON.stringify(value),
  });
  const path = request.url ?? "";
  if (path.startsWith("/ingest/")) return json(202, {});
  if (path === "/connect" && request.method === "POST") {
    return json(200, {
      store: "e2e",
      ingestUrl: `${origin}/ingest/woocommerce/e2e`,
      secret: `whsec_${key.toString("base64")}`,
      token: "e2e",
      company: "E2E Company",
    });
  }
  if (path === "/connect/test") return json(200, { ok: true, company: "E2E Company", store: "e2e" });
  const code = path.match(/^\/connect\/referrals\/([^/]+)$/)?.[1];
  const name = code && NAMES[code];
  return name ? json(200, { code, displayName: name, active: true }) : json(404, { title: "Not found" });
}

function note(gate: Gate, request: IncomingMessage, body: Buffer, status: number, secret: Buffer): void {
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = request.headers;
  const mac = createHmac("sha256", secret).update(`${id}.${at}.`).update(body).digest("base64");
  const { type, data } = JSON.parse(body.toString("utf8")) as { type: string; data: Record<string, unknown> };
  gate.deliveries.push({ at: Date.now(), type, data, status, signed: signature === `v1,${mac}` });
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
