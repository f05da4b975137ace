import { Socket } from "node:net";

interface Address {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path: string | false;
}

/**
 * Sockets for the driver, in three things unlike its own.
 *
 * They send at once: the driver leaves Nagle's algorithm on, and the last piece of a large insert then waits
 * for an acknowledgement that the other side delays by up to 40 ms.
 *
 * They are handed over before they are connected. Where a socket cannot be had the driver never frees the
 * connection that wanted it; a socket that fails to connect it hears of, and asks for another one. With
 * several hosts each attempt takes the next, and names are resolved anew each time, so that a failover is followed.
 *
 * And they end by themselves after `silentMs` without a byte: a server that vanished without a word, as one
 * whose machine died does, would otherwise keep a query waiting for a quarter of an hour.
 */
export function steadySockets({ silentMs }: { silentMs: number }): { socket: (address: Address) => Socket } {
  let attempt = 0;
  const socket = ({ host, port, path }: Address) => {
    const opened = new Socket();
    opened.setNoDelay(true);
    opened.setTimeout(silentMs, () => opened.destroy(new SilentServer()));
    const index = attempt++ % Math.max(1, host.length);
    return path ? opened.connect(path) : opened.connect(port[index] ?? 5432, host[index] ?? "localhost");
  };
  return { socket };
}

/** Judged like any lost connection. */
class SilentServer extends Error {
  override name = "SilentServer";
  readonly code = "ETIMEDOUT";
}
