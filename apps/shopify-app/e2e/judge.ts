/** What was asked of the suite, and what came of it. A step that fails ends the run: what follows would say nothing. */
export interface Step {
  readonly name: string;
  readonly ms: number;
  readonly failed: string | null;
}

export class Judge {
  readonly steps: Step[] = [];
  readonly notes: Record<string, unknown> = {};
  readonly #say: (line: string) => void;
  #look: () => Promise<void> = async () => {};

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** What is done where a step fails, such as to take a picture. */
  onFailure(look: () => Promise<void>): void {
    this.#look = look;
  }

  async step(name: string, act: () => Promise<void>): Promise<void> {
    const began = performance.now();
    let failed: string | null = null;
    try {
      await act();
    } catch (error) {
      failed = error instanceof Error ? error.message : String(error);
    }
    const ms = Math.round(performance.now() - began);
    this.steps.push({ name, ms, failed });
    this.#say(
      `${failed === null ? "ok  " : "FAIL"} ${name} (${(ms / 1000).toFixed(1)} s)${failed === null ? "" : `\n     ${failed}`}`,
    );
    if (failed === null) return;
    await this.#look().catch(() => {});
    throw new Failed(name);
  }

  note(name: string, value: unknown): void {
    this.notes[name] = value;
  }

  get ok(): boolean {
    return this.steps.length > 0 && this.steps.every(({ failed }) => failed === null);
  }
}

export class Failed extends Error {
  override name = "Failed";
}

export function demand(holds: boolean, sentence: string): void {
  if (!holds) throw new Error(sentence);
}

export function same(found: unknown, wanted: unknown, what: string): void {
  const [one, other] = [found, wanted].map((value) => JSON.stringify(value));
  demand(one === other, `${what}: ${one}, not ${other}`);
}
