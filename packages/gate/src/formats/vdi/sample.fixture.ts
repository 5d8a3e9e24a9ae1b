/** A VDI image with a FAT file system, made by qemu-img 7.2. @module */

import { brotliDecompressSync } from "node:zlib";

export const sample = (): Buffer => brotliDecompressSync(Buffer.from(VDI, "base64"));

const VDI =
  "n/8DEAC+DHCHZeBuKL3iAkeAerTNm8NG2A+3bMPL6PdreypR7M1F0WySTBRLeIZMiAwhW2Z+KDcd8cSQjhbAAfzXBSkx+Ihqt6dPgYWUxoFA1kxGidc4a3ysHOPyZeJ54Bee/T54gIKUW23zLfMJyisDLEjn/2bh0oACSjwNZQ38PQ88HpvGFNuAkacSQvuO8PBA7IDP35afSdDx7616MccIm+yIFpIIRjIkG9G+sRomDrZgF22+H8FD6eaWhuYoQOPa6ABmO0c4DZCiRcj/j6DZdPbfgc89PF+fy6ZPF7/jYR7R1fyy777M7srcbaxBgtZkpAAAAMARlfqHbXpZpRAp5E3b7GRdcb+60d2vMbf4gGL1/UePipK/bzXYauNlOQtPrPlawrdN/O7ikZnsjmfz+YHFFkBUmMdUjQMy6rBgoAFYHjztyGaWidALj4jM9d//cmVZDveSmXQ+TWRwdVAJGspmOjYgdOsxrC9LuTLvP8aU4c402f6GM37SzSRh1zgVGpnNMhiS+TDks8UUZmJBPc3+WwP2uJgdfs+2Bfhn8/kDAQ==";
