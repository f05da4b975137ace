/**
 * A column of many rows that travels as one value: `array_send(array_agg(column))`, an array in PostgreSQL's binary form.
 * Row by row a driver spends thirty times as long. Nulls are not expected: whoever asks puts a value in their place.
 */

/** Dimensions, a flag for nulls, the elements' type; then of the one dimension its length and first index. */
const ELEMENT_TYPE_AT = 8;
const LENGTH_AT = 12;
const ELEMENTS_AT = 20;

const INT2 = 21;
const INT4 = 23;
const INT8 = 20;
const FLOAT8 = 701;

/** The elements of a packed array of whole numbers (int2, int4, int8) or of float8. Beyond 2^53 they are the nearest. */
export function packedNumbers(packed: Buffer): Float64Array {
  const count = lengthOf(packed);
  const numbers = new Float64Array(count);
  const type = packed.readUInt32BE(ELEMENT_TYPE_AT);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const first = ELEMENTS_AT + 4;
  if (type === INT4) for (let index = 0, at = first; index < count; index++, at += 8) numbers[index] = view.getInt32(at);
  else if (type === INT2) for (let index = 0, at = first; index < count; index++, at += 6) numbers[index] = view.getInt16(at);
  else if (type === FLOAT8)
    for (let index = 0, at = first; index < count; index++, at += 12) numbers[index] = view.getFloat64(at);
  else if (type === INT8)
    for (let index = 0, at = first; index < count; index++, at += 12)
      numbers[index] = view.getInt32(at) * 4_294_967_296 + view.getUint32(at + 4);
  else throw new TypeError(`a packed array of the type ${type} holds no numbers`);
  return numbers;
}

/** The elements of a packed array of text. */
export function packedTexts(packed: Buffer): string[] {
  const texts = new Array<string>(lengthOf(packed));
  for (let index = 0, at = ELEMENTS_AT; index < texts.length; index++) {
    const end = at + 4 + packed.readInt32BE(at);
    texts[index] = packed.toString("utf8", at + 4, end);
    at = end;
  }
  return texts;
}

function lengthOf(packed: Buffer): number {
  return packed.readInt32BE(0) === 0 ? 0 : packed.readInt32BE(LENGTH_AT);
}
