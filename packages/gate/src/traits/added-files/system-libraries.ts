/**
 * Names under which a library beside a program is loaded in place of the one of Windows. Sources: Microsoft, "Dynamic-link
 * library search order" (the program's own folder comes first, unless the name is among KnownDLLs); MITRE ATT&CK T1574.001;
 * the hijack lists of published research. Libraries that Microsoft gives out for programs to carry along (the C and C++
 * runtimes, `dbghelp`, `d3dcompiler_47`, `api-ms-win-*`, `ucrtbase`) are ordinary beside a program and left out.
 * @module
 */

export const SYSTEM_LIBRARIES: ReadonlySet<string> = new Set(
  `aclui activeds adsldpc amsi apphelp appvpolicy atl atlthunk authz avrt bcp47langs bitsproxy cabinet certcli certenroll
  cfgmgr32 clusapi cmpbk32 cmutil coloradapterclient comdlg32 comsvcs coremessaging credui cryptbase cryptnet cryptsp cryptui
  cryptxml cscapi cscobj d2d1 d3d10 d3d10_1 d3d10core d3d11 d3d12 d3d8 d3d9 davclnt dbgcore dcomp ddraw devobj devrtl dhcpcsvc
  dhcpcsvc6 dinput dinput8 dismapi dnsapi dsound dsreg dsrole dui70 duser dwmapi dwrite dxgi dxva2 edputil efsadu efsutil
  esent evr faultrep feclient firewallapi fltlib fveapi fwbase fwpuclnt gpapi hid hlink httpapi iertutil ifmon imm32 iphlpapi
  iphlpsvc ikeext kdstub ksuser ktmw32 linkinfo loadperf logoncli lpk mapi32 mfplat mfc42 midimap mlang mmdevapi mpr mprapi
  msacm32 mscms mscoree msctf msdtctm msftedit msi msiso msimg32 msutb mswsock msxml3 msxml6 mtxclu ncrypt ndfapi netapi32
  netprovfw netsetupapi netshell netutils newdev ninput nlaapi npmproxy ntdsapi ntlanman ntmarta ntshrui odbc32 oleacc oleaccrc
  olepro32 opengl32 osbaseln osuninst p2p pcwum pdh policymanager powrprof printui profapi propsys prntvpt puiapi quartz
  rasadhlp rasapi32 rasman regapi resutils rmclient rpcrtremote rsaenh rtutils rtworkq samcli samlib schedcli scecli secur32
  security sensapi sfc sfc_os shfolder slc snmpapi spp srclient srpapi srvcli sspicli ssshim structuredquery sxs sxshared
  taskschd tapi32 tbs textshaping timesync tpmcoreprovisioning traffic tsvcs txfw32 twext umpdc uianimation uiautomationcore
  uiribbon urlmon userenv usp10 utildll uxinit uxtheme vaultcli version virtdisk vssapi vsstrace wbemcomn wcmapi wdscore
  webservices wer wevtapi whhelper wimgapi winbio winbrand windowscodecs windowscodecsext wingdi winhttp wininet winipsec
  winmde winmm winnsi winscard winspool winsta wintrust wkscli wlanapi wlancfg wlbsctrl wldp wlidprov wmiclnt wmidcom wmiutils
  wmsgapi wofutil wpdshext wscapi wsdapi wsmsvc wsock32 wtsapi32 x3daudio xinput9_1_0 xmllite xolehlp xpsservices xwizards
  xwtpw32`
    .trim()
    .split(/\s+/),
);
