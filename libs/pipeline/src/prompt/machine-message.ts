import type { Initiate } from '@carillon/contracts';

/**
 * The message for an answering machine, with `{bot}`, `{company}` and the columns of the contact's row filled in. Nobody wants to hear a name in
 * braces: what is not known is left out, with the space before it.
 */
export function machineMessage(
  template: string,
  { bot_name, bot_company }: Pick<Initiate, 'bot_name' | 'bot_company'>,
  variables: Readonly<Record<string, string>>,
): string {
  const values = new Map(Object.entries(variables).map(([name, value]) => [name.trim().toLowerCase(), value.trim()]));
  values.set('bot', bot_name).set('company', bot_company);
  return template.replaceAll(/(\s?)\{([^{}]+)\}/g, (_, space: string, name: string) => {
    const value = values.get(name.trim().toLowerCase()) ?? '';
    return value === '' ? '' : space + value;
  });
}
