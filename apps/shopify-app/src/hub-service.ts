import { answerOf, createHubClient, HubProblem } from "@upline/hub/client";
import { z } from "zod";
import type { Fetch } from "./outgoing.ts";

/** What the app asks of the hub in its own name, with the service key; what a shop asks goes by the shop's own key. */

export type Join =
  | { readonly kind: "create"; readonly company_name: string }
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "again" };

export interface ShopToConnect {
  readonly domain: string;
  /** Digits. */
  readonly shop_id: string;
  readonly name: string;
  readonly currency: string;
  readonly time_zone: string;
  readonly join: Join;
}

export type ConnectedShop = Awaited<ReturnType<HubService["connect"]>>;

const refusal = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

export class HubService {
  readonly #url: string;
  readonly #key: string;
  readonly #fetch: Fetch;

  constructor(options: { readonly url: string; readonly key: string; readonly fetch?: Fetch }) {
    this.#url = options.url;
    this.#key = options.key;
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
  }

  /** Maps the shop to its company, with a new key for it. Throws HubProblem. */
  connect(shop: ShopToConnect) {
    const { shops } = this.ofShop(this.#key).service;
    return answerOf(shops.$post({ json: { platform: "shopify", ...shop } }));
  }

  /** Tells the hub something of a shop, as it was kept when it came. Throws HubProblem. */
  async tell(shop: string, address: string, body: unknown): Promise<void> {
    await this.#post(`/shops/${shop}/${address}`, body);
  }

  /** With the key of a shop: the API as its company has it. */
  ofShop(key: string) {
    return createHubClient({ url: this.#url, key, timeoutMs: 15_000, fetch: this.#fetch });
  }

  async #post(path: string, body: unknown): Promise<Response> {
    let response: Response;
    try {
      response = await this.#fetch(`${this.#url}/api/service${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${this.#key}`, "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(15_000),
      });
    } catch (cause) {
      throw unreachable(cause);
    }
    if (!response.ok) throw await problemFrom(response);
    return response;
  }
}

function unreachable(cause: unknown): HubProblem {
  const detail = "The hub could not be reached.";
  return new HubProblem({ status: 0, code: "unreachable", title: "The hub cannot be reached", detail, cause });
}

async function problemFrom(response: Response): Promise<HubProblem> {
  const { status } = response;
  const read = refusal.safeParse(await response.json().catch(() => null));
  const detail = read.success ? read.data.detail : `HTTP ${status} from the hub's address.`;
  const title = read.success ? read.data.title : "No answer of the hub";
  const fields = read.success ? (read.data.errors ?? []) : [];
  return new HubProblem({
    status,
    code: status === 409 ? "conflict" : status === 404 ? "not-found" : "unavailable",
    title,
    detail,
    fields,
  });
}
