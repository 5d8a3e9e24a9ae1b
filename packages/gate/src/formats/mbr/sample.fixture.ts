/** A disk with a partition table in its first sector and one FAT partition. @module */

import { brotliDecompressSync } from "node:zlib";

export const sample = (): Buffer => brotliDecompressSync(Buffer.from(MBR, "base64"));

const MBR =
  "X/8PAWDgIfZzb6LaxNMcPJlriJS8I9Lw6780mselbfDmfDqgAU18at1PFtCncwkCjDzygEM4FxMMe56V2XzMpk8caaw8eZRJFqPFhBK4A9684aoI7PsDADjuV+l+e3PlMLkyf4RYJEJk5I6aCCNiAADuiHiiH/We3mD1AqKzZSiTDc6rD7xOXj2E3480I4/6JwWCcebrP/sp2AXXV92CRZk3lmXUE4z7ivzdBpx2KcDTu7K1u7d37rGRq1PrPMWgeliby5V30MY9OD/tkJIkBZluPIiHq7XGz1U2R8MAoJbgwNDYUNBJ7vB8Oqv0/WLkQGfUkxiqG5U8z59EZNg3DZe/6UwfvWSwYdY4jU7JJA8kW+se8m1J6ZKSePMU5m89mOciV/gjy9aGvzefAyA=";
