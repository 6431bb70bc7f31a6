# What a Hyper-V host does with a virtual machine of the lab. Names are parameters, never parts of a command.
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)]
    [ValidateSet('Snapshot', 'Revert', 'PowerOn', 'PowerOff')]
    [string]$Action,

    [Parameter(Mandatory = $true)]
    [string]$VM,

    [Parameter(Mandatory = $true)]
    [string]$Snapshot
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

switch ($Action) {
    'Snapshot' { Checkpoint-VM -Name $VM -SnapshotName $Snapshot }
    'Revert' { Restore-VMSnapshot -VMName $VM -Name $Snapshot -Confirm:$false }
    'PowerOn' { Start-VM -Name $VM }
    'PowerOff' { Stop-VM -Name $VM -TurnOff -Force }
}
