import {
  callerNumberPatchSchema,
  callerNumberRequestSchema,
  callerNumberRestSchema,
  callerNumberViewSchema,
  type CallerNumberPatch,
  type CallerNumberRequest,
  type CallerNumberRest,
  type CallerNumberView,
} from '@carillon/contracts';
import {
  addCallerNumber,
  findCallerNumber,
  listNumberViews,
  removeCallerNumber,
  restCallerNumber,
  updateCallerNumber,
  wakeCallerNumber,
  type ApiIdentity,
  type NumberChange,
} from '@carillon/store';
import { Body, Controller, Delete, Get, HttpCode, Inject, Patch, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { API_PARTS, type ApiParts } from '../api-parts.js';
import { Caller } from '../auth/caller.js';
import { TenantId } from '../auth/tenant-id.js';
import { ApiAnswer, ApiErrors, ApiNothing } from '../http/answers.js';
import { found } from '../http/found.js';
import { ApiPhoneParam, PhoneParam } from '../http/phone-param.js';

@ApiTags('numbers')
@ApiBearerAuth()
@Controller('numbers')
export class NumbersController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  @ApiOperation({ summary: 'Our numbers to call from' })
  @ApiAnswer(200, z.array(callerNumberViewSchema))
  @ApiErrors()
  list(@TenantId() tenantId: string): Promise<CallerNumberView[]> {
    return listNumberViews(this.parts.store, { tenantId });
  }

  @Post()
  @ApiOperation({ summary: 'Adds a number', description: 'Country and region are taken from the number where they are not given.' })
  @ApiAnswer(201, callerNumberViewSchema)
  @ApiErrors('invalid_body', 'invalid_json', 'already_exists')
  add(
    @Caller() { tenantId, label: actor }: ApiIdentity,
    @Body({ schema: callerNumberRequestSchema }) request: CallerNumberRequest,
  ): Promise<CallerNumberView> {
    return addCallerNumber(this.parts.store, { tenantId, actor, request, now: this.parts.now() });
  }

  @Get(':phone')
  @ApiPhoneParam()
  @ApiOperation({ summary: 'One number' })
  @ApiAnswer(200, callerNumberViewSchema)
  @ApiErrors('not_found')
  async find(@TenantId() tenantId: string, @PhoneParam() phoneE164: string): Promise<CallerNumberView> {
    return found(await findCallerNumber(this.parts.store, { tenantId, phoneE164 }), 'number');
  }

  @Patch(':phone')
  @ApiPhoneParam()
  @ApiOperation({ summary: 'Changes its limits, its place, or whether it is used' })
  @ApiAnswer(200, callerNumberViewSchema)
  @ApiErrors('not_found', 'invalid_body', 'invalid_json')
  update(
    @Caller() caller: ApiIdentity,
    @PhoneParam() phoneE164: string,
    @Body({ schema: callerNumberPatchSchema }) patch: CallerNumberPatch,
  ): Promise<CallerNumberView> {
    return updateCallerNumber(this.parts.store, this.change(caller, phoneE164), patch);
  }

  @Post(':phone/rest')
  @HttpCode(200)
  @ApiPhoneParam()
  @ApiOperation({ summary: 'Puts it to rest: nobody is called from it before an instant' })
  @ApiAnswer(200, callerNumberViewSchema)
  @ApiErrors('not_found', 'invalid_body', 'invalid_json')
  rest(
    @Caller() caller: ApiIdentity,
    @PhoneParam() phoneE164: string,
    @Body({ schema: callerNumberRestSchema }) rest: CallerNumberRest,
  ): Promise<CallerNumberView> {
    return restCallerNumber(this.parts.store, this.change(caller, phoneE164), rest);
  }

  @Post(':phone/wake')
  @HttpCode(200)
  @ApiPhoneParam()
  @ApiOperation({ summary: 'Ends its rest' })
  @ApiAnswer(200, callerNumberViewSchema)
  @ApiErrors('not_found')
  wake(@Caller() caller: ApiIdentity, @PhoneParam() phoneE164: string): Promise<CallerNumberView> {
    return wakeCallerNumber(this.parts.store, this.change(caller, phoneE164));
  }

  @Delete(':phone')
  @HttpCode(204)
  @ApiPhoneParam()
  @ApiOperation({ summary: 'Removes it; calls that were made from it keep it' })
  @ApiNothing('It is removed')
  @ApiErrors('not_found')
  remove(@Caller() caller: ApiIdentity, @PhoneParam() phoneE164: string): Promise<void> {
    return removeCallerNumber(this.parts.store, this.change(caller, phoneE164));
  }

  private change({ tenantId, label: actor }: ApiIdentity, phoneE164: string): NumberChange {
    return { tenantId, phoneE164, actor, now: this.parts.now() };
  }
}
