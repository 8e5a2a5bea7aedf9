import { handOver } from './bootstrap.mjs';

handOver('tools/start-demo.mjs');
