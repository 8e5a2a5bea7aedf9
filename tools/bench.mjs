import { handOver } from './bootstrap.mjs';

handOver('tools/run-bench.mjs');
