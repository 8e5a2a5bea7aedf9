import { CarillonError, phoneNumberSchema } from '@carillon/contracts';
import { Param } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { applyDecorators } from '@nestjs/common';

/** A phone number of the path, in E.164. What is none names nobody: 404. */
export const PhoneParam = (name = 'phone') => Param(name, { transform: (value: string) => existingPhone(value) });

/** Its description. */
export const ApiPhoneParam = (name = 'phone') =>
  applyDecorators(ApiParam({ name, description: 'A phone number in E.164', schema: { type: 'string' }, example: '+14155550123' }));

function existingPhone(value: string): string {
  const { data } = phoneNumberSchema.safeParse(value);
  if (data !== undefined) return data;
  throw new CarillonError('not_found', [{ field: 'phone', message: `"${value.slice(0, 40)}" is not a phone number; write it in E.164` }]);
}
