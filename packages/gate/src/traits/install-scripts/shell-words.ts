/**
 * Which programs a shell script calls. Sources: POSIX.1-2024 XCU 2 "Shell Command Language"; Debian Policy §6 and §10,
 * debhelper(7), and Fedora Packaging Guidelines "Scriptlets", for what scripts of packages ordinarily call.
 * @module
 */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const KEYWORDS = words(
  "if then elif else fi for while until do done case esac in function { } ! time select",
);

/** Called by the scripts of most packages; they keep the system's own registers, or do what a file manager does. */
const ORDINARY = words(`
  [ [[ test : true false . source set unset export local return exit shift echo printf read cd pwd umask trap type command
  which getent id uname basename dirname readlink realpath cat cp mv rm mkdir rmdir ln ls touch chmod chown chgrp install
  stat find grep egrep fgrep sed awk cut tr sort uniq head tail wc tee xargs cmp diff md5sum sha256sum sync sleep mktemp
  tempfile date expr seq dpkg dpkg-query dpkg-divert dpkg-trigger dpkg-statoverride dpkg-maintscript-helper dpkg-architecture
  update-alternatives update-rc.d invoke-rc.d deb-systemd-helper deb-systemd-invoke systemctl systemd-tmpfiles
  systemd-sysusers systemd-update-helper service chkconfig ldconfig update-ca-certificates update-desktop-database
  update-mime-database update-mime update-icon-caches gtk-update-icon-cache gtk-update-icon-cache-3.0 glib-compile-schemas
  gio-querymodules gdk-pixbuf-query-loaders update-initramfs update-grub depmod modprobe udevadm install-info
  remove-shell add-shell update-shells adduser deluser addgroup delgroup useradd userdel groupadd groupdel usermod getfacl
  ucf ucfr ucfq py3compile py3clean py3versions pycompile pyclean dh_python3 emacs-package-install emacs-package-remove
  update-texmf mktexlsr fc-cache update-fonts-dir update-fonts-scale update-fonts-alias restorecon semodule semanage fixfiles
  selinuxenabled restorecon alternatives apparmor_parser aa-enabled db_get db_set db_input db_go db_purge db_stop db_version
  db_title db_fset db_subst db_unregister db_settitle db_metaget rpm lua posix.stat killall pidof pkill runlevel initctl
  start-stop-daemon sysctl xdg-desktop-menu xdg-icon-resource xdg-mime chcon mountpoint ischroot kill continue break exec
  eval let declare readonly wait phpenmod phpdismod phpquery a2enmod a2dismod a2enconf a2disconf apache2_invoke
  apache2_reload service_invoke pypy3compile update-menus pam-auth-update update-binfmts db_reset db_capb update-xmlcatalog
  update-catalog update-gsfontmap locale-gen update-locale groupmod setfacl systemd-hwdb journalctl dbus-send nscd`);

const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]{0,100}\+?=/;
const REDIRECTION = /^\d{0,2}[<>]/;
const FUNCTION = /^\s{0,100}(?:function\s{1,20})?([A-Za-z_][\w-]{0,100})\s{0,20}\(\)/;
const HERE_DOCUMENT = /<<-?\s{0,20}["'\\]?([A-Za-z_]\w{0,100})/;
const MOST_LINES = 20_000;
const MOST_WORDS = 400;

/** @returns programs that no ordinary script of a package calls, sorted, as written; variables as `$` */
export function unfamiliarCommands(text: string): string[] {
  const own = new Set<string>();
  const called = new Set<string>();
  let hereEnd: string | undefined;
  let cases = 0;
  for (const line of text.replaceAll("\\\n", " ").split("\n", MOST_LINES)) {
    if (hereEnd !== undefined) {
      if (line.trim() === hereEnd) hereEnd = undefined;
      continue;
    }
    hereEnd = HERE_DOCUMENT.exec(line.slice(0, 1000))?.[1];
    const name = FUNCTION.exec(line)?.[1];
    if (name !== undefined) own.add(name);
    const start = line.slice(0, 1000);
    if (/^\s{0,200}case\s/.test(start)) cases += 1;
    for (const word of commandsOf(cases > 0 ? withoutLabel(start) : start))
      if (called.size < MOST_WORDS) called.add(word);
    if (/(?:^|[\s;])esac\b/.test(start)) cases = Math.max(0, cases - 1);
  }
  return [...called].filter((word) => !own.has(word) && !ORDINARY.has(word)).sort();
}

/** What stands before the parenthesis of a `case` is a pattern. */
function withoutLabel(line: string): string {
  const start = line.trimStart();
  const end = start.indexOf(")");
  return end >= 0 && !start.slice(1, end).includes("(") ? start.slice(end + 1) : line;
}

function commandsOf(line: string): string[] {
  if (/^\s{0,200}#/.test(line)) return [];
  const plain = withoutQuoted(line).replace(/\$\{[^{}]{0,200}\}/g, "$");
  return plain.split(/[;|&(){}`]|\$\(/).flatMap((part) => {
    const parts = part.trim().split(/\s+/);
    const command = parts.find(
      (word) => word !== "" && !KEYWORDS.has(word) && !ASSIGNMENT.test(word) && !REDIRECTION.test(word),
    );
    if (command === undefined || command === "_" || parts[0] === "case" || parts[0] === "for") return [];
    if (command.includes("$")) return ["$"];
    const program = command.slice(command.lastIndexOf("/") + 1);
    const isSystem = !command.includes("/") || /^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]*$/.test(command);
    if (!/^[A-Za-z_[:.][\w.:+[-]{0,60}$/.test(program)) return [];
    return [isSystem ? program : command.slice(0, 120)];
  });
}

/** What stands in quotes is an argument, unless it could name a program. */
const withoutQuoted = (line: string): string =>
  line.replace(/'[^']{0,1000}'|"(?:[^"\\]|\\.){0,1000}"/g, (quoted) => {
    if (quoted.includes("$")) return "$";
    return /^.[\w./+-]{1,200}.$/.test(quoted) ? quoted.slice(1, -1) : "_";
  });
