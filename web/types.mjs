/*
 * Writes src/api/types.d.ts: what /v1 answers and takes, from the document that the build joins of
 * api/openapi. Run by `npm run types`; tests/web/types.py compares what it writes with what is in the tree.
 *
 *   node types.mjs ../build/src/api/api-openapi.json src/api/types.d.ts
 *
 * Only the schemas: the page has no use for the rest. A row (x-table) has all its columns unless
 * `fields` asks for fewer, so none of them is optional here.
 */
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const [from, to] = process.argv.slice(2);
const { openapi, info, components } = JSON.parse(readFileSync(from, "utf8"));
for (const schema of Object.values(components.schemas)) if (schema["x-table"]) schema.required = Object.keys(schema.properties);
const ast = await openapiTS(
  { openapi, info, components: { schemas: components.schemas } },
  { defaultNonNullable: false, rootTypes: true, rootTypesNoSchemaPrefix: true, emptyObjectsUnknown: true, silent: true },
);
const head = "/* Written by web/types.mjs (npm run types) from api/openapi: change the document, not this file. */\n";
writeFileSync(to, head + astToString(ast));
