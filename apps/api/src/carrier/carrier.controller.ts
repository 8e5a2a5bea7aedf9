import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { API_PARTS, type ApiParts } from '../api-parts.js';
import { Public } from '../auth/public.js';
import type { ApiRequest } from '../http/api-request.js';
import { readBody } from '../http/read-body.js';
import { acceptCallback } from './accept-callback.js';

/** Callbacks come one event at a time; this is for a carrier that batches. */
const MAX_BODY_BYTES = 1_048_576;

/** Where the carrier posts: not for users, and open to nobody else, by the call's own secret and the carrier's signature. */
@ApiExcludeController()
@Public()
@Controller('carrier')
export class CarrierController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post('acs/:tenantId/:callId/:secret')
  @HttpCode(200)
  async callback(
    @Param('tenantId') tenantId: string,
    @Param('callId') callId: string,
    @Param('secret') secret: string,
    @Req() request: ApiRequest,
  ): Promise<void> {
    const { authorization } = request.headers;
    await acceptCallback(this.parts, { tenantId, callId }, { secret, authorization, readBody: () => readBody(request, MAX_BODY_BYTES) });
  }
}
