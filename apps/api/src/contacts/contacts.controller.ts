import { Readable } from 'node:stream';
import {
  dryRunSchema,
  importViewSchema,
  previewQuerySchema,
  previewSchema,
  uploadQuerySchema,
  type DryRunView,
  type ErrorCode,
  type ImportView,
  type PreviewQuery,
  type PreviewView,
  type UploadQuery,
} from '@carillon/contracts';
import { currentTraceparent } from '@carillon/platform';
import { errorsCsv, findImport, listImports, undoImport, type ApiIdentity } from '@carillon/store';
import { Controller, Delete, Get, HttpCode, Inject, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { API_PARTS, type ApiParts } from '../api-parts.js';
import { Caller } from '../auth/caller.js';
import { TenantId } from '../auth/tenant-id.js';
import { refuseUnknownCampaign } from '../campaigns/refuse-unknown-campaign.js';
import { ApiAnswer, ApiErrors } from '../http/answers.js';
import type { ApiRequest, ApiResponse } from '../http/api-request.js';
import { CsvBody } from '../http/csv-body.js';
import { found } from '../http/found.js';
import { IdParam } from '../http/id-param.js';
import { receiveUpload } from './open-upload.js';
import { previewUpload, uploadContacts } from './upload-contacts.js';
import { watchImport } from './watch-import.js';

const FILE_ERRORS: ErrorCode[] = [
  'csv_unreadable',
  'csv_without_phone_column',
  'unsupported_media_type',
  'body_too_large',
  'invalid_body',
  'upload_stalled',
];

const EXAMPLE = 'phone_number,name,time_zone\n+14155550188,Ann,America/Los_Angeles\n';

@ApiTags('contacts')
@ApiBearerAuth()
@Controller('campaigns/:id')
export class ContactsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post('contacts')
  @CsvBody({ fields: uploadQuerySchema, example: EXAMPLE })
  @ApiOperation({
    summary: 'Adds the contacts of a CSV file',
    description:
      'One column holds phone numbers; time zone, state and consent are taken from columns that are called so, or that `mapping` names; the others become variables. Answers when the file is read. Meanwhile it can be watched under `/imports`: the id is in the list, or the one that `import_id` gave. After a broken connection the file is uploaded again: nobody is added twice. With `dry_run=true` nothing is stored.',
  })
  @ApiAnswer(201, z.union([importViewSchema, dryRunSchema]))
  @ApiErrors(...FILE_ERRORS, 'not_found', 'wrong_campaign_state', 'already_exists', 'too_many_uploads')
  async upload(
    @Caller() { tenantId, label: actor }: ApiIdentity,
    @IdParam() campaignId: string,
    @Query({ schema: uploadQuerySchema }) query: UploadQuery,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: ApiResponse,
  ): Promise<ImportView | DryRunView> {
    const traceparent = currentTraceparent() ?? null;
    const receive = () => receiveUpload(request, this.parts.log);
    const view = await uploadContacts(this.parts, { tenantId, campaignId, actor, query, traceparent, receive });
    if ('id' in view) response.setHeader('location', `/campaigns/${campaignId}/imports/${view.id}`);
    return view;
  }

  @Post('contacts/preview')
  @HttpCode(200)
  @CsvBody({ fields: previewQuerySchema, example: EXAMPLE })
  @ApiOperation({
    summary: 'How a CSV file would be read',
    description: 'By its first 64 kB: format, columns, the first rows and their faults. Nothing is stored.',
  })
  @ApiAnswer(200, previewSchema)
  @ApiErrors(...FILE_ERRORS, 'not_found', 'wrong_campaign_state')
  preview(
    @TenantId() tenantId: string,
    @IdParam() campaignId: string,
    @Query({ schema: previewQuerySchema }) query: PreviewQuery,
    @Req() request: ApiRequest,
  ): Promise<PreviewView> {
    return previewUpload(this.parts, { tenantId, campaignId, query, receive: () => receiveUpload(request, this.parts.log) });
  }

  @Get('imports')
  @ApiOperation({ summary: 'The newest 100 uploads of a campaign, newest first, also those that still run' })
  @ApiAnswer(200, z.array(importViewSchema))
  @ApiErrors('not_found')
  async listImports(@TenantId() tenantId: string, @IdParam() campaignId: string): Promise<ImportView[]> {
    await refuseUnknownCampaign(this.parts.store, { tenantId, campaignId });
    return listImports(this.parts.store, { tenantId, campaignId }, this.parts.now());
  }

  @Get('imports/:importId')
  @ApiOperation({ summary: 'An upload: how far it is, rows taken and refused' })
  @ApiAnswer(200, importViewSchema)
  @ApiErrors('not_found')
  async findImport(
    @TenantId() tenantId: string,
    @IdParam() campaignId: string,
    @IdParam('importId') importId: string,
  ): Promise<ImportView> {
    return found(await findImport(this.parts.store, { tenantId, campaignId, importId }, this.parts.now()), 'import');
  }

  @Get('imports/:importId/events')
  @ApiProduces('text/event-stream')
  @ApiOperation({ summary: 'The same as server-sent events, until the upload is over' })
  @ApiErrors('not_found')
  async watchImport(
    @TenantId() tenantId: string,
    @IdParam() campaignId: string,
    @IdParam('importId') importId: string,
    @Req() request: ApiRequest,
    @Res() response: ApiResponse,
  ): Promise<void> {
    await watchImport(this.parts, { tenantId, campaignId, importId }, { request, response });
  }

  @Delete('imports/:importId')
  @ApiOperation({
    summary: 'Undoes an upload',
    description: 'Its contacts who were never called go; who was called, or is being called, stays. Only when it is over.',
  })
  @ApiAnswer(200, importViewSchema)
  @ApiErrors('not_found', 'wrong_campaign_state')
  undoImport(
    @Caller() { tenantId, label: actor }: ApiIdentity,
    @IdParam() campaignId: string,
    @IdParam('importId') importId: string,
  ): Promise<ImportView> {
    return undoImport(this.parts.store, { tenantId, campaignId, importId }, { actor, now: this.parts.now() });
  }

  @Get('imports/:importId/errors.csv')
  @ApiProduces('text/csv')
  @ApiOperation({ summary: 'The refused rows with their reasons, to be repaired and uploaded again' })
  @ApiErrors('not_found')
  async errors(
    @TenantId() tenantId: string,
    @IdParam() campaignId: string,
    @IdParam('importId') importId: string,
  ): Promise<StreamableFile> {
    const key = { tenantId, campaignId, importId };
    found(await findImport(this.parts.store, key, this.parts.now()), 'import');
    const type = 'text/csv; charset=utf-8';
    return new StreamableFile(Readable.from(errorsCsv(this.parts.store, key), { objectMode: false }), {
      type,
      disposition: 'attachment; filename="errors.csv"',
    });
  }
}
