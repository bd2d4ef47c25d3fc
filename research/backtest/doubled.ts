/** A column of twice the length that begins with the same values, for logs that grow. */
export function doubled<C extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(column: C): C {
  const wider = new (column.constructor as new (length: number) => C)(column.length * 2);
  wider.set(column);
  return wider;
}
