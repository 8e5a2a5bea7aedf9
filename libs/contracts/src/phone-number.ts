import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
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

/** A country that has phone numbers; ISO 3166 alpha-2. */
export const phoneRegionSchema = z
  .string()
  .regex(/^[A-Z]{2}$/, 'use an ISO 3166 code such as US')
  .refine((region) => isSupportedCountry(region), {
    error: ({ input }) => `no country has the code ${String(input)}; use an ISO 3166 code such as US or GB`,
    when: ({ issues }) => issues.length === 0,
  })
  .meta({ example: 'US' });
