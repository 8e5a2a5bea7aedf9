import { CarillonError } from '@carillon/contracts';
import type { ApiIdentity } from '@carillon/store';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { ApiRequest } from '../http/api-request.js';

/** Who sends the request: tenant, role, and the label under which a change is written into the audit trail. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): ApiIdentity => {
  const { identity } = context.switchToHttp().getRequest<ApiRequest>();
  if (!identity) throw new CarillonError('unauthenticated');
  return identity;
});
