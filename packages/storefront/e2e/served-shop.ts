import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { CHROMIUM_ARGS, chromiumPath } from "@upline/testing/chromium";
import { type Browser, chromium } from "playwright-core";

export const executablePath = chromiumPath();

/** Pages of a shop on this machine, and a browser to visit them with. */
export interface ServedShop {
  readonly origin: string;
  readonly browser: Browser;
  stop(): Promise<void>;
}

export async function serveShop(answer: RequestListener): Promise<ServedShop> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath: executablePath ?? "", args: [...CHROMIUM_ARGS] });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    browser,
    stop: async () => {
      await browser.close();
      server.close();
    },
  };
}
