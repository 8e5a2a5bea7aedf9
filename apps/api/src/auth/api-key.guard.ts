import { CarillonError } from '@carillon/contracts';
import { API_ROLES, findApiIdentity, type ApiIdentity, type ApiRole } from '@carillon/store';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { API_PARTS, type ApiParts } from '../api-parts.js';
import type { ApiRequest } from '../http/api-request.js';
import { IS_PUBLIC } from './public.js';

/** Lets in who brings a key that may do this: reading takes a viewer, everything else an operator. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    @Inject(API_PARTS) private readonly parts: ApiParts,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const identity = await this.identify(request.headers.authorization);
    refuseBelow(neededRole(request.method), identity);
    request.identity = identity;
    return true;
  }

  private async identify(authorization: string | undefined): Promise<ApiIdentity> {
    const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    const identity = key === undefined ? null : await findApiIdentity(this.parts.store, key);
    if (!identity) throw new CarillonError('unauthenticated');
    return identity;
  }
}

function neededRole(method: string): ApiRole {
  return method === 'GET' || method === 'HEAD' ? 'viewer' : 'operator';
}

function refuseBelow(needed: ApiRole, { role }: ApiIdentity): void {
  if (API_ROLES.indexOf(role) >= API_ROLES.indexOf(needed)) return;
  throw new CarillonError('forbidden', [{ field: 'Authorization', message: `the key has the role ${role}; ${needed} is needed` }]);
}
