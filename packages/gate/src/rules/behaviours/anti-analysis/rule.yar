// Looks whether somebody is watching it.
// Source: MITRE ATT&CK, T1497.001, T1622; what the calls and files are called in their own documents.

rule anti_analysis {
  meta:
    behaviour = "anti-analysis"
    description = "names of four or more analysis tools or virtual machines"
    attack = "T1497.001 T1622"
    files = "program library script data"
  strings:
    $vmware_tools = "vmtoolsd.exe" ascii wide nocase
    $vmware_cpu = "VMwareVMware" ascii wide
    $virtualbox_service = /vboxservice(\.exe)?/ ascii wide nocase
    $virtualbox_tray = /vboxtray(\.exe)?/ ascii wide nocase
    $virtualbox_device = "VBoxMiniRdrDN" ascii wide nocase
    $virtualbox_table = "VBOX__" ascii wide
    $sandboxie = "SbieDll.dll" ascii wide nocase
    $wireshark = "wireshark.exe" ascii wide nocase
    $monitor = /procmon(64)?\.exe/ ascii wide nocase
    $explorer = /procexp(64)?\.exe/ ascii wide nocase
    $debugger = /(x64dbg|x32dbg|ollydbg|windbg|ida64|idaq)\.exe/ ascii wide nocase
    $fiddler = "fiddler.exe" ascii wide nocase
    $hacker = "ProcessHacker.exe" ascii wide nocase
    $dump = "dumpcap.exe" ascii wide nocase
    $sandbox = /(cuckoomon|joeboxcontrol|joeboxserver|qemu-ga\.exe|prl_tools)/ ascii wide nocase
    $strings = "TracerPid:" ascii
    $mac = /sysctl[^\n\x00]{0,40}hw\.model[^\n\x00]{0,60}(VMware|Virtual)/ ascii
  condition:
    4 of them
}
