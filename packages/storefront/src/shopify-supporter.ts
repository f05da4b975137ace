/**
 * Tells the buyer whom their order supports. The block of the theme brings the element, hidden and out of the page's
 * flow, so that nothing shifts; a name comes from the app and is a display name ("Anna M."), nothing else.
 */
export class SupporterNote {
  readonly #root: HTMLElement;
  readonly #nameOf: (code: string) => Promise<string | null>;
  readonly #kept: Storage;
  #code: string | null = null;

  constructor(root: HTMLElement, kept: Storage, nameOf: (code: string) => Promise<string | null>) {
    this.#root = root;
    this.#kept = kept;
    this.#nameOf = nameOf;
    root.querySelector("button")?.addEventListener("click", () => {
      if (this.#code !== null) this.#kept.setItem(HIDDEN, this.#code);
      this.#root.hidden = true;
    });
  }

  /** A code of nobody shows nothing: the address of a page must not put words on it. */
  async show(code: string | null): Promise<void> {
    this.#code = code;
    const name = code === null || this.#kept.getItem(HIDDEN) === code ? null : await this.#lookUp(code);
    // The visitor may have withdrawn their consent meanwhile.
    if (this.#code !== code) return;
    this.#root.hidden = name === null;
    const text = this.#root.querySelector<HTMLElement>("[data-text]");
    if (text && name !== null) text.textContent = (text.dataset.text ?? "").replace("[name]", () => name);
  }

  /** Forgets what was kept of this visitor for the visit. */
  forget(): void {
    for (const key of [NAME, HIDDEN]) this.#kept.removeItem(key);
  }

  async #lookUp(code: string): Promise<string | null> {
    const [known, name] = (this.#kept.getItem(NAME) ?? "").split("\n");
    if (known === code) return name || null;
    const found = await this.#nameOf(code);
    this.#kept.setItem(NAME, `${code}\n${found ?? ""}`);
    return found;
  }
}

const NAME = "upline_supporter";
const HIDDEN = "upline_supporter_hidden";

/** Asks the app whose code this is. No answer is no name, and is asked again on the next visit. */
export function askName(address: string, send: typeof fetch): (code: string) => Promise<string | null> {
  return async (code) => {
    const asked = `${address}${address.includes("?") ? "&" : "?"}code=${encodeURIComponent(code)}`;
    const answer = await send(asked, { credentials: "omit" }).catch(() => null);
    const found = answer?.ok ? await answer.json().catch(() => null) : null;
    return typeof found?.name === "string" && found.name !== "" ? found.name.slice(0, 60) : null;
  };
}
