import { SIGNATURE_MUTATIONS } from "@sallyport/testkit";
import { editFile, fileBytes, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const [hidden] = SIGNATURE_MUTATIONS;

export const certificateTablePayload: Technique = {
  id: "certificate-table-payload",
  title: "Payload behind the signature of an unchanged library, inside its entry of the certificate table",
  shape: "d3dcompiler_47.dll of 3CX Desktop App 18.12.407, 2023 (Sophos, ReversingLabs)",
  kind: "windows",
  least: "high",
  attack: ({ before, after }) => {
    const path = mainFile(before, "pe", after);
    return editFile(after, path, () => {
      const image = Buffer.from(fileBytes(before, path));
      return hidden?.mutate(image) ?? image;
    });
  },
  twinTitle: "the unchanged library, signed again a day later",
  twin: ({ before, after }, world) => {
    const path = mainFile(before, "pe", after);
    return editFile(after, path, () =>
      world.sign(Buffer.from(fileBytes(before, path)), "vendor", new Date("2026-03-02T10:00:00Z")),
    );
  },
};
