export * from './acs-carrier.js';
export * from './acs-media-codec.js';
export * from './acs-result-codes.js';
export * from './call-token.js';
export * from './carrier.js';
export * from './media-codec.js';
