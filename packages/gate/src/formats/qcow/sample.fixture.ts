/** A QCOW2 image with a FAT file system, made by qemu-img 7.2. @module */

import { brotliDecompressSync } from "node:zlib";

export const sample = (): Buffer => brotliDecompressSync(Buffer.from(QCOW, "base64"));

const QCOW =
  "X///BeA4jGPEN3FS9uCp3+939r6PSRTboYknNftmIVIyQ6Th019KaBQrC/KJc82nAxrQBGa7oXeDbIADjfoo/fO3ByzCV2nAF6vCFiyIzaZj6z2K7CGz1afoEeeSP9LZ8w1YAAAAQDoAAgCAAGABAAKAwLL4HcAxAMC29TEFEoX1nVOnT1d3nNSUvCI9lqM04yd1s0OND/q0dZGh4iGSZ9zc7vZXPfMT2gWN73719XRjM8zwnXms7jjjt33A5U45XfGo39fxegC6G+09gEFS0q6t9wDo/+w9QBTAgfzP3gNEAWKQ0T7Vnx/sbZ6Vba44MSJIOlE+hHQMAABRCrOLHv8Gh5LVCYDobBmvrNLxpubfzQUvCx6cSZNXqddx2OmLT+9VbXbm0x/BEqUVWDZSeAKk8JXOsg2ToUs8b9N1c//o+NhHbHA7JZF5gsTmUJ/ubfjUeaTOUx/tCIWyIqjREY/CExcf/x+uMcv8pyFQi/YYnx7XDKrPfAtNZj1oiAU6s54CVerT421Of1bI0EyDXf0NZ/xql2lHn+NYtFRWZgNSWusc8u5y0P9vIbB4SqRy6w+Fi9g1/D1bt3QABQ==";
