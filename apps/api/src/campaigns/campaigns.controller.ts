import { campaignRequestSchema, type CampaignRequest, type CampaignView } from '@carillon/contracts';
import { campaignReport, findCampaign, insertCampaign, listCampaigns, type CampaignReport } from '@carillon/store';
import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { API_PARTS, type ApiParts } from '../api-parts.js';
import { TenantId } from '../auth/tenant-id.js';
import { found } from '../http/found.js';
import { IdParam } from '../http/id-param.js';
import { moveCampaign } from './move-campaign.js';
import { reportQuerySchema, type ReportQuery } from './report-query.js';

@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('campaigns')
export class CampaignsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post()
  @ApiOperation({ summary: 'Makes a campaign, as a draft' })
  async create(@TenantId() tenantId: string, @Body({ schema: campaignRequestSchema }) request: CampaignRequest): Promise<CampaignView> {
    const campaignId = await insertCampaign(this.parts.store, { tenantId, request, now: this.parts.now() });
    return this.find(tenantId, campaignId);
  }

  @Get()
  @ApiOperation({ summary: 'The newest 100 campaigns, newest first' })
  list(@TenantId() tenantId: string): Promise<CampaignView[]> {
    return listCampaigns(this.parts.store, { tenantId });
  }

  @Get(':id')
  @ApiOperation({ summary: 'A campaign with its progress' })
  async find(@TenantId() tenantId: string, @IdParam() campaignId: string): Promise<CampaignView> {
    return found(await findCampaign(this.parts.store, { tenantId, campaignId }), 'campaign');
  }

  @Get(':id/report')
  @ApiOperation({ summary: 'Outcomes, latency, and a page of what was collected' })
  report(
    @TenantId() tenantId: string,
    @IdParam() campaignId: string,
    @Query({ schema: reportQuerySchema }) page: ReportQuery,
  ): Promise<CampaignReport> {
    return campaignReport(this.parts.store, { tenantId, campaignId, ...page });
  }

  @Post(':id/start')
  @HttpCode(200)
  @ApiOperation({ summary: 'Starts dialing; the campaign needs a contact at least' })
  start(@TenantId() tenantId: string, @IdParam() campaignId: string): Promise<CampaignView> {
    return moveCampaign(this.parts, { tenantId, campaignId, action: 'start' });
  }

  @Post(':id/pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stops dialing; open calls go on' })
  pause(@TenantId() tenantId: string, @IdParam() campaignId: string): Promise<CampaignView> {
    return moveCampaign(this.parts, { tenantId, campaignId, action: 'pause' });
  }

  @Post(':id/resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Goes on dialing' })
  resume(@TenantId() tenantId: string, @IdParam() campaignId: string): Promise<CampaignView> {
    return moveCampaign(this.parts, { tenantId, campaignId, action: 'resume' });
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends the campaign; open calls go on, who was not called yet is not called' })
  cancel(@TenantId() tenantId: string, @IdParam() campaignId: string): Promise<CampaignView> {
    return moveCampaign(this.parts, { tenantId, campaignId, action: 'cancel' });
  }
}
