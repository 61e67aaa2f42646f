// Writes the compressed forms of the build's files beside them: NAME.br and NAME.gz. The server chooses one by
// Accept-Encoding. Pictures and fonts are compressed already; a form that saves less than a tenth is not worth a file.
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const TEXT = /\.(js|css|html|svg|json|webmanifest)$/;
/** Fits into one packet with the headers in any form. */
const MIN_BYTES = 1_000;
const WORTH_IT = 0.9;

const root = new URL("../dist/", import.meta.url);
const forms = {
  br: (data) =>
    promisify(brotliCompress)(data, {
      params: {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
      },
    }),
  gz: (data) => promisify(gzip)(data, { level: constants.Z_BEST_COMPRESSION }),
};

for (const name of await readdir(root, { recursive: true })) {
  const file = new URL(name, root);
  if (!TEXT.test(name) || (await stat(file)).size < MIN_BYTES) continue;
  const data = await readFile(file);
  for (const [suffix, compress] of Object.entries(forms)) {
    const compressed = await compress(data);
    if (compressed.length < data.length * WORTH_IT)
      await writeFile(new URL(`${name}.${suffix}`, root), compressed);
  }
}
