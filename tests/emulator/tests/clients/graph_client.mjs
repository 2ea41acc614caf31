// Replaces and reads a photo by Microsoft's JavaScript client, @microsoft/microsoft-graph-client.
//
//     node graph_client.mjs BASE_URL FIRST.jpg SECOND.jpg
//
// GRAPH_ACCESS_TOKEN is the token. The exit code is 0 if each photo comes back byte for byte.
// BASE_URL has to be one of https: over http this client sends no token.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";

// From where it was installed, which is not beside this file.
const require = createRequire(`${process.cwd()}/`);
const { Client, ResponseType } = require("@microsoft/microsoft-graph-client");

const [baseUrl, ...photos] = process.argv.slice(2);
const { origin, hostname, pathname } = new URL(baseUrl);
const client = Client.init({
  authProvider: (done) => done(null, process.env.GRAPH_ACCESS_TOKEN),
  baseUrl: `${origin}/`,
  defaultVersion: pathname.slice(1),
  customHosts: new Set([hostname]),
});

const photo = () => client.api("/me/photo/$value");
for (const file of photos) {
  const sent = readFileSync(file);
  // Without the header it sends JSON.
  await photo().header("Content-Type", "image/jpeg").put(sent);
  const read = await photo().responseType(ResponseType.ARRAYBUFFER).get();
  if (!sent.equals(Buffer.from(read))) {
    console.error(`error: ${file} came back as ${read.byteLength} other bytes`);
    process.exit(1);
  }
}
