import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { buildXar } from "./xar.fixture.ts";

/** A component package with a folder, a link, an extended attribute, and a file that is stored as it is. */
export const sample = (): Buffer =>
  buildXar([
    {
      name: "PackageInfo",
      content: Buffer.from('<pkg-info identifier="com.example.demo" version="1.2"><payload/></pkg-info>'),
    },
    {
      name: "Resources",
      children: [
        { name: "a.txt", content: Buffer.from(SAMPLE_TEXT), attribute: Buffer.from("an attribute") },
        { name: "b.txt", content: Buffer.from("as it is"), encoding: "application/octet-stream" },
        { name: "link", type: "symlink", link: "a.txt" },
      ],
    },
  ]).bytes;
