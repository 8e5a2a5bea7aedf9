import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const SLOTS = 64;

/**
 * The first directory `base/0`, `base/1`, … that no living process holds, so that two runs beside each other never share a data directory
 * while the usual single run finds its warm one again. `release()` gives it back; a dead holder's claim is taken over.
 */
export async function claimDirectory(base) {
  await mkdir(base, { recursive: true });
  for (let slot = 0; slot < SLOTS; slot++) {
    const claim = join(resolve(base), `${slot}.pid`);
    if (await take(claim)) return { dir: join(resolve(base), String(slot)), release: () => rm(claim, { force: true }) };
  }
  throw new Error(`${base}: all ${SLOTS} data directories are in use; stop some runs or delete the folder`);
}

async function take(claim) {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = await open(claim, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return true;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const holder = Number(await readFile(claim, 'utf8').catch(() => ''));
      if (!holder || alive(holder)) return false; // an empty claim is being written right now
      await rm(claim, { force: true });
    }
  }
  return false;
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
