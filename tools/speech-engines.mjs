// The offline speech engines of the simulator: PocketSphinx (recognition), its US English model, and Flite (synthesis).
// They come from Debian packages, unpacked into a private folder: nothing is installed and no root is needed.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const MISSING =
  'The speech engines PocketSphinx and Flite are missing. Run "sudo apt-get update && sudo apt-get install -y libpocketsphinx3 pocketsphinx-en-us libflite1" ' +
  '(they are packages of Debian and Ubuntu; elsewhere, run Carillon in a Debian container).';

const MODEL_PATH = 'usr/share/pocketsphinx/model/en-us';

/**
 * What the engines need beyond libc, libm and libgcc. libsphinxbase3 also depends on libpulse0, but only for the microphone
 * (libsphinxad), which is never loaded. A list of names means the first that the release has; `null` means that it may be absent.
 */
const PACKAGES = [
  ['libpocketsphinx3'],
  ['libsphinxbase3'],
  ['pocketsphinx-en-us'],
  ['libflite1'],
  ['libblas3'],
  ['liblapack3'],
  ['libgfortran5'],
  ['libquadmath0', null], // x86 only
  ['libasound2t64', 'libasound2'], // renamed in Debian 13
];

/** Debian keeps these two in sub-folders and links them through update-alternatives, which only an installation runs. */
const ALTERNATIVES = ['blas/libblas.so.3', 'lapack/liblapack.so.3'];

/** What must be there for the simulator to start; libgfortran and its kin are found by the dynamic linker or lie beside them. */
const LIBRARIES = [
  'libblas.so.3',
  'liblapack.so.3',
  'libsphinxbase.so.3',
  'libpocketsphinx.so.3',
  'libflite.so.1',
  'libflite_usenglish.so.1',
  'libflite_cmulex.so.1',
  'libflite_cmu_us_rms.so.1',
  'libflite_cmu_us_slt.so.1',
  'libflite_cmu_us_awb.so.1',
  'libflite_cmu_us_kal16.so.1',
];

const MODEL_FILES = ['cmudict-en-us.dict', 'en-us/mdef', 'en-us/means', 'en-us/sendump', 'en-us/transition_matrices', 'en-us/variances'];

/** Raised whenever the content of the folder changes, so that older folders are filled again. */
const LAYOUT = 1;
const MARKER = 'filled.json';

/** A filling that was killed leaves its temporary folder behind; after this long nobody can still be working in it. */
const STALE_MS = 15 * 60_000;

/**
 * Finds the engines on the system, or in `dir`, or fills `dir` (about 65 MB, a few seconds).
 * `libraryDir` needs no LD_LIBRARY_PATH: the simulator loads every library by its full path, dependencies first.
 * Several processes may call this at once: each fills a folder of its own, and the first to finish gives it its name.
 */
export async function fetchSpeechEngines({ dir = '.cache/speech' } = {}) {
  const triplet = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch];
  if (process.platform !== 'linux' || !triplet) throw new Error(MISSING);
  const target = resolve(dir);
  const found = onSystem(triplet) ?? (await inFolder(target, triplet));
  if (found) return found;
  await sweep(target);
  const temporary = await mkdtemp(`${target}.fill-`);
  try {
    await fill(temporary, triplet);
    return await claim(temporary, target, triplet);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function onSystem(triplet) {
  const place = places('/', triplet);
  return complete(place) ? place : undefined;
}

async function inFolder(target, triplet) {
  const marker = await readFile(join(target, MARKER), 'utf8').then(parseMarker, () => undefined);
  const place = places(target, triplet);
  return marker?.layout === LAYOUT && marker.triplet === triplet && complete(place) ? place : undefined;
}

function parseMarker(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // cut off in the middle: as good as absent
  }
}

function places(root, triplet) {
  return { libraryDir: join(root, 'usr/lib', triplet), modelDir: join(root, MODEL_PATH) };
}

function complete({ libraryDir, modelDir }) {
  return LIBRARIES.every((name) => existsSync(join(libraryDir, name))) && MODEL_FILES.every((name) => existsSync(join(modelDir, name)));
}

async function fill(folder, triplet) {
  const work = join(folder, 'apt');
  await mkdir(work);
  const packages = await download(work);
  for (const file of packages) await run('dpkg-deb', ['-x', join(work, 'packages', file), folder]).catch(missing);
  await rm(work, { recursive: true });
  const place = places(folder, triplet);
  for (const path of ALTERNATIVES) await symlink(path, join(place.libraryDir, basename(path)));
  if (!complete(place)) throw new Error(MISSING);
  await chmod(folder, 0o755); // a temporary folder is private to its maker, the filled one need not be
  await writeFile(join(folder, MARKER), `${JSON.stringify({ layout: LAYOUT, triplet, packages }, undefined, 2)}\n`);
}

/** The packages as files in `work`. With empty or outdated package lists, fetches lists into `work`, which any user may do. */
async function download(work) {
  const packages = join(work, 'packages');
  await mkdir(packages);
  try {
    await downloadInto(packages, []);
  } catch {
    const privateLists = ['-o', `Dir::State::Lists=${join(work, 'lists')}`, '-o', `Dir::Cache=${join(work, 'cache')}`];
    await mkdir(join(work, 'lists/partial'), { recursive: true });
    await mkdir(join(work, 'cache/archives/partial'), { recursive: true });
    await apt('apt-get', ['update'], privateLists, packages).catch(missing);
    await downloadInto(packages, privateLists).catch(missing);
  }
  return (await readdir(packages)).filter((file) => file.endsWith('.deb')).sort();
}

async function downloadInto(folder, options) {
  const names = [];
  for (const candidates of PACKAGES) {
    const name = await firstKnown(candidates, options, folder);
    if (name !== null) names.push(name);
  }
  await apt('apt-get', ['download', ...names], options, folder);
}

async function firstKnown(candidates, options, folder) {
  for (const name of candidates) {
    if (name === null) return null;
    const known = await apt('apt-cache', ['show', name], options, folder).then(
      () => true,
      () => false,
    );
    if (known) return name;
  }
  throw new Error(`no package ${candidates.join(' or ')}`);
}

/** `apt-get download` writes into its working directory; its sandbox user could not write there, so root keeps its own name. */
function apt(command, args, options, cwd) {
  const asMyself = ['-o', 'APT::Sandbox::User=root'];
  return run(command, [...asMyself, ...options, '-qq', ...args], { cwd, maxBuffer: 16 * 1024 * 1024 });
}

function missing(cause) {
  throw new Error(MISSING, { cause });
}

/** Gives the filled folder its name, unless another process was faster. */
async function claim(temporary, target, triplet) {
  for (;;) {
    try {
      await rename(temporary, target);
      return places(target, triplet);
    } catch (error) {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    }
    const theirs = await inFolder(target, triplet);
    if (theirs) return theirs;
    await discard(target); // half-filled by hand or by an older version
  }
}

/** Moves first and deletes then, so that nobody sees, or fills, a folder that is being deleted. */
async function discard(target) {
  const grave = await mkdtemp(`${target}.fill-`);
  await rename(target, join(grave, 'old')).catch((error) => {
    if (error.code !== 'ENOENT') throw error; // another process moved it just now
  });
  await rm(grave, { recursive: true, force: true });
}

async function sweep(target) {
  await mkdir(dirname(target), { recursive: true });
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(`${basename(target)}.fill-`)) continue;
    const path = join(dirname(target), name);
    const touchedAt = await stat(path).then(
      (found) => found.mtimeMs,
      () => Infinity, // gone meanwhile
    );
    if (Date.now() - touchedAt > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}
