// Mines digital money.
// Source: MITRE ATT&CK, T1496; what the calls and files are called in their own documents.

rule coin_mining {
  meta:
    behaviour = "coin-mining"
    description = "the protocol of a mining pool, or two signs of a miner"
    attack = "T1496"
    files = "program library script data"
  strings:
    $protocol = /stratum\+(tcp|ssl|udp):\/\// ascii wide nocase
    $program = /\bxmrig\b/ ascii wide nocase
    $level = "--donate-level" ascii wide
    $algorithm = /\b(cryptonight|randomx|rx\/0|kawpow)\b/ ascii wide nocase
    $pool = /\b(minexmr|supportxmr|nanopool|2miners|moneroocean|hashvault|unmineable)\.(com|org|stream|pro)/ ascii wide nocase
    $script = /(coinhive|CoinHive\.Anonymous|cryptoloot|coin-hive)/ ascii nocase
  condition:
    $protocol or $script or 2 of ($program, $level, $algorithm, $pool)
}
