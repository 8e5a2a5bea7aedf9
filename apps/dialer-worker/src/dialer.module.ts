import { Module } from '@nestjs/common';

/** The dialer takes its work from queues and the clock: over HTTP it has no more to say than every service (health, metrics). */
@Module({})
export class DialerModule {}
