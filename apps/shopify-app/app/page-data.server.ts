import { data } from "./framework/server.ts";
import type { Trouble } from "./ui/failure.tsx";

/** Reads what a page shows; where the hub or Shopify does not answer as it should, the page says so instead. */
export async function reading<Data>(read: () => Promise<Data>): Promise<Data> {
  try {
    return await read();
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble === null) throw error;
    const isMissing = error instanceof Error && "status" in error && error.status === 404;
    throw data(trouble, { status: isMissing ? 404 : 502 });
  }
}

/** What an action came to: nothing, or the words of who refused it. */
export async function acting<Data extends object>(act: () => Promise<Data>): Promise<Data | { readonly refused: string }> {
  try {
    return await act();
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble === null) throw error;
    return { refused: trouble.detail };
  }
}

/** By name: the pages' build holds copies of these classes, so that one from beside it is of another class and the same name. */
function troubleOf(error: unknown): Trouble | null {
  if (!(error instanceof Error)) return null;
  if (error.name === "HubProblem") return { of: "hub", detail: error.message };
  if (error.name === "AdminProblem" || error.name === "NoToken") return { of: "shopify", detail: error.message };
  return null;
}
