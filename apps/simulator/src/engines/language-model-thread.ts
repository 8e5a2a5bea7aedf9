import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Flite } from './flite.js';
import { TrigramModel, wordsOf } from './language-model.js';
import type { LanguageModelFiles } from './pocketsphinx.js';
import { cutDictionary } from './pronunciation-dictionary.js';
import { serveThread } from './thread-service.js';

export interface BuildRequest {
  kind: 'build';
  sentences: readonly string[];
  files: LanguageModelFiles;
}

serveThread<BuildRequest>(({ libraryDir, modelDir }) => {
  const flite = new Flite(libraryDir);
  const cmudict = readFileSync(join(modelDir, 'cmudict-en-us.dict'), 'utf8');
  return {
    handle({ sentences, files }) {
      const model = new TrigramModel(sentences.map(wordsOf));
      replaceFile(
        files.dictionaryPath,
        cutDictionary(cmudict, model.words, (word) => flite.phonesOf(word)),
      );
      replaceFile(files.arpaPath, model.toArpa()); // last: its presence says that both are complete
    },
  };
});

/** Another process may be building, or reading, the same file. */
function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
