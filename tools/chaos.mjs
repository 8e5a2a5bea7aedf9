import { handOver } from './bootstrap.mjs';

handOver('tools/run-chaos.mjs');
