import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, APP_PIPE } from '@nestjs/core';
import { API_PARTS, type ApiParts } from './api-parts.js';
import { ApiKeyGuard } from './auth/api-key.guard.js';
import { BlacklistController } from './blacklist/blacklist.controller.js';
import { CallsController } from './calls/calls.controller.js';
import { ScheduledCallsController } from './calls/scheduled-calls.controller.js';
import { CampaignActionsController } from './campaigns/campaign-actions.controller.js';
import { CampaignsController } from './campaigns/campaigns.controller.js';
import { CarrierController } from './carrier/carrier.controller.js';
import { ContactsController } from './contacts/contacts.controller.js';
import { EventsController } from './events/events.controller.js';
import { createSchemaPipe } from './http/schema-pipe.js';
import { LimitsController } from './limits/limits.controller.js';
import { NumbersController } from './numbers/numbers.controller.js';
import { ReachController } from './reach/reach.controller.js';

@Module({
  controllers: [
    ...[CallsController, ScheduledCallsController, CampaignsController, CampaignActionsController, ContactsController, ReachController],
    ...[BlacklistController, NumbersController, LimitsController, EventsController, CarrierController],
  ],
})
export class ApiModule {
  static of(parts: ApiParts): DynamicModule {
    return {
      module: ApiModule,
      providers: [
        { provide: API_PARTS, useValue: parts },
        { provide: APP_GUARD, useClass: ApiKeyGuard },
        { provide: APP_PIPE, useFactory: createSchemaPipe },
      ],
    };
  }
}
