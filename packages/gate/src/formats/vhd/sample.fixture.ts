/** A dynamic VHD with a FAT file system, made by qemu-img 7.2. @module */

import { brotliDecompressSync } from "node:zlib";

export const sample = (): Buffer => brotliDecompressSync(Buffer.from(VHD, "base64"));

const VHD =
  "n/8LIADOGG5c334AKJS04iE9iWAFG9HHRLe1TcujDMH78E2N4KFfa+9UolkTTdfE0kUxQbxdKEglVIbpVKZvStsY8v5Kwe8AgAjg9XGTAApWCQC2mwBDvlVGngBptA20FsenDxYg2BTOU6NstbFqBxEhfG3B0wOvHv5LxqnG7EZu5i0LKNOU3sGyr3FAn84lCDDyixrCuZpYGBCGDc4blMAG3/XK4ur8jGnDPQNqVAAAanKf3+r0gA5Np9wBAJWT/FWm1g5oxD+i7tJrFH4wJUh58XxXFUAC5EOZHlQAqAiB+D9ZJ3V419YK0KzsR67vUuvZPWqVVE4XcaIGAOCCN/ar/LJiAbNeamZzeFy7/dvf+wypsbwSkltWVjD52WYpvHuKP74cdWwrObqwxalcH6+ur1+e2EW01efFlPESOqxM6gE9xNuX2S42JdhQpBMfRFpff7nqIgBwKVTT7DZDLvJ3LyMqYLeq6YH6W+/BUdZpjHP9abIMcU2r6S85g4dSKqThZRyNUqlUHJBw5Trk2dJqaGFqeRL/thL45cJm+CHTVoW/Np9/wEn3H1AA";
