/** An LZH archive of two files, made by jlha 0.1.6. @module */

export const sample = (): Buffer => Buffer.from(LZH, "base64");

const LZH =
  "JwAtbGgwLQYAAAAGAAAAgACSZSACNFoABQAAXjAIAAFhLnR4dAAAaGVsbG8KLAAtbGhkLQAAAAAAAAAAgACSZSACAAAABQAAX/8DAAEKAAJmb2xkZXL/AAAxAC1saDUtJAAAAEwEAACAAJJlIAK2RgAFAACIhggAAWIudHh0CgACZm9sZGVy/wAAABtDboZ/q7AFhYodISBIflV+WvArXnnGq7bUjuWYsIVKlSv1AA==";
