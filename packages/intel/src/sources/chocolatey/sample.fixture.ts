/** A package with a script that downloads, and a program inside. @module */

import { buildZip } from "../../witnesses/zip.fixture.ts";

export const nuspec = `<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2015/06/nuspec.xsd">
  <metadata>
    <id>app.install</id>
    <version>1.2.3</version>
    <title>App (Install)</title>
    <authors>Example Software</authors>
    <owners>somebody</owners>
    <dependencies><dependency id="other" version="1.0" /></dependencies>
  </metadata>
</package>
`;

export const script = `$ErrorActionPreference = 'Stop'
$version = '1.2.3'
# url = 'https://old.example/x.exe'
$packageArgs = @{
  packageName    = 'app'
  url            = "https://software.example/app-$version-x86.exe"
  url64bit       = 'https://software.example/app-1.2.3-x64.exe'
  checksum       = '${"CD".repeat(32)}'
  checksumType   = 'sha256'
  checksum64     = '${"ab".repeat(32)}'
  checksumType64 = 'sha256'
}
Install-ChocolateyPackage @packageArgs
`;

/** As it is fetched. */
export const sample: Readonly<Record<string, Uint8Array>> = {
  "app.install.nupkg": buildZip({
    "app.install.nuspec": nuspec,
    "tools/chocolateyInstall.ps1": script,
    "tools/helper.exe": "MZ",
  }),
};
