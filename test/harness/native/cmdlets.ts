/**
 * The cmdlets that our scripts may use, with those of their documented parameters that they may use: a name that is not here is a finding, be it
 * misspelt, new, or dangerous (`Disable-NetAdapterBinding -AllBindings` disables all of them).
 */
export interface Cmdlet {
  /** Path below https://learn.microsoft.com/powershell/module/ */
  readonly page: string;
  readonly parameters: readonly string[];
  /** Of those, what must always be given. */
  readonly required?: readonly string[];
  /** Takes one block without a name, as everybody writes it. */
  readonly takesBlock?: true;
}

/** What switches something, for the one thing it is given, without a question that nobody answers. */
const switching = (page: string): Cmdlet => ({
  page,
  parameters: ['InputObject', 'Confirm'],
  required: ['InputObject', 'Confirm'],
});

export const CMDLETS: Readonly<Record<string, Cmdlet>> = {
  'Add-Type': {
    page: 'microsoft.powershell.utility/add-type',
    parameters: ['AssemblyName'],
  },
  'Checkpoint-VM': {
    page: 'hyper-v/checkpoint-vm',
    parameters: ['Name', 'SnapshotName'],
    required: ['Name', 'SnapshotName'],
  },
  'ConvertFrom-Json': { page: 'microsoft.powershell.utility/convertfrom-json', parameters: ['InputObject'] },
  'ConvertTo-Json': {
    page: 'microsoft.powershell.utility/convertto-json',
    parameters: ['InputObject', 'Depth', 'Compress'],
    required: ['InputObject', 'Depth', 'Compress'],
  },
  'Disable-NetAdapter': switching('netadapter/disable-netadapter'),
  'Disable-NetAdapterBinding': switching('netadapter/disable-netadapterbinding'),
  'Enable-NetAdapter': switching('netadapter/enable-netadapter'),
  'Enable-NetAdapterBinding': switching('netadapter/enable-netadapterbinding'),
  'ForEach-Object': { page: 'microsoft.powershell.core/foreach-object', parameters: [], takesBlock: true },
  'Get-ChildItem': {
    page: 'microsoft.powershell.management/get-childitem',
    parameters: ['LiteralPath', 'Filter', 'File', 'Recurse', 'ErrorAction'],
    required: ['LiteralPath'],
  },
  'Get-CimInstance': { page: 'cimcmdlets/get-ciminstance', parameters: ['ClassName'], required: ['ClassName'] },
  'Get-Command': {
    page: 'microsoft.powershell.core/get-command',
    parameters: ['Name', 'CommandType'],
    required: ['Name', 'CommandType'],
  },
  'Get-Item': {
    page: 'microsoft.powershell.management/get-item',
    parameters: ['LiteralPath'],
    required: ['LiteralPath'],
  },
  'Get-ItemProperty': {
    page: 'microsoft.powershell.management/get-itemproperty',
    parameters: ['LiteralPath'],
    required: ['LiteralPath'],
  },
  'Get-NetAdapter': { page: 'netadapter/get-netadapter', parameters: [] },
  'Get-NetAdapterBinding': {
    page: 'netadapter/get-netadapterbinding',
    parameters: ['Name', 'ComponentID', 'AllBindings'],
  },
  'Get-NetIPAddress': { page: 'nettcpip/get-netipaddress', parameters: [] },
  'Get-WinEvent': {
    page: 'microsoft.powershell.diagnostics/get-winevent',
    parameters: ['FilterHashtable'],
    required: ['FilterHashtable'],
  },
  'New-Object': {
    page: 'microsoft.powershell.utility/new-object',
    parameters: ['TypeName', 'ArgumentList'],
    required: ['TypeName'],
  },
  'Restore-VMSnapshot': {
    page: 'hyper-v/restore-vmsnapshot',
    parameters: ['VMName', 'Name', 'Confirm'],
    required: ['VMName', 'Name', 'Confirm'],
  },
  'Select-Object': { page: 'microsoft.powershell.utility/select-object', parameters: ['First'] },
  'Set-StrictMode': { page: 'microsoft.powershell.core/set-strictmode', parameters: ['Version'] },
  'Sort-Object': { page: 'microsoft.powershell.utility/sort-object', parameters: ['Property'] },
  'Start-VM': { page: 'hyper-v/start-vm', parameters: ['Name'], required: ['Name'] },
  'Stop-VM': {
    page: 'hyper-v/stop-vm',
    parameters: ['Name', 'TurnOff', 'Force'],
    required: ['Name', 'TurnOff', 'Force'],
  },
  'Stop-Process': {
    page: 'microsoft.powershell.management/stop-process',
    parameters: ['Id', 'Force', 'ErrorAction'],
    required: ['Id', 'Force'],
  },
  'Test-Path': {
    page: 'microsoft.powershell.management/test-path',
    parameters: ['LiteralPath', 'PathType'],
    required: ['LiteralPath', 'PathType'],
  },
  'Wait-Process': {
    page: 'microsoft.powershell.management/wait-process',
    parameters: ['Id', 'Timeout', 'ErrorAction'],
    required: ['Id', 'Timeout'],
  },
  'Where-Object': { page: 'microsoft.powershell.core/where-object', parameters: [], takesBlock: true },
};

/** Classes of .NET that they may name. None of them runs a text. */
export const TYPES: readonly string[] = [
  ...['bool', 'datetime', 'hashtable', 'int', 'long', 'ref', 'string'],
  ...['CmdletBinding', 'Parameter', 'ValidateSet'],
  ...['Microsoft.Win32.Registry', 'Microsoft.Win32.RegistryKeyPermissionCheck', 'Microsoft.Win32.RegistryOptions'],
  ...['System.Console', 'System.Environment', 'System.Globalization.CultureInfo', 'System.Guid', 'System.IO.Path'],
  ...['System.IntPtr', 'System.Management.Automation.PSCustomObject', 'System.Net.IPAddress', 'System.TimeSpan'],
  ...['System.ServiceProcess.ServiceController', 'System.ServiceProcess.ServiceControllerStatus'],
  'System.ServiceProcess.TimeoutException',
];

/** Classes that `New-Object` may make. */
export const MADE: readonly string[] = [
  'System.ComponentModel.Win32Exception',
  'System.IO.StreamReader',
  'System.IO.StreamWriter',
  'System.Text.UTF8Encoding',
];
