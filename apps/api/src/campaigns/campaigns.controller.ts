import {
  auditPageSchema,
  campaignPatchSchema,
  campaignRequestSchema,
  campaignReportSchema,
  campaignViewSchema,
  pageQuerySchema,
  type AuditEntryView,
  type CampaignPatch,
  type CampaignReport,
  type CampaignRequest,
  type CampaignView,
  type Page,
} from '@carillon/contracts';
import { campaignReport, createCampaign, findCampaign, listAudit, listCampaigns, updateCampaign, type ApiIdentity } from '@carillon/store';
import { Body, Controller, Get, Inject, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { API_PARTS, type ApiParts } from '../api-parts.js';
import { Caller } from '../auth/caller.js';
import { TenantId } from '../auth/tenant-id.js';
import { ApiAnswer, ApiErrors } from '../http/answers.js';
import { found } from '../http/found.js';
import { IdParam } from '../http/id-param.js';
import { refuseUnknownCampaign } from './refuse-unknown-campaign.js';
import { reportQuerySchema, type ReportQuery } from './report-query.js';

@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('campaigns')
export class CampaignsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post()
  @ApiOperation({ summary: 'Makes a campaign, as a draft' })
  @ApiAnswer(201, campaignViewSchema)
  @ApiErrors('invalid_body', 'invalid_json', 'body_too_large')
  async create(
    @Caller() { tenantId, label: actor }: ApiIdentity,
    @Body({ schema: campaignRequestSchema }) request: CampaignRequest,
  ): Promise<CampaignView> {
    const campaignId = await createCampaign(this.parts.store, { tenantId, actor, request, now: this.parts.now() });
    return this.find(tenantId, campaignId);
  }

  @Get()
  @ApiOperation({ summary: 'The newest 100 campaigns, newest first' })
  @ApiAnswer(200, z.array(campaignViewSchema))
  @ApiErrors()
  list(@TenantId() tenantId: string): Promise<CampaignView[]> {
    return listCampaigns(this.parts.store, { tenantId });
  }

  @Get(':id')
  @ApiOperation({ summary: 'A campaign with its settings and its progress' })
  @ApiAnswer(200, campaignViewSchema)
  @ApiErrors('not_found')
  async find(@TenantId() tenantId: string, @IdParam() campaignId: string): Promise<CampaignView> {
    return found(await findCampaign(this.parts.store, { tenantId, campaignId }), 'campaign');
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Changes a campaign, also while it runs',
    description:
      'What the body does not name stays as it is; objects and lists are replaced as a whole. The next call goes by the new values. With `version`, the change is refused when somebody else changed the campaign since it was read.',
  })
  @ApiAnswer(200, campaignViewSchema)
  @ApiErrors('not_found', 'invalid_body', 'invalid_json', 'body_too_large', 'stale_version', 'wrong_campaign_state')
  update(
    @Caller() { tenantId, label: actor }: ApiIdentity,
    @IdParam() campaignId: string,
    @Body({ schema: campaignPatchSchema }) patch: CampaignPatch,
  ): Promise<CampaignView> {
    return updateCampaign(this.parts.store, { tenantId, campaignId, patch, actor, now: this.parts.now() });
  }

  @Get(':id/audit')
  @ApiOperation({ summary: 'Who changed what of it, newest first' })
  @ApiAnswer(200, auditPageSchema)
  @ApiErrors('not_found', 'invalid_body')
  async audit(
    @TenantId() tenantId: string,
    @IdParam() campaignId: string,
    @Query({ schema: pageQuerySchema }) page: z.infer<typeof pageQuerySchema>,
  ): Promise<Page<AuditEntryView>> {
    await refuseUnknownCampaign(this.parts.store, { tenantId, campaignId });
    return listAudit(this.parts.store, { tenantId, subject: 'campaign', subjectId: campaignId, ...page });
  }

  @Get(':id/report')
  @ApiOperation({ summary: 'Outcomes, latency, and a page of what was collected' })
  @ApiAnswer(200, campaignReportSchema)
  @ApiErrors('not_found', 'invalid_body')
  report(
    @TenantId() tenantId: string,
    @IdParam() campaignId: string,
    @Query({ schema: reportQuerySchema }) page: ReportQuery,
  ): Promise<CampaignReport> {
    return campaignReport(this.parts.store, { tenantId, campaignId, ...page });
  }
}
