/**
 * Frees bytes that have been used, instead of leaving them to the collector: those of files would wait for it by the
 * hundred, and it goes through everything else to find them. Nobody else may hold them, nor a part of them.
 */
export function giveBack(bytes: Uint8Array): void {
  const { buffer } = bytes
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength) buffer.transfer(0)
}
