import { callRequestSchema, type CallRequest, type CallView } from '@carillon/contracts';
import { currentTraceparent } from '@carillon/platform';
import { findCall, findLatestCallOfPhone, listCalls } from '@carillon/store';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { API_PARTS, type ApiParts } from '../api-parts.js';
import { TenantId } from '../auth/tenant-id.js';
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
  @ApiOperation({ summary: 'Dials a phone at once', description: 'Under the policy "none": no calling window or cap is looked at.' })
  create(@TenantId() tenantId: string, @Body({ schema: callRequestSchema }) request: CallRequest): Promise<CallView> {
    return requestCall(this.parts, { tenantId, request, traceparent: currentTraceparent() ?? null });
  }

  @Get()
  @ApiOperation({ summary: 'The newest 100 calls, newest first' })
  list(@TenantId() tenantId: string, @Query({ schema: callListQuerySchema }) query: CallListQuery): Promise<CallView[]> {
    return listCalls(this.parts.store, { tenantId, ...query });
  }

  @Get(':idOrPhone')
  @ApiOperation({ summary: 'A call by its id, or the latest call of a phone number' })
  async find(@TenantId() tenantId: string, @Param('idOrPhone') idOrPhone: string): Promise<CallView> {
    const { store } = this.parts;
    if (isUuid(idOrPhone)) return found(await findCall(store, { tenantId, callId: idOrPhone }), 'call');
    const phoneE164 = readPhone(idOrPhone);
    return found(phoneE164 === null ? null : await findLatestCallOfPhone(store, { tenantId, phoneE164 }), 'call');
  }
}
