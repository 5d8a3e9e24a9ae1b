// Packs files and sends them away.
// Source: MITRE ATT&CK, T1560, T1567, T1048; what the calls and files are called in their own documents.

rule archive_and_send_script {
  meta:
    behaviour = "archive-and-send"
    description = "a script that makes an archive and uploads it"
    attack = "T1560 T1567 T1048"
    files = "script"
  strings:
    $pack = /(zipfile\.ZipFile\([^\n]{1,120}["']w|shutil\.make_archive\(|tarfile\.open\([^\n]{1,120}["']w|archiver\(|new AdmZip\(|Compress-Archive|\btar\s{1,4}-?[a-zA-Z]*c[a-zA-Z]*f?\s|\bzip\s{1,4}-[a-z]*r)/
    $send = /(requests\.(post|put)\(|curl\s[^\n]{0,120}(-F\s|--upload-file|-T\s|--data-binary\s{1,4}["']?@)|FormData\(|multipart\/form-data|UploadFile\(|sendDocument|\.put_object\(|Invoke-RestMethod[^\n]{0,120}-InFile|method:\s{0,4}["'](POST|PUT)["'])/
    $home = /(homedir\(\)|os\.environ|process\.env\.(HOME|USERPROFILE|APPDATA)|expanduser\(|\$HOME\b|~\/|%USERPROFILE%|%APPDATA%|\$env:(USERPROFILE|APPDATA))/
  condition:
    filesize < 300KB and all of them
}

rule archive_and_send_native {
  meta:
    behaviour = "archive-and-send"
    description = "a library that packs files and posts forms"
    attack = "T1560 T1567 T1048"
    files = "library"
  strings:
    $pack = /(zipOpenNewFileInZip|mz_zip_writer_add|zip_file_add|archive_write_header)/
    $send = /(HttpSendRequest[AW]|WinHttpSendRequest|curl_mime_filedata|curl_formadd)/
    $form = "multipart/form-data"
  condition:
    all of them
}
