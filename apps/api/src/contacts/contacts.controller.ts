import { Readable } from 'node:stream';
import type { ImportView } from '@carillon/contracts';
import { currentTraceparent } from '@carillon/platform';
import { errorsCsv, findImport } from '@carillon/store';
import { Controller, Get, Inject, Post, Req, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { API_PARTS, type ApiParts } from '../api-parts.js';
import { TenantId } from '../auth/tenant-id.js';
import type { ApiRequest } from '../http/api-request.js';
import { found } from '../http/found.js';
import { IdParam } from '../http/id-param.js';
import { openUpload } from './open-upload.js';
import { uploadContacts } from './upload-contacts.js';

@ApiTags('contacts')
@ApiBearerAuth()
@Controller('campaigns/:id')
export class ContactsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post('contacts')
  @ApiConsumes('text/csv', 'multipart/form-data')
  @ApiBody({
    description: 'A CSV file with a header, as the body or as the field "file" of a form',
    schema: { type: 'string', format: 'binary' },
  })
  @ApiOperation({ summary: 'Adds the contacts of a CSV file', description: 'One column holds phone numbers; the others become variables.' })
  upload(@TenantId() tenantId: string, @IdParam() campaignId: string, @Req() request: ApiRequest): Promise<ImportView> {
    const traceparent = currentTraceparent() ?? null;
    return uploadContacts(this.parts, { tenantId, campaignId, traceparent, file: openUpload(request) });
  }

  @Get('imports/:importId')
  @ApiOperation({ summary: 'An upload: rows taken and refused' })
  async findImport(
    @TenantId() tenantId: string,
    @IdParam() campaignId: string,
    @IdParam('importId') importId: string,
  ): Promise<ImportView> {
    return found(await findImport(this.parts.store, { tenantId, campaignId, importId }), 'import');
  }

  @Get('imports/:importId/errors.csv')
  @ApiProduces('text/csv')
  @ApiOperation({ summary: 'The refused rows with their reasons, to be repaired and uploaded again' })
  async errors(
    @TenantId() tenantId: string,
    @IdParam() campaignId: string,
    @IdParam('importId') importId: string,
  ): Promise<StreamableFile> {
    const key = { tenantId, campaignId, importId };
    found(await findImport(this.parts.store, key), 'import');
    const type = 'text/csv; charset=utf-8';
    return new StreamableFile(Readable.from(errorsCsv(this.parts.store, key), { objectMode: false }), {
      type,
      disposition: 'attachment; filename="errors.csv"',
    });
  }
}
