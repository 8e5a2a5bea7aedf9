import { campaignViewSchema, type CampaignView } from '@carillon/contracts';
import type { ApiIdentity } from '@carillon/store';
import { Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { API_PARTS, type ApiParts } from '../api-parts.js';
import { Caller } from '../auth/caller.js';
import { ApiAnswer, ApiErrors } from '../http/answers.js';
import { IdParam } from '../http/id-param.js';
import { moveCampaign } from './move-campaign.js';

/** What moves a campaign from one status to another. */
@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('campaigns/:id')
export class CampaignActionsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post('start')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Starts dialing; the campaign needs a contact at least',
    description: 'A campaign whose `starts_at` lies ahead is `scheduled` until then.',
  })
  @ApiAnswer(200, campaignViewSchema)
  @ApiErrors('not_found', 'wrong_campaign_state', 'stale_version')
  start(@Caller() caller: ApiIdentity, @IdParam() campaignId: string): Promise<CampaignView> {
    return moveCampaign(this.parts, caller, { campaignId, action: 'start' });
  }

  @Post('pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stops dialing; open calls go on' })
  @ApiAnswer(200, campaignViewSchema)
  @ApiErrors('not_found', 'wrong_campaign_state', 'stale_version')
  pause(@Caller() caller: ApiIdentity, @IdParam() campaignId: string): Promise<CampaignView> {
    return moveCampaign(this.parts, caller, { campaignId, action: 'pause' });
  }

  @Post('resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Goes on dialing', description: 'Also ends a hold by a breaker or by the budget.' })
  @ApiAnswer(200, campaignViewSchema)
  @ApiErrors('not_found', 'wrong_campaign_state', 'stale_version')
  resume(@Caller() caller: ApiIdentity, @IdParam() campaignId: string): Promise<CampaignView> {
    return moveCampaign(this.parts, caller, { campaignId, action: 'resume' });
  }

  @Post('cancel')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Ends the campaign; open calls go on, who was not called yet is not called',
    description:
      'Calls that were about to be dialed are taken back. In a large campaign the last contacts become final a little after the answer.',
  })
  @ApiAnswer(200, campaignViewSchema)
  @ApiErrors('not_found', 'wrong_campaign_state', 'stale_version')
  cancel(@Caller() caller: ApiIdentity, @IdParam() campaignId: string): Promise<CampaignView> {
    return moveCampaign(this.parts, caller, { campaignId, action: 'cancel' });
  }
}
