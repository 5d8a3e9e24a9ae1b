/** A CVE record with CISA's container, in an archive of a repository. @module */

import { gzipSync } from "node:zlib";
import { buildTar } from "../../witnesses/tar.fixture.ts";

/** @param affected - entries of the record itself */
export const cveRecord = (
  affected: readonly unknown[],
  more: { readonly cna?: object; readonly cisa?: object; readonly metadata?: object } = {},
) => ({
  dataType: "CVE_RECORD",
  dataVersion: "5.1",
  cveMetadata: { cveId: "CVE-2024-0001", state: "PUBLISHED", ...more.metadata },
  containers: {
    cna: {
      title: "Example Viewer runs what it shows",
      affected,
      metrics: [
        { cvssV3_1: { version: "3.1", vectorString: "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H" } },
      ],
      descriptions: [{ lang: "en", value: "It does." }],
      providerMetadata: { shortName: "example" },
      ...more.cna,
    },
    adp: [
      {
        title: "CISA ADP Vulnrichment",
        providerMetadata: { shortName: "CISA-ADP" },
        metrics: [
          {
            other: {
              type: "ssvc",
              content: {
                options: [
                  { Exploitation: "active" },
                  { Automatable: "yes" },
                  { "Technical Impact": "total" },
                ],
              },
            },
          },
        ],
        ...more.cisa,
      },
    ],
  },
});

/** One entry of `affected` with the versions given. */
export const viewer = (versions: readonly unknown[], more: object = {}) => ({
  vendor: "Example Software",
  product: "Example Viewer",
  versions,
  ...more,
});

const before = { version: "0", status: "affected", lessThan: "7.2.1", versionType: "custom" };

export const sample: Readonly<Record<string, Uint8Array>> = {
  "vulnrichment.tar.gz": gzipSync(
    buildTar({
      "vulnrichment-develop/README.md": "# Vulnrichment",
      "vulnrichment-develop/2024/0xxx/CVE-2024-0001.json": JSON.stringify(cveRecord([viewer([before])])),
    }),
  ),
};
