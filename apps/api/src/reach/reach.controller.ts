import {
  callbackRequestSchema,
  contactDetailsSchema,
  contactPageSchema,
  contactQuerySchema,
  contactViewSchema,
  forecastQuerySchema,
  forecastViewSchema,
  whyViewSchema,
  type CallbackRequest,
  type ContactDetails,
  type ContactView,
  type ForecastQuery,
  type ForecastView,
  type Page,
  type WhyView,
} from '@carillon/contracts';
import { findContact, forecastContacts, listContacts, requestCallback, whyContact, type ApiIdentity } from '@carillon/store';
import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { API_PARTS, type ApiParts } from '../api-parts.js';
import { Caller } from '../auth/caller.js';
import { TenantId } from '../auth/tenant-id.js';
import { ApiAnswer, ApiErrors } from '../http/answers.js';
import { refuseUnknownCampaign } from '../campaigns/refuse-unknown-campaign.js';
import { found } from '../http/found.js';
import { IdParam } from '../http/id-param.js';
import { RowIdParam } from '../http/row-id-param.js';

/** Whom a campaign reaches: its contacts, one by one. */
@ApiTags('contacts')
@ApiBearerAuth()
@Controller()
export class ReachController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get('campaigns/:id/contacts')
  @ApiOperation({ summary: 'Contacts of a campaign, in the order of their upload' })
  @ApiAnswer(200, contactPageSchema)
  @ApiErrors('not_found', 'invalid_body')
  async list(
    @TenantId() tenantId: string,
    @IdParam() campaignId: string,
    @Query({ schema: contactQuerySchema }) { phone_number: phoneE164, ...query }: z.infer<typeof contactQuerySchema>,
  ): Promise<Page<ContactView>> {
    const { store } = this.parts;
    await refuseUnknownCampaign(store, { tenantId, campaignId });
    return listContacts(store, { tenantId, campaignId, phoneE164, ...query });
  }

  @Get('contacts/:id')
  @ApiOperation({ summary: 'A contact with its calls' })
  @ApiAnswer(200, contactDetailsSchema)
  @ApiErrors('not_found')
  async find(@TenantId() tenantId: string, @RowIdParam() contactId: string): Promise<ContactDetails> {
    return found(await findContact(this.parts.store, { tenantId, contactId }), 'contact');
  }

  @Get('contacts/:id/why')
  @ApiOperation({ summary: 'Why it is called now, or is not, and when it will be', description: 'In plain words, and as data.' })
  @ApiAnswer(200, whyViewSchema)
  @ApiErrors('not_found')
  async why(@TenantId() tenantId: string, @RowIdParam() contactId: string): Promise<WhyView> {
    const { store, account, now } = this.parts;
    return found(await whyContact(store, { tenantId, contactId, account, now: now() }), 'contact');
  }

  @Post('contacts/:id/callback')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Promises it a call at an instant',
    description: 'It comes before all others, at the first allowed instant from then on. A contact that was final waits again.',
  })
  @ApiAnswer(200, contactViewSchema)
  @ApiErrors('not_found', 'invalid_body', 'invalid_json', 'wrong_campaign_state', 'wrong_contact_state', 'refused')
  callback(
    @Caller() { tenantId, label: actor }: ApiIdentity,
    @RowIdParam() contactId: string,
    @Body({ schema: callbackRequestSchema }) request: CallbackRequest,
  ): Promise<ContactView> {
    const { store, account, now } = this.parts;
    return requestCallback(store, { tenantId, contactId, at: new Date(request.at), actor, account, now: now() });
  }

  @Get('campaigns/:id/forecast')
  @ApiOperation({
    summary: 'How the campaign would run from now',
    description: 'By its windows, limits and retries, with measured rates where there are some. The query may assume others.',
  })
  @ApiAnswer(200, forecastViewSchema)
  @ApiErrors('not_found', 'invalid_body')
  async forecast(
    @TenantId() tenantId: string,
    @IdParam() campaignId: string,
    @Query({ schema: forecastQuerySchema }) assumed: ForecastQuery,
  ): Promise<ForecastView> {
    const { store, account, countSlots, now } = this.parts;
    return forecastContacts(store, { tenantId, campaignId, account, assumed, fleetSlots: (await countSlots()).capacity, now: now() });
  }
}
