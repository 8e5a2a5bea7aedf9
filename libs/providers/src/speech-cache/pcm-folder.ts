import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSound, encodeSound, type Sound } from './sound.js';

const NAME = /^([0-9a-f]{64})\.pcm$/;
const UNFINISHED = /^[0-9a-f]{64}\.pcm\.[0-9a-f]{12}$/;
/** A sound is written within a moment: an unfinished file of this age is of a process that was killed. */
const UNFINISHED_FOR_MS = 10 * 60_000;
/** Stock is taken again after this part of its room was written: so much more may each process that shares the folder leave there. */
const STOCK_PART = 16;

/**
 * Sounds by key as files, the most recently used ones up to a number of bytes. Several processes may share a folder: files appear whole
 * or not at all, and one that another process has removed is simply not there. What others have written is seen when stock is taken.
 */
export class PcmFolder {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #touch: (file: string) => Promise<void>;
  #sizes = new Map<string, number>();
  #bytes = 0;
  #writtenSinceStock = 0;

  private constructor(path: string, maxBytes: number, touch: (file: string) => Promise<void>) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#touch = touch;
  }

  /** Makes the folder where there is none, and takes stock of it. `touch` gives a file the age of now. */
  static async open(path: string, maxBytes: number, touch = touchFile): Promise<PcmFolder> {
    await mkdir(path, { recursive: true });
    const folder = new PcmFolder(path, maxBytes, touch);
    await folder.#removeUnfinished();
    await folder.#takeStock();
    await folder.#makeRoom();
    return folder;
  }

  get bytes(): number {
    return this.#bytes;
  }

  has(key: string): boolean {
    return this.#sizes.has(key);
  }

  async get(key: string): Promise<Sound | undefined> {
    const bytes = this.has(key) ? await readFile(this.#file(key)).catch(absent) : undefined;
    const sound = bytes && decodeSound(bytes);
    if (!bytes || !sound) {
      this.#forget(key);
      return undefined;
    }
    this.#remember(key, bytes.length);
    // The age that the next start goes by. Only a hint: the file may be of another user, or on a disk that takes no writes, and is heard all the same.
    await this.#touch(this.#file(key)).catch(() => undefined);
    return sound;
  }

  async put(key: string, sound: Sound): Promise<void> {
    const bytes = encodeSound(sound);
    if (bytes.length > this.#maxBytes) return;
    const unfinished = `${this.#file(key)}.${randomBytes(6).toString('hex')}`;
    try {
      await writeFile(unfinished, bytes);
      await rename(unfinished, this.#file(key));
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    this.#remember(key, bytes.length);
    this.#writtenSinceStock += bytes.length;
    if (this.#writtenSinceStock >= this.#maxBytes / STOCK_PART) await this.#takeStock();
    await this.#makeRoom();
  }

  async #takeStock(): Promise<void> {
    this.#writtenSinceStock = 0;
    const found: { key: string; size: number; usedAt: number }[] = [];
    for (const name of await readdir(this.#path)) {
      const key = NAME.exec(name)?.[1];
      const file = key === undefined ? undefined : await stat(this.#file(key)).catch(absent);
      if (key !== undefined && file) found.push({ key, size: file.size, usedAt: file.mtimeMs });
    }
    found.sort((a, b) => a.usedAt - b.usedAt);
    this.#sizes = new Map(found.map(({ key, size }) => [key, size]));
    this.#bytes = found.reduce((sum, { size }) => sum + size, 0);
  }

  async #removeUnfinished(): Promise<void> {
    for (const name of await readdir(this.#path)) {
      const file = UNFINISHED.test(name) ? await stat(join(this.#path, name)).catch(absent) : undefined;
      if (file && file.mtimeMs < Date.now() - UNFINISHED_FOR_MS) await rm(join(this.#path, name), { force: true });
    }
  }

  async #makeRoom(): Promise<void> {
    for (const oldest of [...this.#sizes.keys()]) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#forget(oldest);
      await rm(this.#file(oldest), { force: true });
    }
  }

  #remember(key: string, size: number): void {
    this.#forget(key);
    this.#sizes.set(key, size);
    this.#bytes += size;
  }

  #forget(key: string): void {
    this.#bytes -= this.#sizes.get(key) ?? 0;
    this.#sizes.delete(key);
  }

  #file(key: string): string {
    return join(this.#path, `${key}.pcm`);
  }
}

async function touchFile(file: string): Promise<void> {
  await utimes(file, new Date(), new Date());
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
