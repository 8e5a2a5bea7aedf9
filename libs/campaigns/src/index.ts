export * from './call-states.js';
export * from './dispose-call.js';
export * from './may-dial.js';
export * from './share-slots.js';
