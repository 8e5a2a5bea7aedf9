import {
  blacklistCheckSchema,
  blacklistImportQuerySchema,
  blacklistImportSchema,
  blacklistImportViewSchema,
  blacklistPageSchema,
  blacklistQuerySchema,
  blacklistRequestSchema,
  blacklistResultSchema,
  type BlacklistCheck,
  type BlacklistEntryView,
  type BlacklistImportQuery,
  type BlacklistImportView,
  type BlacklistRequest,
  type BlacklistResult,
  type Page,
} from '@carillon/contracts';
import { checkBlacklist, listBlacklist, removeBlacklistEntry, type ApiIdentity } from '@carillon/store';
import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { API_PARTS, type ApiParts } from '../api-parts.js';
import { Caller } from '../auth/caller.js';
import { TenantId } from '../auth/tenant-id.js';
import { receiveUpload } from '../contacts/open-upload.js';
import { ApiAnswer, ApiErrors, ApiNothing } from '../http/answers.js';
import type { ApiRequest } from '../http/api-request.js';
import { CsvBody } from '../http/csv-body.js';
import { ApiPhoneParam, PhoneParam } from '../http/phone-param.js';
import { RowIdParam } from '../http/row-id-param.js';
import { blacklist, blacklistFile } from './blacklist-request.js';

@ApiTags('blacklist')
@ApiBearerAuth()
@Controller('blacklist')
export class BlacklistController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post()
  @ApiOperation({
    summary: 'Puts people on the blacklist, effective at once',
    description:
      'Up to 1,000 numbers: for all campaigns of the tenant, for one (`campaign_id`), or for everybody (`scope: "global"`, with an admin key). Who waits to be called becomes final; calls that are about to be dialed are taken back.',
  })
  @ApiAnswer(201, blacklistResultSchema)
  @ApiErrors('invalid_body', 'invalid_json', 'body_too_large', 'not_found')
  add(@Caller() caller: ApiIdentity, @Body({ schema: blacklistRequestSchema }) request: BlacklistRequest): Promise<BlacklistResult> {
    return blacklist(this.parts, caller, request);
  }

  @Post('import')
  @CsvBody({ fields: blacklistImportSchema, example: 'phone_number,reason\n+14155550102,complaint\n' })
  @ApiOperation({
    summary: 'Puts everybody in a CSV file on the blacklist',
    description:
      'One column holds phone numbers and is found by its name. Each thousand rows are effective at once; the file may be sent again. Numbers without a country code need `default_region`.',
  })
  @ApiAnswer(201, blacklistImportViewSchema)
  @ApiErrors(
    'invalid_body',
    'not_found',
    'csv_unreadable',
    'csv_without_phone_column',
    'unsupported_media_type',
    'body_too_large',
    'too_many_uploads',
    'upload_stalled',
  )
  async import(
    @Caller() caller: ApiIdentity,
    @Query({ schema: blacklistImportQuerySchema }) query: BlacklistImportQuery,
    @Req() request: ApiRequest,
  ): Promise<BlacklistImportView> {
    return blacklistFile(this.parts, caller, query, await receiveUpload(request, this.parts.log));
  }

  @Get()
  @ApiOperation({ summary: 'Entries of the tenant and the global ones, oldest first' })
  @ApiAnswer(200, blacklistPageSchema)
  @ApiErrors('invalid_body')
  list(
    @TenantId() tenantId: string,
    @Query({ schema: blacklistQuerySchema }) { phone_number: phoneE164, ...page }: z.infer<typeof blacklistQuerySchema>,
  ): Promise<Page<BlacklistEntryView>> {
    return listBlacklist(this.parts.store, { tenantId, phoneE164, ...page });
  }

  @Get(':phone')
  @ApiPhoneParam()
  @ApiOperation({ summary: 'Whether a number is on it, and why' })
  @ApiAnswer(200, blacklistCheckSchema)
  @ApiErrors('not_found')
  check(@TenantId() tenantId: string, @PhoneParam() phoneE164: string): Promise<BlacklistCheck> {
    return checkBlacklist(this.parts.store, { tenantId, phoneE164, now: this.parts.now() });
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Takes an entry off the blacklist', description: 'Contacts that became final by it stay final.' })
  @ApiNothing('It is off the list')
  @ApiErrors('not_found')
  remove(@Caller() { tenantId, label: actor, role }: ApiIdentity, @RowIdParam() entryId: string): Promise<void> {
    return removeBlacklistEntry(this.parts.store, { tenantId, entryId, actor, mayGlobal: role === 'admin', now: this.parts.now() });
  }
}
