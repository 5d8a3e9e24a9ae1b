/** An ext2 image of three files, made by mke2fs 1.47.0. @module */

import { brotliDecompressSync } from "node:zlib";

export const sample = (): Buffer => brotliDecompressSync(Buffer.from(EXT, "base64"));

const EXT =
  "H///IJ4H2anpFAhpw1zIV4kHar/2du9wiSSTEM0TIYlY4wjFK5EhM4REiRaKaf8NAOhbPGu8WBMKdX/iXDpLwWQfYDRah9lAdhOdwIhf5IW77c8L+AE8QV7Z3DYfP0XUxwoMGZLQOrfYbim6AI0ICABQhzpKAe9f2cskycRXEJow8L8GBcggFxEpnB/X/7qx28s790d/jJ156hsamX4en7r4TNvICSi8tF7jERTgBJcDv8ClkEYWGgUp6Wc5iuez7CQ5hEyC8+3DBElLYCHNC5X86EZ6CJe+tLjEHGthybtudE5BVFRLdysXechHAQpRhGKUoBRlKEcFKq6OyMb/B5ni9ZhxPgsEEQCVYkQbvj57nvwrwPcWgPFaoQr5Y4EK0jwa1aiRPaJQiO1VINa1U4BK+dG+VFv8xwYUolRWmGzfOdhBESrlBauUb9YX4yaVHefM0vVWOatgCkD/U2PUHKN2/abHHwBij7Q6po0ixVsAtSV4TmWFqa1948riv07A/FpN5rTAY/gd27ZNABk=";
