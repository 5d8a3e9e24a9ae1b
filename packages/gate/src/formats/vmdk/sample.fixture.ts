/** A sparse VMDK with a FAT file system, made by qemu-img 7.2. @module */

import { brotliDecompressSync } from "node:zlib";

export const sample = (): Buffer => brotliDecompressSync(Buffer.from(VMDK, "base64"));

const VMDK =
  "X///AWJ8+rX2TuzjtrOXsFMRRDxESmaINHz6lUbzSIKpU8+jTxDhRGVve8qYuDomlcakCgWw5xWrSs3HJixGhzgHM5E/JfI7gqk1QMMVACACDIB+5GACA3wIGK29xQZCdRAkkvBtAtMvn7c2d+5j08mjQKekxO51GFWNqlxZ18rJfEyVVRdIIXMcDZeGsN7QwOba8t7Scj3+dkFIiPBb2tNz5CCJpSmpTEPFIUgp0luig/XGav0wsdTsJeoEFXWDG1F+xOGwEdJo1DBqcD3pXejcSNEKuipcbG7+Z8P8WFQ/XntCxtrZtbEk1FJBB9ukKpNZg9I2UMnZT5SoO5JoAZcbzYBetKZ7oksmVagVGrkq5+dGLwJPXQ4A+uUO0g/3ag547Ma/3DF+6L4L+NTNBaDzvhuu11cXdkUL1T0wGQwwunGFXwa6wQQAAMAVpsdmXv9CYVl1IhKUy5qQyqjLdk495c9u6Ze9ttRd5z0Pre7S+4/srTXYGnn/A7BEqmJlQ6GTQMHXz0IbxoBLMV1L48La5tbWsYIN2h0E8gReTf2N1WbMqs+evXMMdoQg4isfdAAvefP7Ty1XTgX/XdCAlTqSyCSoYWh2j4umjNwiE1wALqGnoHizm1/L7481x9CQBt/+pubsyRZRCb2I42EvkagWBPPZViH/LTYCbOgsOiWUaP1RaBHf4Ve4ba3vn83nAAQ=";
