import { z } from 'zod';
import { FAILPOINTS, type ArmedFailpoint } from '../failpoints.js';
import type { ServiceName } from './carillon-config.js';

/** One environment variable: how it is called, what it is for, and what it may hold. */
export interface Setting<Value> {
  readonly env: string;
  /** Shown by `configHelp` and under every error of this key: what to put there. */
  readonly help: string;
  readonly schema: z.ZodType<Value, string>;
  /** Text that stands in when the variable is not set. */
  readonly fallback: string;
  /** Services that cannot start without it. */
  readonly neededBy: readonly ServiceName[];
  /** Never shown, not even in an error. */
  readonly secret: boolean;
}

/** The tree of settings that yields `Config`: same branches, a setting at each leaf. */
export type SettingsFor<Config> = {
  readonly [Key in keyof Config]: Config[Key] extends readonly unknown[] | string | number | boolean | null
    ? Setting<Config[Key]>
    : SettingsFor<Config[Key]>;
};

interface Rules {
  fallback?: string;
  neededBy?: readonly ServiceName[];
  secret?: boolean;
}

function setting<Value>(env: string, help: string, schema: z.ZodType<Value, string>, rules: Rules): Setting<Value> {
  return { env, help, schema, fallback: rules.fallback ?? '', neededBy: rules.neededBy ?? [], secret: rules.secret ?? false };
}

/** What a header may hold. What gets in by a paste, as a zero-width space or a curly quote, cannot be seen. */
const PRINTABLE = /^[\x20-\x7e]*$/;

export function text(env: string, help: string, rules: Rules & { atLeast?: number; inHeader?: boolean } = {}): Setting<string> {
  const least = rules.atLeast ?? 0;
  const long = z.string().refine((value) => value === '' || value.length >= least, `is shorter than ${least} characters`);
  const schema = rules.inHeader ? long.refine((value) => PRINTABLE.test(value), 'holds characters other than printable ASCII') : long;
  return setting(env, help, schema, rules);
}

/** A URL of one of the given schemes; a slash at its end is dropped, so that paths can be appended. */
export function url(env: string, help: string, schemes: readonly string[], rules: Rules = {}): Setting<string> {
  const schema = z
    .string()
    .refine(
      (value) => value === '' || hasScheme(value, schemes),
      `is not a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    )
    .transform((value) => value.replace(/\/+$/, ''));
  return setting(env, help, schema, rules);
}

function hasScheme(value: string, schemes: readonly string[]): boolean {
  return URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1));
}

export function integer(env: string, help: string, range: { min: number; max: number }, rules: Rules = {}): Setting<number> {
  const message = `is not a whole number from ${range.min} to ${range.max}`;
  const schema = z
    .string()
    .refine((value) => /^-?\d+$/.test(value) && Number(value) >= range.min && Number(value) <= range.max, message)
    .transform(Number);
  return setting(env, help, schema, rules);
}

/** A number above 0; not set: no limit. */
export function limit(env: string, help: string, rules: Rules = {}): Setting<number | null> {
  const schema = z
    .string()
    .refine((value) => value === '' || (/^\d*\.?\d+$/.test(value) && Number(value) > 0), 'is not a number above 0')
    .transform((value) => (value === '' ? null : Number(value)));
  return setting(env, help, schema, rules);
}

export function ratio(env: string, help: string, rules: Rules = {}): Setting<number> {
  const schema = z
    .string()
    .refine((value) => /^\d*\.?\d+$/.test(value) && Number(value) <= 1, 'is not a number from 0 to 1')
    .transform(Number);
  return setting(env, help, schema, rules);
}

export function flag(env: string, help: string, rules: Rules = {}): Setting<boolean> {
  const schema = z
    .string()
    .refine((value) => value === 'true' || value === 'false', 'is neither "true" nor "false"')
    .transform((value) => value === 'true');
  return setting(env, help, schema, rules);
}

export function oneOf<Value extends string>(env: string, help: string, values: readonly Value[], rules: Rules = {}): Setting<Value> {
  const isValue = (value: string): value is Value => values.some((known) => known === value);
  const schema = z.string().refine(isValue, `is not one of ${values.join(', ')}`) as unknown as z.ZodType<Value, string>;
  return setting(env, help, schema, rules);
}

export function oneNumberOf<Value extends number>(env: string, help: string, values: readonly Value[], rules: Rules = {}): Setting<Value> {
  const valueOf = (text: string): Value | undefined => values.find((known) => String(known) === text);
  const schema = z.string().transform((text, context): Value => {
    const value = valueOf(text);
    if (value !== undefined) return value;
    context.addIssue(`is not one of ${values.join(', ')}`);
    return z.NEVER;
  });
  return setting(env, help, schema, rules);
}

const E164 = /^\+[1-9]\d{6,14}$/;

export function phoneNumbers(env: string, help: string, rules: Rules = {}): Setting<string[]> {
  const split = (value: string) => value.split(',').map((part) => part.trim());
  const schema = z
    .string()
    .refine((value) => value === '' || split(value).every((part) => E164.test(part)), 'is not a comma-separated list of E.164 numbers')
    .transform((value) => (value === '' ? [] : split(value)));
  return setting(env, help, schema, rules);
}

/** `name:probability`, or `name:probability:freeze`, comma-separated. */
export function failpoints(env: string, help: string, rules: Rules = {}): Setting<ArmedFailpoint[]> {
  const schema = z.string().transform((value, context) =>
    (value === '' ? [] : value.split(',')).map((part): ArmedFailpoint => {
      const [name = '', chance = '', effect = 'kill'] = part.trim().split(':');
      const known = FAILPOINTS.find((failpoint) => failpoint === name);
      const isChance = /^\d*\.?\d+$/.test(chance) && Number(chance) <= 1;
      if (known && isChance && (effect === 'kill' || effect === 'freeze')) return { name: known, probability: Number(chance), effect };
      context.addIssue(
        `holds "${part.trim()}", which is not one of ${FAILPOINTS.join(', ')} with a number from 0 to 1, as in ${FAILPOINTS[0]}:0.02`,
      );
      return z.NEVER;
    }),
  );
  return setting(env, help, schema, rules);
}
