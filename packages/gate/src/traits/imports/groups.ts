/**
 * What groups of imported functions give a program power over, on Windows, Linux and Apple's systems. Only functions
 * whose use says something are here: opening files or asking for the time is in every program.
 * Sources: Microsoft, Windows API index and .NET API browser; Linux man-pages, sections 2 and 3; Apple, Security, Network and mach headers;
 * MITRE ATT&CK, T1055, T1059, T1071, T1555, T1543, T1056, T1134.
 * @module
 */

import type { ExecutableRole } from "../executable/facts.ts";
import type { Risk } from "../trait.ts";

export type GroupId =
  | "injection"
  | "memory-protection"
  | "network"
  | "execution"
  | "credentials"
  | "services"
  | "input"
  | "screen"
  | "privileges"
  | "process-list"
  | "decryption";

export interface Group {
  readonly id: GroupId;
  /** Completes "can now …". */
  readonly power: string;
  /** Libraries every function of which belongs here, without `.dll`, version or path. */
  readonly libraries: readonly string[];
  /** Without the `A`, `W` and `Ex` of Windows' variants and the underscore of Apple's symbols. */
  readonly functions: readonly string[];
  /** Of .NET: a type, a type and its member (`Type!Member`), or a namespace (`System.Net.`). */
  readonly types: readonly string[];
  /** When a program of this kind had nothing of the group, and now has. */
  readonly gain: { readonly library: Risk; readonly program: Risk };
}

const group = (
  id: GroupId,
  power: string,
  gain: Group["gain"],
  names: { readonly libraries?: string; readonly functions?: string; readonly types?: string },
): Group => ({
  id,
  power,
  gain,
  libraries: words(names.libraries),
  functions: words(names.functions),
  types: words(names.types),
});

const words = (text = ""): string[] => text.split(/\s+/).filter((word) => word !== "");

export const groups: readonly Group[] = [
  group(
    "injection",
    "write into other processes",
    { library: "medium", program: "medium" },
    {
      functions: `WriteProcessMemory NtWriteVirtualMemory ZwWriteVirtualMemory CreateRemoteThread NtCreateThread
      RtlCreateUserThread VirtualAllocEx VirtualProtectEx QueueUserAPC NtQueueApcThread SetThreadContext
      Wow64SetThreadContext NtSetContextThread NtUnmapViewOfSection ZwUnmapViewOfSection NtMapViewOfSection
      ptrace process_vm_writev task_for_pid mach_vm_write vm_write thread_create_running`,
    },
  ),
  group(
    "memory-protection",
    "make or run code in memory",
    { library: "low", program: "low" },
    {
      functions: `VirtualProtect VirtualAlloc NtProtectVirtualMemory NtAllocateVirtualMemory mprotect memfd_create
      fexecve vm_protect mach_vm_protect pthread_jit_write_protect_np NSCreateObjectFileImageFromMemory`,
      types: `System.Reflection.Assembly!Load System.Reflection.Emit. System.AppDomain!Load
        System.Runtime.InteropServices.Marshal!GetDelegateForFunctionPointer`,
    },
  ),
  group(
    "network",
    "use the network",
    { library: "medium", program: "low" },
    {
      libraries: "ws2_32 wsock32 winhttp wininet urlmon libcurl libcurl-gnutls libssl mswsock websocket",
      functions: `socket connect getaddrinfo gethostbyname sendto recvfrom curl_easy_perform curl_easy_init
      SSL_connect SSL_new res_query res_init CFReadStreamCreateForHTTPRequest CFStreamCreatePairWithSocketToHost
      nw_connection_create CFSocketCreate CFHTTPMessageCreateRequest OBJC_CLASS_$_NSURLSession
      OBJC_CLASS_$_NSURLConnection OBJC_CLASS_$_NSURLRequest OBJC_CLASS_$_NSMutableURLRequest
      InternetOpen WinHttpOpen URLDownloadToFile`,
      types: `System.Net.`,
    },
  ),
  group(
    "execution",
    "start programs",
    { library: "low", program: "low" },
    {
      functions: `CreateProcess CreateProcessAsUser CreateProcessWithLogon CreateProcessWithToken ShellExecute WinExec
      system popen execve execv execvp execl execlp execle execvpe posix_spawn posix_spawnp fork vfork
      OBJC_CLASS_$_NSTask LSOpenCFURLRef NtCreateUserProcess`,
      types: `System.Diagnostics.Process!Start System.Diagnostics.ProcessStartInfo System.Management.Automation.`,
    },
  ),
  group(
    "credentials",
    "read stored credentials",
    { library: "high", program: "medium" },
    {
      libraries: "vaultcli samlib",
      functions: `CryptUnprotectData CredRead CredEnumerate CredBackupCredentials LsaRetrievePrivateData
      LsaEnumerateLogonSessions SamConnect NCryptUnprotectSecret SecKeychainFindGenericPassword
      SecKeychainFindInternetPassword SecKeychainItemCopyContent SecItemCopyMatching SecKeychainSearchCopyNext
      secret_password_lookup_sync secret_service_search_sync gnome_keyring_find_password_sync`,
      types: `System.Security.Cryptography.ProtectedData Windows.Security.Credentials.`,
    },
  ),
  group(
    "services",
    "install services",
    { library: "high", program: "medium" },
    {
      functions: `CreateService ChangeServiceConfig SMLoginItemSetEnabled SMJobBless SMJobSubmit
      LSSharedFileListInsertItemURL NetScheduleJobAdd NtLoadDriver`,
      types: `System.ServiceProcess.ServiceInstaller Microsoft.Win32.TaskScheduler.`,
    },
  ),
  group(
    "input",
    "follow what is typed",
    { library: "high", program: "medium" },
    {
      functions: `SetWindowsHook GetAsyncKeyState RegisterRawInputDevices GetKeyboardState CGEventTapCreate
      IOHIDManagerCreate GetEventMonitorTarget XRecordCreateContext XQueryKeymap XGrabKeyboard`,
    },
  ),
  group(
    "screen",
    "take pictures of the screen",
    { library: "medium", program: "low" },
    {
      functions: `CGDisplayCreateImage CGWindowListCreateImage CGDisplayStreamCreate XGetImage XShmGetImage
      PrintWindow capCreateCaptureWindow`,
      types: `System.Drawing.Graphics!CopyFromScreen`,
    },
  ),
  group(
    "privileges",
    "take another account's rights",
    { library: "medium", program: "medium" },
    {
      functions: `AdjustTokenPrivileges ImpersonateLoggedOnUser DuplicateToken SetThreadToken LogonUser
      ImpersonateNamedPipeClient setuid seteuid setreuid setresuid capset AuthorizationExecuteWithPrivileges`,
      types: `System.Security.Principal.WindowsIdentity!Impersonate`,
    },
  ),
  group(
    "process-list",
    "look through other processes",
    { library: "low", program: "low" },
    {
      functions: `CreateToolhelp32Snapshot Process32First Process32Next EnumProcesses K32EnumProcesses
      WTSEnumerateProcesses proc_listpids proc_listallpids process_vm_readv ReadProcessMemory MiniDumpWriteDump`,
      types: `System.Diagnostics.Process!GetProcesses System.Diagnostics.Process!GetProcessesByName
      System.Management.ManagementObjectSearcher`,
    },
  ),
  group(
    "decryption",
    "decrypt by the system's functions",
    { library: "low", program: "info" },
    {
      functions: `CryptDecrypt BCryptDecrypt RtlDecompressBuffer SystemFunction032 SystemFunction033 CCCrypt
      CryptDeriveKey EVP_DecryptInit_ex`,
      types: `System.Security.Cryptography.SymmetricAlgorithm System.Security.Cryptography.ICryptoTransform`,
    },
  ),
];

/** Gained together, out of nothing, these are how payloads are brought in and run. */
export const combinations: readonly (readonly GroupId[])[] = [
  ["network", "memory-protection"],
  ["network", "injection"],
  ["network", "execution"],
  ["network", "credentials"],
  ["network", "input"],
  ["network", "screen"],
  ["injection", "memory-protection"],
  ["injection", "process-list"],
  ["injection", "execution"],
  ["decryption", "memory-protection"],
];

export const isLibrary = (role: ExecutableRole): boolean => role === "library";
