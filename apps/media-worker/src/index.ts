export * from './memory-outside.js';
export * from './monotonic-clock.js';
export * from './ports.js';
export * from './prepared-speech.js';
export * from './start-media-worker.js';
export * from './vad-metrics.js';
