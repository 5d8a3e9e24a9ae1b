/** A disk with a GUID partition table and one FAT partition. @module */

import { brotliDecompressSync } from "node:zlib";

export const sample = (): Buffer => brotliDecompressSync(Buffer.from(GPT, "base64"));

const GPT =
  "X/+RAeDzAJFjn/1AKmiy+uhJlTNcxnZEeeq5SPh+uKwfNjMIYFzeE1FIUiW2KCB9W139Ojhv9ddc+pyhFMABrBR8VOFSmF/wyJB7QBaIt5UHH081TJ4AoLRptMaXW23HKWIC3Q8z8P8yAm09LXLLS8bpf26W9tL/vBfQEsy853sIpQFtGpMgwDThVEIYNwUPDw/PtllnBG1F8G72jSrnO4+JC73/czhwTdR6WlDhl5UEAj2Qft8WgABcAy7gCFpncsVi+XwrCAlr8PFa7Ztvv17ru/2Z3250cVl9krAtuOkfwZ8XIwyywqCZb9dBANj2Jb5TY8vBscEVhIXgbPQAAFDD7L36e7F6EFIx0xKJOvbVdp+7GiuqtrXjQd/3kg8ejC9/ESz0wWBZvHtCnr4iKbcB0btkQmd2bGZ+YWGTsZFAo/R5qpDq6U6PLomgjWBp09uxGhTVofTCA9F6+vGP6+ofDTKOhZaOFoeBljd7h8E5LkQKiqwn89LXy3Xef6IrI+Q0fPyZs3yEQcfG/+NsTAoGdTCqZd+Q75aYZjFdCk/B19aTTxf5hP/l2Hrwb83nALjp3gBwgJlaAw7icWi5B7vmpQS8444b";
