import { type BehaviourSample, linuxFile, scriptFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    linuxFile({ form: "library", names: ["/etc/ld.so.preload"] }),
    scriptFile("postinst.sh", '(crontab -l; echo "@reboot /tmp/a") | crontab -\n'),
    scriptFile(
      "a.py",
      'open(os.path.expanduser("~/.config/systemd/user/a.service"), "w")\nos.system("systemctl --user enable a")\n',
    ),
  ],
  lacks: [
    scriptFile("postinst.sh", "systemctl daemon-reload\nsystemctl enable example.service\n"),
    scriptFile("a.sh", "cat ~/.bashrc\n"),
  ],
};
