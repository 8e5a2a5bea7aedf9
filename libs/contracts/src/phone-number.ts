import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';

/** A phone number as callers write it; E.164 inside. */
export const phoneNumberSchema = z
  .string()
  .transform((text, context) => {
    const number = parsePhoneNumberFromString(text);
    if (number?.isValid()) return number.number as string;
    context.addIssue({
      code: 'custom',
      message: `"${text.slice(0, 40)}" is not a valid phone number; write it in E.164, such as +14155550100`,
    });
    return z.NEVER;
  })
  .meta({ example: '+14155550100' });
