// Collects what is to be known of the machine and sends it.
// Source: MITRE ATT&CK, T1082, T1033, T1016; what the calls and files are called in their own documents.

rule host_survey {
  meta:
    behaviour = "host-survey"
    description = "user, machine and network of the host beside code that sends"
    attack = "T1082 T1033 T1016"
    files = "script"
  strings:
    $host = /(os\.hostname\(\)|socket\.gethostname\(\)|platform\.node\(\)|\$\(hostname\)|`hostname`|execSync\(["']hostname)/
    $user = /(os\.userInfo\(\)|getpass\.getuser\(\)|os\.getlogin\(\)|\$\(whoami\)|`whoami`|execSync\(["']whoami|\$\(id\)|process\.env\.(USER|USERNAME)\b)/
    $network = /(os\.networkInterfaces\(\)|dns\.getServers\(\)|psutil\.net_if_addrs|ifconfig|ipconfig|api\.ipify\.org|ipinfo\.io|ifconfig\.me|icanhazip\.com|getmac)/
    $folder = /(process\.cwd\(\)|__dirname|os\.getcwd\(\)|os\.homedir\(\)|expanduser|\$\(pwd\)|`pwd`|\$PWD)/
    $send = /(https?\.request\(|https?\.get\(|\bfetch\(|axios[.(]|requests\.(post|get)\(|urlopen\(|Invoke-RestMethod|curl\s|wget\s|dns\.(lookup|resolve)|nslookup|\.post\()/
  condition:
    filesize < 60KB and $host and $user and ($network or $folder) and $send
}
