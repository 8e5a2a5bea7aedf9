import { tenantSettingsSchema, tenantSettingsViewSchema, type TenantSettings } from '@carillon/contracts';
import { findTenantSettings, storeTenantSettings, type ApiIdentity } from '@carillon/store';
import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { API_PARTS, type ApiParts } from '../api-parts.js';
import { Caller } from '../auth/caller.js';
import { TenantId } from '../auth/tenant-id.js';
import { ApiAnswer, ApiErrors } from '../http/answers.js';

@ApiTags('limits')
@ApiBearerAuth()
@Controller('limits')
export class LimitsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  @ApiOperation({ summary: 'Limits and policies of all calls of the tenant' })
  @ApiAnswer(200, tenantSettingsViewSchema)
  @ApiErrors()
  find(@TenantId() tenantId: string): Promise<TenantSettings> {
    return findTenantSettings(this.parts.store, { tenantId });
  }

  @Put()
  @ApiOperation({
    summary: 'Replaces them; the next call goes by them',
    description: 'What the body does not name goes back to its default.',
  })
  @ApiAnswer(200, tenantSettingsViewSchema)
  @ApiErrors('invalid_body', 'invalid_json')
  replace(
    @Caller() { tenantId, label: actor }: ApiIdentity,
    @Body({ schema: tenantSettingsSchema }) settings: TenantSettings,
  ): Promise<TenantSettings> {
    return storeTenantSettings(this.parts.store, { tenantId, actor, settings, now: this.parts.now() });
  }
}
