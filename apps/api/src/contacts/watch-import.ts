import type { ImportView } from '@carillon/contracts';
import { findImport, type ImportKey } from '@carillon/store';
import type { ApiParts } from '../api-parts.js';
import type { ApiRequest, ApiResponse } from '../http/api-request.js';
import { found } from '../http/found.js';

/** A bar that moves twice a second looks alive; each look is two small queries. */
const PERIOD_MS = 500;

/** Streams the state of an import whenever it has changed, until it is over or either side ends it. Throws `not_found`. */
export async function watchImport(
  { store, streams, log, now }: ApiParts,
  key: ImportKey,
  { request, response }: { request: ApiRequest; response: ApiResponse },
): Promise<void> {
  const first = found(await findImport(store, key, now()), 'import');
  if (response.destroyed) return;
  let timer: NodeJS.Timeout | undefined;
  const { send } = streams.begin(request, response, () => clearTimeout(timer));
  let shown = '';
  const show = (view: ImportView) => {
    const text = JSON.stringify({ ...view, rows_per_s: null, eta_ms: null }); // these move even when nothing else does
    if (text !== shown) send(view);
    shown = text;
    if (view.state !== 'running') response.end();
    else if (!response.destroyed && !response.writableEnded) timer = setTimeout(look, PERIOD_MS);
  };
  const look = () => {
    findImport(store, key, now()).then(
      (view) => (view ? show(view) : response.end()),
      (error: unknown) => {
        log.warn({ err: error, importId: key.importId }, 'an import could not be looked at');
        response.end(); // the reader comes back by itself
      },
    );
  };
  show(first);
}
