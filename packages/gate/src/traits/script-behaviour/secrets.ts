/**
 * Reading what opens other doors. A path counts, not a word: `.ssh` as a property of an object is no private key.
 * Sources: MITRE ATT&CK T1552.001, T1552.004, T1552.005, T1555.001, T1555.003, T1539; the manuals of the programs whose
 * files these are; reports about the npm worms of August, September and November 2025.
 * @module
 */

import { ECMASCRIPT, POWERSHELL, PYTHON, RUBY, SHELL, type Sign } from "./sign.ts";

/** Between two parts of a path, however it is put together. */
const GAP = String.raw`(?:[\/\\]{1,4}|["'\x60],\s?["'\x60])`;
/** Where a part of a path begins. */
const START = String.raw`["'\x60\/\\~]`;

const pathOf = (...parts: string[]): string => `${START}${parts.join(GAP)}`;
const either = (...patterns: string[]): RegExp => new RegExp(patterns.join("|"), "g");

export const SECRETS: readonly Sign[] = [
  {
    id: "private-keys",
    does: "reads private keys",
    looks: [
      {
        needles: [".ssh", ".gnupg", "id_rsa", "id_ed25519", "id_ecdsa"],
        pattern: either(
          `${START}\\.ssh(?:${GAP}|["'\`)]|\\s)`,
          `${START}id_(?:rsa|dsa|ecdsa|ed25519)\\b`,
          `${START}\\.gnupg\\b`,
        ),
      },
    ],
  },
  {
    id: "registry-credentials",
    does: "reads credentials of package registries",
    looks: [
      {
        needles: ["npmrc", "pypirc", "_authtoken", "yarnrc", ".gem", "credentials.toml"],
        pattern: either(
          `${START}\\.(?:npmrc|pypirc|yarnrc(?:\\.yml)?)\\b`,
          "\\b_authtoken\\b",
          pathOf("\\.gem", "credentials"),
          pathOf("\\.cargo", "credentials"),
        ),
      },
    ],
  },
  {
    id: "cloud-credentials",
    does: "reads credentials of clouds and clusters",
    looks: [
      {
        needles: [
          ".aws",
          ".azure",
          "gcloud",
          ".kube",
          ".docker",
          "169.254.169.254",
          "metadata.google",
          "/var/run/secrets",
        ],
        pattern: either(
          pathOf("\\.aws", "(?:credentials|config)"),
          pathOf("\\.azure", "(?:accesstokens|msal_token|azureprofile)"),
          "application_default_credentials\\.json",
          pathOf("\\.config", "gcloud"),
          pathOf("\\.kube", "config"),
          pathOf("\\.docker", "config\\.json"),
          "\\b169\\.254\\.169\\.254\\b",
          "\\bmetadata\\.google\\.internal\\b",
          "/var/run/secrets/kubernetes",
        ),
      },
    ],
  },
  {
    id: "repository-credentials",
    does: "reads credentials of source repositories",
    looks: [
      {
        needles: [
          "git-credentials",
          ".netrc",
          "gh auth token",
          "hosts.yml",
          "actions_id_token",
          "actions_runtime_token",
        ],
        pattern: either(
          `${START}\\.git-credentials\\b`,
          `${START}[._]netrc\\b`,
          "\\bgh auth token\\b",
          pathOf("\\.config", "gh", "hosts\\.yml"),
          "\\bactions_(?:id_token_request|runtime)_token\\b",
        ),
      },
    ],
  },
  {
    id: "environment",
    does: "collects all environment variables",
    looks: [
      {
        languages: ECMASCRIPT,
        needles: ["process.env"],
        pattern: either(
          "\\.stringify\\([^();]{0,60}process\\.env[,)}]",
          "\\bfor\\((?:const|let|var) [\\w$]{1,40} in process\\.env\\)",
          "object\\.(?:entries|values)\\(process\\.env\\)",
          "\\b(?:data|body|payload|environment|vars):process\\.env[,})]",
        ),
      },
      {
        languages: PYTHON,
        needles: ["environ"],
        pattern: either(
          "\\b(?:dict|str|repr)\\(os\\.environ\\)",
          "dumps\\([^()]{0,40}os\\.environ",
          "\\bfor \\w{1,20}, ?\\w{1,20} in (?:os\\.)?environ\\.items\\(\\)",
          "\\b(?:data|json|params)=(?:dict\\()?os\\.environ\\b",
        ),
      },
      {
        languages: SHELL,
        needles: ["env", "/environ"],
        pattern:
          /\$\((?:env|printenv|set)\)|(?:^|[;&|(])[ \t]{0,20}(?:env|printenv)[ \t]{0,8}(?:\||>)|`(?:env|printenv)`|\/proc\/(?:self|1|\$\$|\*)\/environ/gm,
      },
      {
        languages: POWERSHELL,
        needles: ["env:"],
        pattern: /\b(?:get-childitem|gci|dir|ls)[ \t]{1,8}(?:-path[ \t]{1,4})?env:/g,
      },
      { languages: RUBY, needles: ["env."], pattern: /\benv\.(?:to_h|to_a|to_hash|inspect|to_json)\b/g },
    ],
  },
  {
    id: "tokens",
    does: "collects tokens of several services",
    looks: [
      {
        different: 3,
        needles: ["_token", "_secret", "_access_key"],
        pattern:
          /\b(?:npm_token|node_auth_token|github_token|gh_token|gitlab_token|aws_secret_access_key|aws_session_token|pypi_token|twine_password|vault_token|azure_client_secret|docker_auth_config|nuget_api_key)\b/g,
      },
    ],
  },
  {
    id: "home-folder",
    does: "collects what lies in the home folder",
    looks: [
      {
        needles: ["homedir", "expanduser", "home", "~/"],
        pattern:
          /\breaddir\w{0,8}\([^()\n]{0,40}(?:\bhomedir\(\)\)?[,)+]|\bprocess\.env\.(?:home|userprofile)\b)|\bos\.walk\([^\n]{0,40}expanduser\(["']~["']\)|\bfind[ \t]{1,4}["']?(?:~|\$\{?home\}?)["']?\/?[ \t]|\btar[ \t][^\n]{0,60}[ \t]["']?(?:~|\$\{?home\}?)\/?["']?(?=[ \t\n|]|$)/gm,
      },
    ],
  },
  {
    id: "browser-profiles",
    does: "reads what browsers keep: passwords, cookies, extensions",
    looks: [
      {
        needles: [
          "login data",
          "user data",
          "logins.json",
          "key4.db",
          "key3.db",
          "local extension settings",
          "cookies.sqlite",
          "cookies.binarycookies",
          "bravesoftware",
          "/cookies",
        ],
        pattern: either(
          `${START}login data["'\`\\/\\\\ ]`,
          "\\blogins\\.json\\b",
          "\\bkey[34]\\.db\\b",
          "local extension settings",
          "\\bcookies\\.(?:sqlite|binarycookies)\\b",
          pathOf("(?:chrome|chromium|brave-browser|edge|opera|vivaldi|yandexbrowser)", "user data", "?"),
          pathOf("(?:default|profile \\d)", "(?:network\\W{1,4})?(?:cookies|web data|login)"),
        ),
      },
    ],
  },
  {
    id: "wallets",
    does: "reads wallets",
    looks: [
      {
        needles: [
          "wallet",
          "solana",
          "keystore",
          "nkbihfbeogaeaoehlefnkodbefgpgknn",
          "bfnaelmomeimhlpmgjnjophhpkkoljpa",
          "ledger live",
        ],
        pattern: either(
          "\\bwallet\\.dat\\b",
          "\\bexodus\\.wallet\\b",
          pathOf("\\.?electrum", "wallets"),
          pathOf("solana", "id\\.json"),
          pathOf("\\.?ethereum", "keystore"),
          `${START}ledger live\\b`,
          // Extensions of browsers are named by these letters: MetaMask, Phantom.
          "\\b(?:nkbihfbeogaeaoehlefnkodbefgpgknn|bfnaelmomeimhlpmgjnjophhpkkoljpa)\\b",
        ),
      },
    ],
  },
  {
    id: "keychain",
    does: "reads the keychain or the passwords of the system",
    looks: [
      {
        needles: [
          "keychain",
          "find-generic-password",
          "find-internet-password",
          "cryptunprotectdata",
          "protecteddata",
          "/etc/shadow",
          "hklm\\sam",
          "kwallet",
        ],
        pattern:
          /\blogin\.keychain\b|\bfind-(?:generic|internet)-password\b|\bdump-keychain\b|\bcryptunprotectdata\b|protecteddata\]?(?:::|\.)unprotect|\/etc\/shadow\b|\bhklm\\{1,2}(?:sam|security)\b|\bkwallet-query\b/g,
      },
    ],
  },
  {
    id: "messengers",
    does: "reads sessions of messengers",
    looks: [
      {
        needles: ["discord", "tdata", "slack"],
        pattern: either(
          pathOf("discord(?:canary|ptb)?", "local storage"),
          pathOf("telegram desktop", "tdata"),
          pathOf("slack", "(?:local storage|cookies)"),
        ),
      },
    ],
  },
  {
    id: "secret-scanner",
    does: "searches the machine for secrets",
    looks: [
      {
        needles: ["trufflehog", "gitleaks"],
        pattern:
          /\btrufflehog\b[^\n]{0,60}\b(?:filesystem|git|--json|releases)\b|\bgitleaks (?:detect|dir|git)\b/g,
      },
    ],
  },
];
