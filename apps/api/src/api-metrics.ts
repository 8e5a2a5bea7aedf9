import { Counter, type Registry } from '@carillon/platform';

export interface ApiMetrics {
  callbacks: Counter<'result'>;
  importedRows: Counter<'result'>;
}

export function createApiMetrics(registry: Registry): ApiMetrics {
  const registers = [registry];
  return {
    callbacks: new Counter({
      name: 'carillon_carrier_callbacks_total',
      help: 'Events that the carrier posted, by result: accepted, repeated, refused',
      labelNames: ['result'],
      registers,
    }),
    importedRows: new Counter({
      name: 'carillon_import_rows_total',
      help: 'Rows of uploaded files, by result: imported, rejected, duplicate',
      labelNames: ['result'],
      registers,
    }),
  };
}
