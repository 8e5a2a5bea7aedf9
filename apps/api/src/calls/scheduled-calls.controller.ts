import {
  scheduledCallPageSchema,
  scheduledCallQuerySchema,
  scheduledCallViewSchema,
  type Page,
  type ScheduledCallView,
} from '@carillon/contracts';
import { cancelScheduledCall, findScheduledCall, listScheduledCalls, scheduledCallView, type ApiIdentity } from '@carillon/store';
import { Controller, Delete, Get, HttpCode, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { API_PARTS, type ApiParts } from '../api-parts.js';
import { Caller } from '../auth/caller.js';
import { TenantId } from '../auth/tenant-id.js';
import { ApiAnswer, ApiErrors, ApiNothing } from '../http/answers.js';
import { found } from '../http/found.js';
import { IdParam } from '../http/id-param.js';

/** Calls for later: asked for with `POST /call`, promised in a call, or reminders that become due. */
@ApiTags('calls')
@ApiBearerAuth()
@Controller('scheduled-calls')
export class ScheduledCallsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  @ApiOperation({ summary: 'Calls for later, the next first' })
  @ApiAnswer(200, scheduledCallPageSchema)
  @ApiErrors('invalid_body')
  list(
    @TenantId() tenantId: string,
    @Query({ schema: scheduledCallQuerySchema }) query: z.infer<typeof scheduledCallQuerySchema>,
  ): Promise<Page<ScheduledCallView>> {
    return listScheduledCalls(this.parts.store, { tenantId, ...query });
  }

  @Get(':id')
  @ApiOperation({ summary: 'One of them', description: 'Once it is made, the call has the same id.' })
  @ApiAnswer(200, scheduledCallViewSchema)
  @ApiErrors('not_found')
  async find(@TenantId() tenantId: string, @IdParam() scheduledCallId: string): Promise<ScheduledCallView> {
    return scheduledCallView(found(await findScheduledCall(this.parts.store, { tenantId, scheduledCallId }), 'scheduled call'));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Takes it back' })
  @ApiNothing('It will not be made')
  @ApiErrors('not_found')
  cancel(@Caller() { tenantId, label: actor }: ApiIdentity, @IdParam() scheduledCallId: string): Promise<void> {
    return cancelScheduledCall(this.parts.store, { tenantId, scheduledCallId, actor, now: this.parts.now() });
  }
}
