import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { API_PARTS, type ApiParts } from '../api-parts.js';
import { TenantId } from '../auth/tenant-id.js';
import { ApiErrors } from '../http/answers.js';
import type { ApiRequest, ApiResponse as Answer } from '../http/api-request.js';
import { watchEvents } from './watch-events.js';

const eventsQuerySchema = z.object({ campaign_id: z.uuid('is not the id of a campaign').optional() });

@ApiTags('events')
@ApiBearerAuth()
@Controller('events')
export class EventsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  @ApiProduces('text/event-stream')
  @ApiOperation({ summary: 'What happens right now, as server-sent events', description: 'Nothing from before the connection is sent.' })
  @ApiResponse({
    status: 200,
    description: 'Events as JSON, one a line that begins with `data:`',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  @ApiErrors('invalid_body', 'not_found')
  async watch(
    @TenantId() tenantId: string,
    @Query({ schema: eventsQuerySchema }) query: z.infer<typeof eventsQuerySchema>,
    @Req() request: ApiRequest,
    @Res() response: Answer,
  ): Promise<void> {
    await watchEvents(this.parts, { tenantId, campaignId: query.campaign_id ?? null }, { request, response });
  }
}
