/** A cramfs image of three files, made by mkfs.cramfs of util-linux 2.38.1. @module */

import { brotliDecompressSync } from "node:zlib";

export const sample = (): Buffer => brotliDecompressSync(Buffer.from(CRAMFS, "base64"));

const CRAMFS =
  "H/8PAAcenmP5r8uKKoAi2ttqa5344RrL90aXAmualU4O2L9f6TsItSgNJUDKG+wYx4aOVycT2XnQgwgASM0m39Rhs1bJth6n8RsAISDJVgDgOwFx4EkM52cgBYRK6IUOTw/RBiACtoSnGzcDz3IYL8pelsWQVEG/U7sDTheb/G61+hIiLwkd8KIHpe0mvMoHm8t8YL0rBEPd5Wpb+ihaLTZ+bAMAZ8HM/+3iBwA=";
