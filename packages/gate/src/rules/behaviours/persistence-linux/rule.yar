// Starts itself again with Linux.
// Source: MITRE ATT&CK, T1543.002, T1053.003, T1546.004, T1574.006, T1098.004; what the calls and files are called in their own documents.

rule persistence_linux {
  meta:
    behaviour = "persistence-linux"
    description = "a table of jobs, a user service, a shell profile, a key or a preloaded library that is put in place"
    attack = "T1543.002 T1053.003 T1546.004 T1574.006 T1098.004"
    files = "program library script data"
  strings:
    $preload = "/etc/ld.so.preload" ascii
    $jobs = /crontab\s{1,4}(-l[^\n\x00]{1,160}\|\s{0,4}crontab\s{1,4})?-(\s|"|'|\x00|\)|$)/ ascii
    $jobs_folder = />{1,2}\s{0,4}\/(etc\/cron\.d|etc\/crontab|var\/spool\/cron)/ ascii
    $profile = />>\s{0,4}["']?(~|\$HOME|\$\{HOME\}|\/root)\/\.(bashrc|bash_profile|profile|zshrc|zprofile)/ ascii
    $keys = /(>>|appendFile(Sync)?\(|\ba\+?["'])[^\n\x00]{0,80}\.ssh\/authorized_keys/ ascii
    $keys_after = /authorized_keys["'`]?\)?\s{0,4},[^\n]{1,200}ssh-(rsa|ed25519)/ ascii
    $user_service = /\.config["'`,\s\/]{1,8}systemd["'`,\s\/]{1,8}user/ ascii
    $enable = /systemctl["'`,\s\[]{1,8}--user["'`,\s]{1,8}(enable|start|daemon-reload)/ ascii
    $autostart = /\.config["'`,\s\/]{1,8}autostart/ ascii
    $entry = "[Desktop Entry]" ascii
  condition:
    any of ($preload, $jobs, $jobs_folder, $profile, $keys, $keys_after) or ($user_service and $enable) or ($autostart and $entry)
}
