import { expect, test } from "vitest";
import { float64At, int16At, int32At, itemAt, uint8At, uint16At } from "./typed.ts";

test("an element that is there is answered, zero and null too; one beyond the end is refused", () => {
  expect([
    int32At(Int32Array.of(-7), 0),
    float64At(Float64Array.of(0, 2.5), 1),
    uint8At(Uint8Array.of(0), 0),
    int16At(Int16Array.of(-1), 0),
    uint16At(Uint16Array.of(9), 0),
    itemAt([null, 1], 0),
  ]).toStrictEqual([-7, 2.5, 0, -1, 9, null]);
  for (const read of [
    () => int32At(new Int32Array(2), 2),
    () => float64At(new Float64Array(2), -1),
    () => uint8At(new Uint8Array(0), 0),
    () => int16At(new Int16Array(2), 2),
    () => uint16At(new Uint16Array(2), 0.5),
    () => itemAt([1], 1),
  ])
    expect(read).toThrow(/there is no element/);
});
