// Replaces the photo of many users by Microsoft's JavaScript client, one after the other.
//
//     node loop.mjs BASE_URL COUNT PHOTO.jpg
//
// GRAPH_ACCESS_TOKEN is the token.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";

// From where it was installed, which is not beside this file.
const require = createRequire(`${process.cwd()}/`);
const { Client } = require("@microsoft/microsoft-graph-client");

const [baseUrl, count, file] = process.argv.slice(2);
const { origin, hostname, pathname } = new URL(baseUrl);
const client = Client.init({
  authProvider: (done) => done(null, process.env.GRAPH_ACCESS_TOKEN),
  baseUrl: `${origin}/`,
  defaultVersion: pathname.slice(1),
  customHosts: new Set([hostname]),
});

for (let number = 0; number < Number(count); number++) {
  const photo = client.api(`/users/user${number}@contoso.com/photo/$value`);
  // Without the header it sends JSON.
  await photo.header("Content-Type", "image/jpeg").put(readFileSync(file));
}
