import { HubError } from "../errors.ts";

/** What a request says of its body's size; one that comes in chunks may be as large as the limit. Throws HubError where it is larger. */
export function announcedBytes(request: Request, limitBytes: number): number {
  const bytes = Number(request.headers.get("content-length") ?? "0");
  if (bytes > limitBytes) throw tooLarge(limitBytes);
  return request.headers.has("transfer-encoding") ? limitBytes : bytes;
}

/** A request's body, as it came. Throws HubError where it is too large, or ends before it is complete. */
export async function readBytes(request: Request, limitBytes: number): Promise<Buffer> {
  const announced = announcedBytes(request, limitBytes);
  try {
    if (announced > 0 && !request.headers.has("transfer-encoding")) return Buffer.from(await request.arrayBuffer());
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > limitBytes) throw tooLarge(limitBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw error instanceof HubError ? error : cutShort(error);
  }
}

/** Whoever sends went away in the middle: nothing of ours went wrong. */
export function cutShort(cause: unknown): HubError {
  return new HubError("bad-request", "The body ended before it was complete: send it again.", { cause });
}

export function tooLarge(limitBytes: number): HubError {
  return new HubError("too-large", `A body may have at most ${limitBytes} bytes.`);
}
