import { handOver } from './bootstrap.mjs';

handOver('tools/run-tests.mjs');
