import koffi, { type LibraryHandle } from 'koffi';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** An address in native memory; `null` is C's NULL. */
export type Pointer = bigint;

export type NativeLibrary = LibraryHandle;

/**
 * Dependencies first. A library asks for the others by their bare name, and the dynamic linker is content with one of that name
 * that is already loaded: so a private folder needs no LD_LIBRARY_PATH.
 */
const DEPENDENCIES = [
  'libquadmath.so.0',
  'libgfortran.so.5',
  'libblas.so.3',
  'liblapack.so.3',
  'libsphinxbase.so.3',
  'libpocketsphinx.so.3',
  'libasound.so.2',
  'libflite.so.1',
  'libflite_usenglish.so.1',
  'libflite_cmulex.so.1',
];

/** Held for the life of the thread: a library without references would be unloaded. */
const loaded = new Map<string, NativeLibrary>();

/** Opens one library of the folder, after the ones that it may need. Throws its path and the dynamic linker's message when that fails. */
export function openLibrary(libraryDir: string, name: string): NativeLibrary {
  for (const dependency of DEPENDENCIES) if (existsSync(join(libraryDir, dependency))) load(join(libraryDir, dependency));
  return load(join(libraryDir, name));
}

function load(path: string): NativeLibrary {
  const known = loaded.get(path);
  if (known) return known;
  try {
    const library = koffi.load(path, { global: true });
    loaded.set(path, library);
    return library;
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
