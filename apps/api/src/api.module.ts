import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, APP_PIPE } from '@nestjs/core';
import { API_PARTS, type ApiParts } from './api-parts.js';
import { ApiKeyGuard } from './auth/api-key.guard.js';
import { CallsController } from './calls/calls.controller.js';
import { CampaignsController } from './campaigns/campaigns.controller.js';
import { CarrierController } from './carrier/carrier.controller.js';
import { ContactsController } from './contacts/contacts.controller.js';
import { EventsController } from './events/events.controller.js';
import { createSchemaPipe } from './http/schema-pipe.js';

@Module({ controllers: [CallsController, CampaignsController, ContactsController, EventsController, CarrierController] })
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
