/** SpeexDSP's own functions; pointers are offsets into `HEAPU8`. The views are others once its memory has grown. */
declare module '@echogarden/speex-resampler-wasm/simd' {
  export interface SpeexModule {
    readonly HEAPU8: Uint8Array;
    readonly HEAP16: Int16Array;
    readonly HEAPU32: Uint32Array;
    _malloc(sizeBytes: number): number;
    _free(pointer: number): void;
    _speex_resampler_init(channels: number, fromHz: number, toHz: number, quality: number, error: number): number;
    _speex_resampler_process_int(
      state: number,
      channel: number,
      input: number,
      inputCount: number,
      output: number,
      outputCount: number,
    ): number;
    _speex_resampler_destroy(state: number): void;
  }
  const instantiate: () => Promise<SpeexModule>;
  export default instantiate;
}
