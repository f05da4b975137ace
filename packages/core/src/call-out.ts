/**
 * Calls to servers that are somebody else's, such as a shop. There is one implementation (`@upline/outgoing`), handed to whoever
 * asks: it checks where an address leads before anything is sent, and bounds how long and how large an answer may be.
 */
export type CallOut = (request: OutgoingRequest) => Promise<OutgoingAnswer>;

export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Of the whole call, answer included. */
  readonly timeoutMs: number;
  /** The longest answer that is read. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Whatever the other side said, a redirect too: none is followed. */
export interface OutgoingAnswer {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Nothing came back. The message is for people, and never holds what was sent. */
export class OutgoingError extends Error {
  override name = "OutgoingError";
  /** `address`: nothing was sent, because the address may not be called; the others say what went wrong on the way. */
  readonly kind: "address" | "time" | "size" | "network";
  /** Whether the other side can have begun: false where no connection was made. */
  readonly mayHaveBegun: boolean;
  constructor(kind: OutgoingError["kind"], message: string, { mayHaveBegun = kind !== "address" } = {}) {
    super(message);
    this.kind = kind;
    this.mayHaveBegun = mayHaveBegun;
  }
}
