// node --import …/broken-engines/NAME.mjs: the service starts with one line of the engine changed, as if somebody had broken it.
import { registerHooks } from 'node:module';

/** Changes the compiled file whose path ends so, when it is loaded. Throws when it does not hold what is to be changed: the engine has moved on. */
export function replaceOnLoad(path, changes) {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(path)) return loaded;
      let source = loaded.source.toString();
      for (const [from, to] of changes) {
        if (!(from instanceof RegExp ? from.test(source) : source.includes(from))) throw new Error(`${path} does not hold ${from}`);
        source = source.replace(from, to);
      }
      return { ...loaded, source };
    },
  });
}
