/** The hub as a long-running server: starts its parts, says where it listens, and loses nothing when it is stopped. */
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./db/embedded.ts";
import { type Env, EnvError, readEnv } from "./env.ts";
import { type Hub, type Listening, listen, openHub } from "./hub.ts";

try {
  const env = readEnv();
  const embedded =
    env.databaseUrl === null ? await startEmbeddedPostgres({ dataDir: env.dataDir, port: env.databasePort }) : null;
  const { hub, listening } = await start(env, embedded).catch(async (error) => {
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
    // Whoever started it: a hub that was killed leaves its database running for this one.
    await embedded?.stop();
    hub.log.info({}, "stopped");
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // Windows knows no such signal, and never sends it.
  process.on("SIGUSR2", () => hub.metrics.forgetLatencies());
} catch (error) {
  const known = error instanceof EnvError || error instanceof Error;
  process.stderr.write(`${known ? error.message : "The hub could not start."}\n`);
  process.exit(1);
}

async function start(env: Env, embedded: EmbeddedPostgres | null): Promise<{ hub: Hub; listening: Listening }> {
  await embedded?.claim();
  const hub = await openHub(env, env.databaseUrl ?? (embedded?.url as string));
  try {
    return { hub, listening: await listen(hub, env) };
  } catch (error) {
    await hub.close();
    throw error;
  }
}
