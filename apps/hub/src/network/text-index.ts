/**
 * Many short texts in little memory: their UTF-8 bytes lie one after the other in blocks, numbered in the order in which they
 * were added, and tables of Int32 find the number by the text. A million ids of eight letters take some 24 MB, where a Map of
 * strings takes 150, and nothing of it is work for the garbage collector.
 */

/** No text: it was never added. */
export const UNKNOWN = -1;

/** Blocks of the pool; the position of a text is block × BLOCK + offset, so that four thousand blocks fit in 32 bits. */
const BLOCK_BITS = 20;
const BLOCK = 1 << BLOCK_BITS;
const FIRST_BLOCK = 1 << 12;
/** How full a table gets before it grows. */
const FULL = 0.75;
/** Each table grows by itself, so that no single growth takes long. */
const TABLE_BITS = 6;
/** Bits of a cell that number a text: 33 million. */
const NUMBER_BITS = 25;
const MOST = 2 ** NUMBER_BITS - 1;
/** What a text may be long: its length lies before it in two bytes. */
const LONGEST = 65_535;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A text as UTF-8 bytes: those of `source` from `start` to `end`. */
export interface TextBytes {
  readonly source: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export function bytesOf(text: string): TextBytes {
  const source = encoder.encode(text);
  return { source, start: 0, end: source.length };
}

interface Table {
  /**
   * In the lower bits 1 + the number of a text, in those above some of its hash, so that hardly any other text has to be
   * looked at; 0 is free. Its length is a power of two.
   */
  cells: Uint32Array<ArrayBuffer>;
  taken: number;
}

export class TextIndex {
  readonly #blocks: Uint8Array<ArrayBuffer>[] = [];
  #offset = 0;
  /** Where each text lies. */
  #positions = new Uint32Array(16);
  #size = 0;
  readonly #tables: Table[] = [];
  #scratch = new Uint8Array(256);

  /** How many texts there are; their numbers are 0 to size − 1. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of the pool and the tables. */
  get bytes(): number {
    const blocks = this.#blocks.reduce((sum, block) => sum + block.byteLength, 0);
    return this.#tables.reduce((sum, { cells }) => sum + cells.byteLength, blocks + this.#positions.byteLength);
  }

  /** Makes room for as many texts at once, where it is known how many come and there are none yet. */
  reserve(size: number): void {
    this.#widen(size);
    if (this.#tables.length > 0) return;
    const cells = 8 * 2 ** Math.max(0, Math.ceil(Math.log2(size / 2 ** TABLE_BITS / 8 / FULL)));
    for (let no = 0; no < 1 << TABLE_BITS; no++) this.#tables.push({ cells: new Uint32Array(cells), taken: 0 });
  }

  #widen(size: number): void {
    if (size <= this.#positions.length) return;
    const wide = new Uint32Array(Math.ceil(size * 1.25));
    wide.set(this.#positions);
    this.#positions = wide;
  }

  /** The number of a text, which is added where it is new. */
  add(text: string): number {
    return this.addBytes(this.#encode(text));
  }

  /** The same of UTF-8 bytes that are there already. */
  addBytes(text: TextBytes): number {
    const { source, start, end } = text;
    if (end - start > LONGEST) throw new RangeError(`a text of ${end - start} bytes is too long to be kept`);
    const hash = hashOf(source, start, end);
    const table = this.#tableOf(hash);
    const known = this.#look(table, hash, text);
    if (known !== UNKNOWN) return known;
    const no = this.#size;
    if (no >= MOST) throw new RangeError(`more than ${MOST} texts cannot be kept`);
    this.#widen(no + 1);
    this.#positions[no] = this.#keep(source, start, end);
    this.#size++;
    if (table.taken + 1 > table.cells.length * FULL) this.#grow(table);
    insert(table, hash, no);
    return no;
  }

  find(text: string): number {
    // Half a surrogate pair has no bytes of its own: it would be found as the sign that stands for what is unknown.
    if (!text.isWellFormed()) return UNKNOWN;
    const bytes = this.#encode(text);
    const hash = hashOf(bytes.source, bytes.start, bytes.end);
    return this.#look(this.#tableOf(hash), hash, bytes);
  }

  /** The text of a number that `add` gave. */
  textOf(no: number): string {
    const { block, start, end } = this.#place(no);
    let text = "";
    for (let at = start; at < end; at++) {
      const byte = block[at] as number;
      if (byte > 127) return decoder.decode(block.subarray(start, end));
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** Which of two texts comes first by its bytes: below 0 where it is the first one. */
  compare(a: number, b: number): number {
    const [one, other] = [this.#positions[a] as number, this.#positions[b] as number];
    const block = this.#blocks[one >>> BLOCK_BITS] as Uint8Array;
    const otherBlock = this.#blocks[other >>> BLOCK_BITS] as Uint8Array;
    const [at, otherAt] = [one & (BLOCK - 1), other & (BLOCK - 1)];
    const [length, otherLength] = [lengthAt(block, at), lengthAt(otherBlock, otherAt)];
    // Past the two bytes of the length.
    for (let index = 2; index < 2 + Math.min(length, otherLength); index++) {
      const difference = (block[at + index] as number) - (otherBlock[otherAt + index] as number);
      if (difference !== 0) return difference;
    }
    return length - otherLength;
  }

  #encode(text: string): TextBytes {
    if (text.length * 3 > this.#scratch.length) this.#scratch = new Uint8Array(text.length * 3);
    return { source: this.#scratch, start: 0, end: encoder.encodeInto(text, this.#scratch).written };
  }

  #place(no: number): { block: Uint8Array; start: number; end: number } {
    if (no < 0 || no >= this.#size) throw new RangeError(`there is no text ${no}`);
    const position = this.#positions[no] as number;
    const block = this.#blocks[position >>> BLOCK_BITS] as Uint8Array;
    const at = position & (BLOCK - 1);
    return { block, start: at + 2, end: at + 2 + lengthAt(block, at) };
  }

  #keep(source: Uint8Array, start: number, end: number): number {
    const needed = 2 + end - start;
    let block = this.#blocks.at(-1);
    if (block === undefined || this.#offset + needed > block.length) {
      // The first blocks are small: most companies are.
      block = new Uint8Array(Math.min(BLOCK, Math.max(needed, FIRST_BLOCK << Math.min(this.#blocks.length, 8))));
      this.#blocks.push(block);
      this.#offset = 0;
    }
    const at = this.#offset;
    block[at] = (end - start) >> 8;
    block[at + 1] = (end - start) & 255;
    for (let index = start; index < end; index++) block[at + 2 + index - start] = source[index] as number;
    this.#offset += needed;
    return (this.#blocks.length - 1) * BLOCK + at;
  }

  #look(table: Table, hash: number, text: TextBytes): number {
    const mask = table.cells.length - 1;
    for (let cell = (hash >>> TABLE_BITS) & mask; ; cell = (cell + 1) & mask) {
      const entry = table.cells[cell] as number;
      if (entry === 0) return UNKNOWN;
      const no = (entry & MOST) - 1;
      if (entry >>> NUMBER_BITS === hash >>> NUMBER_BITS && this.#isSame(no, text)) return no;
    }
  }

  #isSame(no: number, { source, start, end }: TextBytes): boolean {
    const position = this.#positions[no] as number;
    const block = this.#blocks[position >>> BLOCK_BITS] as Uint8Array;
    const at = position & (BLOCK - 1);
    if (lengthAt(block, at) !== end - start) return false;
    for (let index = start; index < end; index++) if (block[at + 2 + index - start] !== source[index]) return false;
    return true;
  }

  #tableOf(hash: number): Table {
    const no = hash & ((1 << TABLE_BITS) - 1);
    let table = this.#tables[no];
    while (table === undefined) {
      this.#tables.push({ cells: new Uint32Array(8), taken: 0 });
      table = this.#tables[no];
    }
    return table;
  }

  #grow(table: Table): void {
    const entries = table.cells.filter((entry) => entry !== 0);
    table.cells = new Uint32Array(table.cells.length * 2);
    table.taken = 0;
    for (const entry of entries) {
      const no = (entry & MOST) - 1;
      const { block, start, end } = this.#place(no);
      insert(table, hashOf(block, start, end), no);
    }
  }
}

function lengthAt(block: Uint8Array, at: number): number {
  return ((block[at] as number) << 8) | (block[at + 1] as number);
}

function insert(table: Table, hash: number, no: number): void {
  const mask = table.cells.length - 1;
  let cell = (hash >>> TABLE_BITS) & mask;
  while (table.cells[cell] !== 0) cell = (cell + 1) & mask;
  table.cells[cell] = ((hash >>> NUMBER_BITS) << NUMBER_BITS) | (no + 1);
  table.taken++;
}

/** FNV-1a, with its bits mixed once more in the end, so that texts that count upwards do not lie side by side. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ (bytes[index] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
