/** rpmbuild of Debian, the independent builder: packages in each compression, for the tests of format and scheme. @module */

import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type DebianProgram, debianProgram } from "@sallyport/testkit";

const run = promisify(execFile);

const NEEDS = [
  "debugedit",
  "libacl1",
  "libaudit1",
  "libbz2-1.0",
  "libcap2",
  "libdbus-1-3",
  "libdw1",
  "libelf1",
  "libfsverity0",
  "libgcrypt20",
  "libgomp1",
  "libgpg-error0",
  "liblua5.3-0",
  "liblzma5",
  "libmagic-mgc",
  "libmagic1",
  "libpopt0",
  "libreadline8",
  "librpm9",
  "librpmbuild9",
  "librpmio9",
  "librpmsign9",
  "libsqlite3-0",
  "libssl3",
  "libsystemd0",
  "libtinfo6",
  "libzstd1",
  "rpm-common",
  "rpm2cpio",
  "zlib1g",
];

/** @param name - `rpm`, `rpmbuild`, `rpmsign`, `rpmkeys` */
export async function rpmProgram(name: string): Promise<Omit<DebianProgram, "version">> {
  const { path, env } = await debianProgram("rpm", { file: `usr/bin/${name}`, needs: NEEDS });
  const root = path.slice(0, path.lastIndexOf("/usr/bin/"));
  return {
    path,
    env: { ...env, RPM_CONFIGDIR: join(root, "usr/lib/rpm"), MAGIC: join(root, "usr/lib/file/magic.mgc") },
  };
}

export interface BuildOptions {
  /** RPM's mode string: `w9.gzdio`, `w3.zstdio`, `w.ufdio`. */
  readonly payload?: string;
  /** More `--define` values. */
  readonly defines?: readonly string[];
  /** `-bs` builds a source package. */
  readonly isSource?: boolean;
}

const SPEC = `
Name: sample
Version: 1.2
Release: 3
Epoch: 4
Summary: a sample
License: MIT
Vendor: Example Makers
BuildArch: noarch
Source0: a.txt
%description
A sample of several files.
%prep
%build
%install
mkdir -p %{buildroot}/usr/share/sample/deep
cp %{SOURCE0} %{buildroot}/usr/share/sample/a.txt
echo odd > %{buildroot}/usr/share/sample/deep/odd
: > %{buildroot}/usr/share/sample/empty
ln -s a.txt %{buildroot}/usr/share/sample/link
ln %{buildroot}/usr/share/sample/a.txt %{buildroot}/usr/share/sample/b-hard.txt
%pre
echo before
%post -p <lua>
print("after")
%triggerin -- other
echo triggered
%files
/usr/share/sample
%ghost /var/log/sample.log
`;

/** @returns the one package that was built from a small spec file, in a folder of the caller's */
export async function buildRpm(folder: string, options: BuildOptions = {}): Promise<Buffer> {
  const { path, env } = await rpmProgram("rpmbuild");
  await mkdir(join(folder, "SOURCES"), { recursive: true });
  await writeFile(join(folder, "SOURCES/a.txt"), "what a package holds ".repeat(5000));
  await writeFile(join(folder, "sample.spec"), SPEC);
  const payload = options.payload ?? "w9.gzdio";
  const defines = [
    `_topdir ${folder}`,
    `_binary_payload ${payload}`,
    `_source_payload ${payload}`,
    "_build_id_links none",
    "_missing_doc_files_terminate_build 0",
    "__os_install_post %{nil}",
    ...(options.defines ?? []),
  ];
  await run(
    path,
    [
      ...defines.flatMap((define) => ["--define", define]),
      options.isSource === true ? "-bs" : "-bb",
      join(folder, "sample.spec"),
    ],
    { env, cwd: folder },
  );
  const place = join(folder, options.isSource === true ? "SRPMS" : "RPMS/noarch");
  const [file = ""] = await readdir(place);
  return readFile(join(place, file));
}
