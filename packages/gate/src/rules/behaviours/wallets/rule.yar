// Looks for wallets of digital money.
// Source: MITRE ATT&CK, T1005, T1657; what the calls and files are called in their own documents.

rule wallets_files {
  meta:
    behaviour = "wallets"
    description = "files or browser extensions of two or more wallets"
    attack = "T1005 T1657"
    files = "program library script data"
  strings:
    $core = "wallet.dat" ascii wide nocase
    $exodus = "exodus.wallet" ascii wide nocase
    $electrum = /Electrum["'`,\s\/\\]{1,8}wallets/ ascii wide nocase
    $ethereum = /Ethereum["'`,\s\/\\]{1,8}keystore/ ascii wide nocase
    $atomic = /atomic["'`,\s\/\\]{1,8}Local Storage/ ascii wide nocase
    $jaxx = "com.liberty.jaxx" ascii wide nocase
    $extension_one = "nkbihfbeogaeaoehlefnkodbefgpgknn" ascii wide
    $extension_two = "bfnaelmomeimhlpmgjnjophhpkkoljpa" ascii wide
    $extension_three = "hnfanknocfeofbddgcijnmhnfnkdnaad" ascii wide
    $extension_four = "ibnejdfjmmkpcnlpebklmnkoeoihofec" ascii wide
    $solana = ".config/solana/id.json" ascii wide
  condition:
    2 of them
}

rule wallets_swapped_address {
  meta:
    behaviour = "wallets"
    description = "patterns of payment addresses beside requests that are taken over"
    attack = "T1005 T1657"
    files = "script"
  strings:
    $bitcoin = /\(?\^?\(?bc1[\[(|a-z0-9]/
    $ethereum = /0x\[a-fA-F0-9\]\{40\}/
    $tron = /T\[[1-9A-HJ-NP-Za-km-z-]{6,64}\]\{3[0-9]\}/
    $litecoin = /\[?L?M?3?\]?\[a-km-zA-HJ-NP-Z1-9\]\{2[0-9],3[0-9]\}/
    $provider = "window.ethereum"
    $takes_fetch = /(window|globalThis|self)\.fetch\s{0,4}=/
    $takes_request = /XMLHttpRequest\.prototype\.(open|send)\s{0,4}=/
  condition:
    2 of ($bitcoin, $ethereum, $tron, $litecoin, $provider) and any of ($takes_fetch, $takes_request)
}
