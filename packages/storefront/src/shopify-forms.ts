import { CODE_KEY } from "./order-keys.ts";

const NAME = `properties[${CODE_KEY}]`;
const FORMS = 'form[action*="/cart/add"]';

/**
 * Buttons such as "Buy now" on a product's page begin a checkout of their own, which knows nothing of the cart. They
 * take the form's fields along, so each form says the code as a property of its line; a leading underscore hides it.
 */
export class LineProperties {
  readonly #page: Document;
  #code: string | null = null;
  #isWatching = false;
  #isDue = false;

  constructor(page: Document) {
    this.#page = page;
  }

  /** Writes the code into every form, also into those that come later, or takes it out of all of them. */
  say(code: string | null): void {
    this.#code = code;
    this.#write();
    if (code === null || this.#isWatching) return;
    this.#isWatching = true;
    new MutationObserver((changes) => {
      if (!this.#isDue && changes.some(({ addedNodes }) => addedNodes.length > 0)) this.#writeSoon();
    }).observe(this.#page.body, { childList: true, subtree: true });
  }

  /** Themes change hundreds of nodes at once; the forms are looked through once for all of them. */
  #writeSoon(): void {
    this.#isDue = true;
    setTimeout(() => {
      this.#isDue = false;
      this.#write();
    });
  }

  #write(): void {
    for (const form of this.#page.querySelectorAll<HTMLFormElement>(FORMS)) {
      const field = form.querySelector<HTMLInputElement>(`input[name="${NAME}"]`);
      if (this.#code === null) field?.remove();
      else if (field) field.value = this.#code;
      else form.append(Object.assign(this.#page.createElement("input"), { type: "hidden", name: NAME, value: this.#code }));
    }
  }
}
