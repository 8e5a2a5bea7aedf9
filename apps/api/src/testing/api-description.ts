import { z } from 'zod';

interface Content {
  schema?: Record<string, unknown>;
}

interface Answer {
  description: string;
  content?: Record<string, Content>;
}

interface Operation {
  summary?: string;
  parameters?: { name: string; in: 'path' | 'query' | 'header'; required?: boolean }[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, Answer>;
}

export interface ApiDescription {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Record<string, unknown>> };
}

/** One route of the description, with what a test asks about it. */
export interface Route {
  name: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: string;
  operation: Operation;
  /** The answer when all is well; the first of several. */
  status: number;
  /** Of the body: the type that it is sent as, and the example. */
  body: { type: string; example: string | object | undefined } | null;
  components: ApiDescription['components'];
}

export function routesOf({ paths, components }: ApiDescription): Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): Route => {
      const status = Number(Object.keys(operation.responses).find((code) => code.startsWith('2')));
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method as Route['method'],
        path,
        operation,
        status,
        body: bodyOf(operation),
        components,
      };
    }),
  );
}

function bodyOf({ requestBody }: Operation): Route['body'] {
  const [first] = Object.entries(requestBody?.content ?? {});
  return first ? { type: first[0], example: first[1].schema?.['example'] as string | object | undefined } : null;
}

/** The schema of a JSON answer, undefined where the route answers with something else. */
export function answerSchema({ operation, components }: Route, status: number): Record<string, unknown> | undefined {
  const schema = operation.responses[String(status)]?.content?.['application/json']?.schema;
  const name = /^#\/components\/schemas\/(\w+)$/.exec(String(schema?.['$ref']))?.[1];
  return name === undefined ? schema : components.schemas[name];
}

/** What a value has against a schema of the description; empty when nothing. */
export function faultsOf(schema: Record<string, unknown>, value: unknown): string[] {
  const { error } = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0], { defaultTarget: 'openapi-3.0' }).safeParse(value);
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
}
