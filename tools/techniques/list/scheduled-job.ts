import { withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const scheduledJob: Technique = {
  id: "scheduled-job",
  title: "Job that root runs every ten minutes",
  shape: "/etc/cron.d/collect of Free Download Manager's .deb, 2020 to 2023 (Kaspersky); ATT&CK T1053.003",
  kind: "debian",
  least: "medium",
  attack: ({ after }) =>
    withFile(after, "etc/cron.d/collect", "*/10 * * * * root /var/tmp/crond >/dev/null 2>&1\n"),
  twinTitle: "a page of documentation",
  twin: ({ after }) =>
    withFile(after, "usr/share/doc/example-notes/NOTES", "Jobs are described in the manual.\n"),
};
