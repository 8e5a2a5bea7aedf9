import type { Setting } from './setting.js';
import { settings } from './settings.js';

/** Every environment variable with its purpose and default, for `--help` and the docs. */
export function configHelp(): string {
  return leaves(settings).map(describe).join('\n');
}

function leaves(node: object): Setting<unknown>[] {
  return 'schema' in node ? [node as Setting<unknown>] : Object.values(node).flatMap((child: object) => leaves(child));
}

function describe({ env, help, fallback, neededBy }: Setting<unknown>): string {
  const remarks = [fallback && `default ${fallback}`, neededBy.length > 0 && `needed by ${neededBy.join(', ')}`].filter(Boolean);
  return `${env}${remarks.length > 0 ? ` (${remarks.join('; ')})` : ''}\n    ${help}`;
}
