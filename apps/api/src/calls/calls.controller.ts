import {
  callRequestSchema,
  callViewSchema,
  scheduledCallViewSchema,
  type CallRequest,
  type CallView,
  type ScheduledCallView,
} from '@carillon/contracts';
import { currentTraceparent } from '@carillon/platform';
import { findCall, findLatestCallOfPhone, listCalls } from '@carillon/store';
import { Body, Controller, Get, Headers, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { API_PARTS, type ApiParts } from '../api-parts.js';
import { TenantId } from '../auth/tenant-id.js';
import { ApiAnswer, ApiErrors } from '../http/answers.js';
import type { ApiResponse } from '../http/api-request.js';
import { found } from '../http/found.js';
import { isUuid } from '../http/id-param.js';
import { callListQuerySchema, readPhone, type CallListQuery } from './call-list-query.js';
import { requestCall } from './request-call.js';

@ApiTags('calls')
@ApiBearerAuth()
@Controller('call')
export class CallsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post()
  @ApiOperation({
    summary: 'Dials a phone, now or later',
    description:
      'Through the same gate as campaigns: policies, blacklist, hours, caps. `region` says where the person is, as an ISO 3166-2 code such as CN-31: the policy `cn` lets nobody pass without. Refused, the answer says why and when it would be allowed (409), or the call is scheduled for then (202) with `schedule_if_refused`. With `not_before` it is scheduled in any case. With an `Idempotency-Key`, asking twice makes one call.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'A text of your own, the same for the same call',
    schema: { type: 'string' },
  })
  @ApiAnswer(201, callViewSchema, 'The call, about to be dialed')
  @ApiAnswer(202, scheduledCallViewSchema, 'The call, for later')
  @ApiErrors('invalid_body', 'invalid_json', 'body_too_large', 'already_in_call', 'refused', 'idempotency_conflict')
  async create(
    @TenantId() tenantId: string,
    @Body({ schema: callRequestSchema }) request: CallRequest,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) response: ApiResponse,
  ): Promise<CallView | ScheduledCallView> {
    const traceparent = currentTraceparent() ?? null;
    const answer = await requestCall(this.parts, { tenantId, request, idempotencyKey, traceparent });
    if ('call' in answer) return answer.call;
    response.statusCode = 202;
    return answer.scheduled;
  }

  @Get()
  @ApiOperation({ summary: 'The newest 100 calls, newest first' })
  @ApiAnswer(200, z.array(callViewSchema))
  @ApiErrors('invalid_body')
  list(@TenantId() tenantId: string, @Query({ schema: callListQuerySchema }) query: CallListQuery): Promise<CallView[]> {
    return listCalls(this.parts.store, { tenantId, ...query });
  }

  @Get(':idOrPhone')
  @ApiOperation({ summary: 'A call by its id, or the latest call of a phone number' })
  @ApiParam({
    name: 'idOrPhone',
    description: 'The id of a call, or a phone number in E.164',
    schema: { type: 'string' },
    example: '+14155550100',
  })
  @ApiAnswer(200, callViewSchema)
  @ApiErrors('not_found')
  async find(@TenantId() tenantId: string, @Param('idOrPhone') idOrPhone: string): Promise<CallView> {
    const { store } = this.parts;
    if (isUuid(idOrPhone)) return found(await findCall(store, { tenantId, callId: idOrPhone }), 'call');
    const phoneE164 = readPhone(idOrPhone);
    return found(phoneE164 === null ? null : await findLatestCallOfPhone(store, { tenantId, phoneE164 }), 'call');
  }
}
