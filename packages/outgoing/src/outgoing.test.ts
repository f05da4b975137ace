import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { OutgoingError } from "@upline/core";
import { assert, expect, type TestContext, test } from "vitest";
import { openOutgoing } from "./outgoing.ts";

/** A server of this machine, and how often somebody connected to it. */
async function startServer(t: TestContext, answer: RequestListener = (_, response) => response.end("here")) {
  const seen = { connections: 0 };
  const server = createServer(answer);
  server.on("connection", () => {
    seen.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.onTestFinished(() => void server.close());
  t.onTestFinished(() => server.closeAllConnections());
  return { seen, port: (server.address() as AddressInfo).port };
}

const call = (url: string) => ({ method: "GET", url, headers: {}, timeoutMs: 20_000, maxBytes: 1000 });

async function failure(promise: Promise<unknown>): Promise<OutgoingError> {
  const error = await promise.then(
    () => expect.fail("was answered"),
    (reason) => reason,
  );
  assert.ok(error instanceof OutgoingError, String(error));
  return error;
}

test("no way to write a private address is called, and all refusals read alike", async (t) => {
  const { seen, port } = await startServer(t);
  const callOut = openOutgoing({ allowPrivate: false });
  const hosts = [
    ..."127.0.0.1 127.1 2130706433 0x7f000001 0177.0.0.1 127.0.0.1. 0.0.0.0 0 localhost LOCALHOST 10.0.0.1 169.254.169.254".split(
      " ",
    ),
    ..."[::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::] [fe80::1] [fd00::1] nowhere.invalid user:pass@shop.example".split(" "),
  ];
  const messages = new Set<string>();
  for (const host of hosts)
    for (const protocol of ["http", "https"]) {
      const error = await failure(callOut(call(`${protocol}://${host}:${port}/`)));
      expect([host, error.kind, error.mayHaveBegun]).toStrictEqual([host, "address", false]);
      messages.add(error.message);
    }
  for (const url of ["ftp://shop.example/", "file:///etc/passwd", "no address", "http://1.1.1.1/"])
    messages.add((await failure(callOut(call(url)))).message);
  expect([messages.size, seen.connections]).toStrictEqual([1, 0]);
});

test("where private addresses are allowed they are called, by http too", async (t) => {
  const { port } = await startServer(t);
  const answer = await openOutgoing({ allowPrivate: true })(call(`http://localhost:${port}/`));
  expect([answer.status, answer.text]).toStrictEqual([200, "here"]);
});

test("a redirect is an answer, and is not followed", async (t) => {
  const target = await startServer(t);
  const location = `http://127.0.0.1:${target.port}/`;
  const { port } = await startServer(t, (_, response) => response.writeHead(302, { location }).end());
  const answer = await openOutgoing({ allowPrivate: true })(call(`http://127.0.0.1:${port}/`));
  expect([answer.status, answer.headers.location, target.seen.connections]).toStrictEqual([302, location, 0]);
});

test("an answer that is too long, or never comes, is ended", async (t) => {
  const callOut = openOutgoing({ allowPrivate: true });
  const endless = await startServer(t, (_, response) => {
    const more = () => response.write("x".repeat(500), () => !response.destroyed && setImmediate(more));
    more();
  });
  expect((await failure(callOut(call(`http://127.0.0.1:${endless.port}/`)))).kind).toBe("size");
  const silent = await startServer(t, () => {});
  const late = await failure(callOut({ ...call(`http://127.0.0.1:${silent.port}/`), timeoutMs: 50 }));
  expect([late.kind, late.mayHaveBegun]).toStrictEqual(["time", true]);
});

test("what was never begun can be told from what may have begun", async (t) => {
  const callOut = openOutgoing({ allowPrivate: true });
  expect((await failure(callOut(call("http://127.0.0.1:1/")))).mayHaveBegun).toBe(false);
  const { port } = await startServer(t, (request) => void request.socket.destroy());
  expect((await failure(callOut(call(`http://127.0.0.1:${port}/`)))).mayHaveBegun).toBe(true);
});
