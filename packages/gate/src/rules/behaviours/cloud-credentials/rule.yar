// Takes the credentials that clouds hand to their machines.
// Source: MITRE ATT&CK, T1552.005; what the calls and files are called in their own documents.

rule cloud_credentials {
  meta:
    behaviour = "cloud-credentials"
    description = "the address at which a cloud machine is given credentials"
    attack = "T1552.005"
    files = "program library script data"
  strings:
    $address = "169.254.169.254" ascii wide
    $aws = "/security-credentials" ascii wide
    $google = "computeMetadata/v1/instance/service-accounts" ascii wide
    $azure = "/metadata/identity/oauth2/token" ascii wide
    $container = "169.254.170.2" ascii wide
  condition:
    $google or $container or ($address and ($aws or $azure))
}
