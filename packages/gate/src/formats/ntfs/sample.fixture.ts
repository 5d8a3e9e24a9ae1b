/** An NTFS image of one file, made by mkntfs and ntfscp 2022.10.3; what only repairing needs is zero. @module */

import { brotliDecompressSync } from "node:zlib";

export const sample = (): Buffer => brotliDecompressSync(Buffer.from(NTFS, "base64"));

const NTFS =
  "n/8vEQCO0tTwJg3NrXQ8PL/27dyZtyaCSfwJtSgulUaDkPHu2TJpM6JJHDbgOINkttlHfOJmgJ0nECVSnEG4B40lGk7LIA051YDa52PRD3+QN3fd7COvJUloD/FxxD6su75qw6L1vXEhZaWAHwDAVVfdKAUS4BrgGwJj7b/wzes6qO550ot3+p+drNi06oclXtVu/vA1f9X8qu3Dv30tcdsRGtlpktQSM2La5RJVKncfPHL06DkaB1ZV+UQQGp3rPbBLmVvbW8fPLYH46cr3VnrG5JdbA7DxFpC8hUfEmXIAISwUbgYSAAmQA2qxFbSCJWgF7MXam5nYC1qRWYZWoQgU8WT/1NuLU5HvLkcBB4FiQMoHrbTIBsBVLEEoIADUAwoAMwNIqK9rSOBBW0COSKtNyRCviwz8N9eAL24Oq64PHLzxAJLrDQDQzkIFJJAlcGCmW/f8DAf/XPlyvVz/cSG3QrE2kUp7SC+gyDbTnXTWSbAGewGENWhFSFcbMQiYi8hAUS96s7JGMp0C8kb/o0cECLiKXgCZYrTi73Bs/pvXB39cJFh1feDgDX8Q";
