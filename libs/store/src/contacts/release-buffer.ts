/// <reference lib="es2024.arraybuffer" />

/**
 * Frees the memory of a buffer now, not when the garbage is collected: that is done by the count of objects, of which an import makes few, and up to
 * 64 MB of such buffers would pile up in each thread. Nothing may use it afterwards.
 */
export function releaseBuffer(buffer: ArrayBuffer): void {
  buffer.transfer(0);
}
