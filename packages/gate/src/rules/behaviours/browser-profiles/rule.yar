// Reads what browsers keep: passwords, cookies or history.
// Source: MITRE ATT&CK, T1555.003, T1539, T1217; what the calls and files are called in their own documents.

rule browser_profiles {
  meta:
    behaviour = "browser-profiles"
    description = "the folder of a browser profile together with a file in which it keeps secrets"
    attack = "T1555.003 T1539 T1217"
    files = "program library script data"
  strings:
    $folder_chrome = /Google["'`,\s\/\\]{1,8}Chrome["'`,\s\/\\]{1,8}(User Data|Default)/ ascii wide nocase
    $folder_chrome_mac = "Application Support/Google/Chrome" ascii wide nocase
    $folder_chrome_linux = ".config/google-chrome" ascii wide nocase
    $folder_edge = /Microsoft["'`,\s\/\\]{1,8}Edge["'`,\s\/\\]{1,8}User Data/ ascii wide nocase
    $folder_brave = /BraveSoftware["'`,\s\/\\]{1,8}Brave-Browser/ ascii wide nocase
    $folder_opera = "Opera Software" ascii wide nocase
    $folder_firefox = /Mozilla["'`,\s\/\\]{1,8}Firefox["'`,\s\/\\]{1,8}Profiles/ ascii wide nocase
    $folder_firefox_mac = "Application Support/Firefox" ascii wide nocase
    $folder_firefox_linux = ".mozilla/firefox" ascii wide nocase
    $store_logins = "Login Data" ascii wide
    $store_firefox_logins = "logins.json" ascii wide
    $store_firefox_keys = /key[34]\.db/ ascii wide
    $store_firefox_cookies = "cookies.sqlite" ascii wide
    $store_firefox_places = "places.sqlite" ascii wide
    $store_cards = "Web Data" ascii wide
    $store_local_state = "os_crypt" ascii wide
    $store_history = "SELECT url, title" ascii wide nocase
    $store_password = "password_value" ascii wide
    $store_cookie = "encrypted_value" ascii wide
  condition:
    any of ($folder_*) and any of ($store_*)
}
