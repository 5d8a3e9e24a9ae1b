/** Installers that an independent program makes: wixl of Debian's msitools. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { expect, it } from "vitest";
import { compareMembers, portraitOf } from "../trait.fixture.ts";
import { customActions } from "./index.ts";

const run = promisify(execFile);
const NEEDS = [
  "libmsi0",
  "libgcab-1.0-0",
  "libgsf-1-114",
  "libxml2",
  "libglib2.0-0",
  "libicu72",
  "wixl-data",
];

const source = ({
  version,
  inComponent = "",
  after = "",
}: Record<"version", string> & Partial<Record<"inComponent" | "after", string>>) =>
  `<?xml version="1.0"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi"><Product Id="*" Name="Example Product" Language="1033"
  Version="${version}" Manufacturer="Example Software" UpgradeCode="12345678-1234-1234-1234-111111111111">
<Package InstallerVersion="200" Compressed="yes"/><Media Id="1" Cabinet="product.cab" EmbedCab="yes"/>
<Directory Id="TARGETDIR" Name="SourceDir"><Directory Id="INSTALLDIR" Name="Example">
<Component Id="Main" Guid="12345678-1234-1234-1234-222222222222">
<File Id="File" Name="file.txt" Source="file.txt" KeyPath="yes"/>${inComponent}</Component></Directory></Directory>
<Feature Id="Feature" Level="1"><ComponentRef Id="Main"/></Feature>${after}</Product></Wix>`;

const START =
  '<RegistryValue Root="HKLM" Key="Software\\Microsoft\\Windows\\CurrentVersion\\Run" Name="X" Type="string" Value="x.exe"/>';
const ACTION = `<CustomAction Id="RunIt" FileKey="File" ExeCommand="x" Execute="deferred" Impersonate="no"/>
<InstallExecuteSequence><Custom Action="RunIt" After="InstallFiles"/></InstallExecuteSequence>`;

it.skipIf(!hasApt())(`tells what installers of wixl run (else: ${NO_APT})`, async () => {
  const { path, env } = await debianProgram("wixl", { file: "usr/bin/wixl", needs: NEEDS });
  const folder = await mkdtemp(join(tmpdir(), "sallyport-wixl-"));
  const build = async (name: string, text: string) => {
    await writeFile(join(folder, `${name}.wxs`), text);
    await run(path, ["-o", `${name}.msi`, `${name}.wxs`], { cwd: folder, env });
    const bytes = await readFile(join(folder, `${name}.msi`));
    return portraitOf([customActions], { path: "product.msi", format: "msi", bytes });
  };
  try {
    await writeFile(join(folder, "file.txt"), "text");
    const first = await build("first", source({ version: "1.0.0" }));
    const second = await build("second", source({ version: "1.1.0" }));
    const third = await build("third", source({ version: "1.1.0", inComponent: START, after: ACTION }));
    const told = (before: typeof first, after: typeof first) =>
      compareMembers(customActions, before, after).map(
        ({ rule, risk, because }) => `${risk} ${rule}: ${because}`,
      );
    expect(told(first, second)).toEqual([]);
    expect(told(first, third)).toEqual([
      "high action-added: has a new action RunIt, which runs a program that it installs, with the rights of the system",
      "high start-added: has Windows start something through CurrentVersion\\Run, which it did not before",
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
