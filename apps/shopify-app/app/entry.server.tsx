import { PassThrough } from "node:stream";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { frameHeaders } from "./frame-headers.server.ts";
import { Rendered } from "./framework/client.ts";
import { createReadableStreamFromReadable, type EntryContext, partsIn } from "./framework/server.ts";

export { answerPages } from "./framework/server.ts";

export const streamTimeout = 10_000;

/** Renders a document; the framework calls it with these arguments in this order. */
export default function renderDocument(
  ...[request, status, headers, context, load]: [Request, number, Headers, EntryContext, Readonly<Record<string, unknown>>]
): Promise<Response> {
  const parts = partsIn(load);
  frameHeaders(parts, request, headers);
  headers.set("content-type", "text/html; charset=utf-8");
  const whole = isbot(request.headers.get("user-agent"));
  return new Promise((resolve, reject) => {
    let failed = false;
    const send = () => {
      const body = new PassThrough();
      stream.pipe(body);
      resolve(new Response(createReadableStreamFromReadable(body), { headers, status: failed ? 500 : status }));
    };
    const stream = renderToPipeableStream(<Rendered context={context} url={request.url} />, {
      ...(whole ? { onAllReady: send } : { onShellReady: send }),
      onShellError: reject,
      onError: (error) => {
        failed = true;
        parts.log.error({ error: error instanceof Error ? error.message : "unknown" }, "a page could not be rendered");
      },
    });
    setTimeout(() => stream.abort(), streamTimeout + 1_000).unref();
  });
}

/** An error of a loader, which the library would hide behind an empty page. */
export function handleError(
  error: unknown,
  { request, context }: { request: Request; context: Readonly<Record<string, unknown>> },
): void {
  if (request.signal.aborted) return;
  const path = new URL(request.url).pathname;
  partsIn(context).log.error({ path, error: error instanceof Error ? error.name : "unknown" }, "a page failed");
}
