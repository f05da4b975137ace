import { parseJson } from "./json.ts";
import { isObject } from "./payload.ts";

/** As shops' own parts of Upline write it; quotes within a text are always escaped, so that no text can look like it. */
const SOURCE_URL = /"source"\s*:\s*\{\s*"url"\s*:\s*("(?:[^"\\]|\\.)*")/g;

/**
 * The shop's own address as the plugin or module tells it in every delivery; null where it tells none, as WooCommerce's built-in webhooks.
 * Asked before a delivery is kept: the body is parsed only where it names several.
 */
export function sourceOfBody(body: string): string | null {
  const named = new Set(Array.from(body.matchAll(SOURCE_URL), ([, text]) => text as string));
  if (named.size === 0) return null;
  try {
    const [only] = named;
    if (named.size === 1 && only !== undefined) return String(parseJson(only));
    const read = parseJson(body);
    const data = isObject(read) ? read.data : undefined;
    const source = isObject(data) ? data.source : undefined;
    return isObject(source) && typeof source.url === "string" ? source.url : null;
  } catch {
    // What is no JSON becomes a dead letter, which people see.
    return null;
  }
}
