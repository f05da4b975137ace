/** The hub as a long-running server: starts its parts, says where it listens, and loses nothing when it is stopped. */
import { startEmbeddedPostgres } from "./db/embedded.ts";
import { EnvError, readEnv } from "./env.ts";
import { listen, openHub } from "./hub.ts";

try {
  const env = readEnv();
  const embedded =
    env.databaseUrl === null ? await startEmbeddedPostgres({ dataDir: env.dataDir, port: env.databasePort }) : null;
  const hub = await openHub(env, env.databaseUrl ?? (embedded?.url as string));
  const listening = await listen(hub, env).catch(async (error) => {
    await hub.close();
    if (embedded?.startedHere) await embedded.stop();
    throw error;
  });
  hub.log.info(
    { url: listening.url, docs: `${listening.url}/docs`, database: embedded ? "embedded" : "external" },
    "the hub is listening",
  );
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    hub.log.info({ signal }, "stopping: finishing what is under way");
    await listening.close();
    if (embedded?.startedHere) await embedded.stop();
    hub.log.info({}, "stopped");
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
} catch (error) {
  const known = error instanceof EnvError || error instanceof Error;
  process.stderr.write(`${known ? error.message : "The hub could not start."}\n`);
  process.exit(1);
}
