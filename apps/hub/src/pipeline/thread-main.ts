/** The pipeline's thread: the worker with connections of its own, told what to do by `thread.ts`. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { connect } from "../db/connect.ts";
import { openLog } from "../log.ts";
import { openSecretBox } from "../secret-box.ts";
import { DirectoryCache } from "./directory.ts";
import type { FromThread, ThreadData, ToThread } from "./thread.ts";
import { Worker } from "./worker.ts";

const { env, databaseUrl } = workerData as ThreadData;
const port = parentPort as MessagePort;
const db = connect(databaseUrl, { app: 4, gate: 2 });
const tell = (message: FromThread) => port.postMessage(message);
const worker = new Worker({
  context: { db, directories: new DirectoryCache(db, openSecretBox(env)) },
  log: openLog(env.logLevel),
  meter: {
    processed: (report) => tell({ kind: "processed", report }),
    putOff: () => tell({ kind: "put-off" }),
    sweptIn: (deliveries) => tell({ kind: "swept-in", deliveries }),
  },
});

port.on("message", async (message: ToThread) => {
  switch (message.kind) {
    case "offer":
      return worker.offer(message.deliveries);
    case "start":
      return worker.start();
    case "sweep":
      return tell({ kind: "done", ask: message.ask, count: await worker.sweep(message.olderThanMs) });
    case "idle":
      await worker.idle();
      return tell({ kind: "done", ask: message.ask, count: 0 });
    case "stop":
      await worker.stop();
      await db.close();
      return tell({ kind: "done", ask: message.ask, count: 0 });
  }
});
