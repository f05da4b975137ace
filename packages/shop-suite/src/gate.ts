/**
 * Stands between shop and hub: passes everything on, remembers what came by and when, and can be shut, which is how
 * the suite makes the hub unreachable, or slow. It can also behave as a hub would that is wrong in a certain way.
 */
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { GateMutant } from "./mutants.ts";

export interface Delivery {
  readonly at: number;
  readonly body: Body;
  readonly status: number;
  readonly signed: boolean;
}

export interface Body {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a hub answers to a shop that connects. */
export interface Granted {
  readonly store: string;
  readonly ingestUrl: string;
  readonly secret: string;
}

export interface Gate {
  readonly origin: string;
  readonly port: number;
  readonly deliveries: Delivery[];
  /** Where the hub is; it may move, and is null while there is none. */
  hub: string | null;
  /** What the hub has granted the shop. */
  granted: Granted | null;
  /** How often the shop knocked while the gate was shut. */
  knocks: number;
  isOpen: boolean;
  /** How long an answer takes. */
  delayMs: number;
  mutant: GateMutant | null;
  /** The shop's address while it is no copy; only the mutant that accepts copies needs it. */
  liveAddress: string;
  close(): Promise<void>;
}

export async function openGate(): Promise<Gate> {
  const held = new Map<number, Passing | null>();
  const server = createServer(async (request, response) => {
    const body = await read(request);
    if (!gate.isOpen || gate.hub === null) {
      gate.knocks += 1;
      request.socket.destroy();
      return;
    }
    if (gate.delayMs > 0) await wait(gate.delayMs);
    const reply = await answer(gate, held, { request, body }).catch(() => null);
    if (reply === null) return void request.socket.destroy();
    if (request.url === "/connect" && request.method === "POST" && reply.status === 200) {
      gate.granted = JSON.parse(reply.text) as Granted;
    }
    response.writeHead(reply.status, { "content-type": reply.contentType });
    response.end(reply.text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = (server.address() as AddressInfo).port;
  const gate: Gate = {
    origin: `http://127.0.0.1:${port}`,
    port,
    deliveries: [],
    hub: null,
    granted: null,
    knocks: 0,
    isOpen: true,
    delayMs: 0,
    mutant: null,
    liveAddress: "",
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
  return gate;
}

interface Passing {
  readonly request: IncomingMessage;
  readonly body: Buffer;
}

interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

async function answer(gate: Gate, held: Map<number, Passing | null>, passing: Passing): Promise<Reply> {
  if (!passing.request.url?.startsWith("/ingest/")) return passOn(gate, passing);
  const body = JSON.parse(passing.body.toString("utf8")) as Body;
  const at = Date.now();
  const reply = await takeIn(gate, held, { passing, body });
  gate.deliveries.push({ at, body, status: reply.status, signed: isSigned(passing, gate.granted) });
  return reply;
}

async function takeIn(gate: Gate, held: Map<number, Passing | null>, sent: { passing: Passing; body: Body }): Promise<Reply> {
  const { passing, body } = sent;
  if (gate.mutant === "a copy accepted") return passOn(gate, asLive(gate, body, passing));
  const id = orderOf(body);
  if (gate.mutant !== "the last state dropped" || id === undefined) return passOn(gate, passing);
  // The first state goes on at once, every other only when a newer one is there: the last one never does.
  const before = held.get(id);
  held.set(id, before === undefined ? null : passing);
  if (before === undefined) return passOn(gate, passing);
  return before ? passOn(gate, before) : { status: 202, contentType: "application/json", text: "{}" };
}

/** The same delivery with the live shop's address, signed anew: what a hub sees that does not ask where it comes from. */
function asLive(gate: Gate, body: Body, { request }: Passing): Passing {
  const data = { ...body.data, source: { ...(body.data.source as object), url: gate.liveAddress } };
  const text = Buffer.from(JSON.stringify({ ...body, data }));
  const { "webhook-id": id, "webhook-timestamp": at } = request.headers;
  const secret = gate.granted?.secret ?? "";
  request.headers["webhook-signature"] = signatureOf({ id: String(id), at: String(at), body: text, secret });
  return { request, body: text };
}

/** The number of the order that a delivery is about, as WooCommerce or Magento call it. */
export function orderOf({ data }: Body): number | undefined {
  const { id, entity_id } = (data.order ?? {}) as { id?: number; entity_id?: number | string };
  const number = id ?? entity_id;
  return number === undefined ? undefined : Number(number);
}

async function passOn(gate: Gate, { request, body }: Passing): Promise<Reply> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === "string" && !["host", "connection", "content-length", "expect"].includes(name)) headers[name] = value;
  }
  const init: RequestInit = { method: request.method ?? "GET", headers, redirect: "manual" };
  if (body.length > 0) init.body = new Uint8Array(body);
  const reply = await fetch(`${gate.hub}${request.url}`, init);
  return { status: reply.status, contentType: reply.headers.get("content-type") ?? "application/json", text: await reply.text() };
}

function isSigned({ request, body }: Passing, granted: Granted | null): boolean {
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = request.headers;
  return granted !== null && signature === signatureOf({ id: String(id), at: String(at), body, secret: granted.secret });
}

/** As Standard Webhooks has it; the suite's own few lines. */
export function signatureOf({ id, at, body, secret }: { id: string; at: string; body: Uint8Array; secret: string }): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${at}.`).update(body).digest("base64")}`;
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
