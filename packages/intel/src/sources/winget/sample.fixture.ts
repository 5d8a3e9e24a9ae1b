/** A checkout with one version of one package, as its repository is archived. @module */

import { gzipSync } from "node:zlib";
import { buildTar } from "../../witnesses/tar.fixture.ts";

const FOLDER = "winget-pkgs-master/manifests/e/Example/App/1.10";

export const installerManifest = `# yaml-language-server: $schema=https://aka.ms/winget-manifest.installer.1.12.0.schema.json

PackageIdentifier: Example.App
PackageVersion: '1.10'
Scope: machine
FileExtensions:
- '001'
- 7z
Installers:
- Architecture: x64
  InstallerType: wix
  InstallerUrl: https://software.example/app-1.10-x64.msi
  InstallerSha256: ${"AB".repeat(32)}
  InstallerSwitches:
    InstallLocation: INSTALLDIR="<INSTALLPATH>"
  ProductCode: '{23170F69-40C1-2702-2408-000001000000}'
- Architecture: x86
  InstallerUrl: https://software.example/app-1.10-x86.exe
  InstallerSha256: ${"CD".repeat(32)}
ManifestType: installer
ManifestVersion: 1.12.0
`;

export const localeManifest = `PackageIdentifier: Example.App
PackageVersion: '1.10'
PackageLocale: en-US
Publisher: Example Software
PackageName: App
ShortDescription: An example
ReleaseNotes: |-
  - Mended: the rest
  Publisher: nobody
ManifestType: defaultLocale
ManifestVersion: 1.12.0
`;

const versionManifest = `PackageIdentifier: Example.App
PackageVersion: '1.10'
DefaultLocale: en-US
ManifestType: version
ManifestVersion: 1.12.0
`;

/** As it is brought. */
export const sample: Readonly<Record<string, Uint8Array>> = {
  "winget-pkgs.tar.gz": gzipSync(
    buildTar({
      [`${FOLDER}/Example.App.installer.yaml`]: installerManifest,
      [`${FOLDER}/Example.App.locale.en-US.yaml`]: localeManifest,
      [`${FOLDER}/Example.App.yaml`]: versionManifest,
    }),
  ),
};
