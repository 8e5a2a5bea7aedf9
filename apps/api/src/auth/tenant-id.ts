import { CarillonError } from '@carillon/contracts';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { ApiRequest } from '../http/api-request.js';

/** The tenant of the request's API key: all that the request may see. */
export const TenantId = createParamDecorator((_data: unknown, context: ExecutionContext): string => {
  const { identity } = context.switchToHttp().getRequest<ApiRequest>();
  if (!identity) throw new CarillonError('unauthenticated');
  return identity.tenantId;
});
