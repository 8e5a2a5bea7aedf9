import type { ImportView } from '@carillon/contracts';

export interface ImportOrder {
  databaseUrl: string;
  tenantId: string;
  campaignId: string;
  path: string;
  sizeBytes: number;
}

export interface ImportReport {
  view: ImportView;
  seconds: number;
  /** The highest that the system saw of the process, its threads included. */
  maxRssMb: number;
}
