# One PowerShell (5.1) that stays: requests come in and answers go out, a line of JSON each (ports/shell.ts says which). What comes in is data:
# a command is looked up in a fixed table, its parameters are checked one by one and handed over by splatting. Nothing is ever run from a text.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
# What is said besides answers would stand among them.
$WarningPreference = 'SilentlyContinue'
$ProgressPreference = 'SilentlyContinue'
$VerbosePreference = 'SilentlyContinue'
$InformationPreference = 'SilentlyContinue'
$ConfirmPreference = 'None'

$LongestLine = 65536
$LongestWords = 2000
# How long a service may take to start or stop: less than the agent waits for an answer.
$ServiceWait = [System.TimeSpan]::FromSeconds(40)

# Cmdlets for network adapters take wildcards, also where their documentation says that they do not.
function Assert-Plain {
    param([string]$Text)

    if ($Text -match '[*?\[\]`]') {
        throw "A name with a wildcard in it could mean others as well: $Text"
    }
}

# The adapter of exactly that name, or nothing.
function Find-Adapter {
    param([string]$Name)

    Get-NetAdapter | Where-Object { $_.Name -eq $Name } | Select-Object -First 1
}

function Get-Adapter {
    param([string]$Name)

    $adapter = Find-Adapter -Name $Name
    if ($null -eq $adapter) {
        throw "There is no adapter of that name: $Name"
    }
    $adapter
}

# One binding, also one that Network Connections does not show. Never all of them: -AllBindings means all that can be seen here, and all that can
# be switched in the cmdlets that switch.
function Get-ExactBinding {
    param([string]$Name, [string]$Component)

    Assert-Plain -Text $Name
    Assert-Plain -Text $Component
    $bindings = @(Get-NetAdapterBinding -Name $Name -ComponentID $Component -AllBindings |
            Where-Object { $_.Name -eq $Name -and $_.ComponentID -eq $Component })
    if ($bindings.Count -ne 1) {
        throw "There is no component $Component that can be bound to adapter $Name."
    }
    $bindings[0]
}

function Find-Driver {
    param([string]$Name)

    [System.ServiceProcess.ServiceController]::GetDevices() | Where-Object { $_.ServiceName -eq $Name } | Select-Object -First 1
}

function Get-Driver {
    param([string]$Name)

    $driver = Find-Driver -Name $Name
    if ($null -eq $driver) {
        throw "There is no service of a driver of that name: $Name"
    }
    $driver
}

function Get-UtcText {
    param([datetime]$Time)

    $Time.ToUniversalTime().ToString('o', [System.Globalization.CultureInfo]::InvariantCulture)
}

function Invoke-GetOsInfo {
    $system = Get-CimInstance -ClassName 'Win32_OperatingSystem'
    $version = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    $environment = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
    @{
        name  = [string]$system.Caption
        build = '{0}.{1}' -f $system.Version, $version.UBR
        arch  = [string]$environment.PROCESSOR_ARCHITECTURE
    }
}

# A volatile key goes when the system goes.
function Invoke-GetBootId {
    $check = [Microsoft.Win32.RegistryKeyPermissionCheck]::Default
    $volatile = [Microsoft.Win32.RegistryOptions]::Volatile
    $key = [Microsoft.Win32.Registry]::LocalMachine.CreateSubKey('SOFTWARE\NdisLwfSpecBoot', $check, $volatile)
    try {
        if ($null -eq $key.GetValue('Boot')) {
            $key.SetValue('Boot', [System.Guid]::NewGuid().ToString())
        }
        @{ boot = [string]$key.GetValue('Boot') }
    } finally {
        $key.Dispose()
    }
}

function Invoke-GetAdapter {
    param([string]$Name)

    $adapter = Find-Adapter -Name $Name
    if ($null -eq $adapter) {
        return @{ adapter = $null }
    }
    $status = 'Other'
    if (@('Up', 'Disconnected', 'Disabled') -contains [string]$adapter.Status) {
        $status = [string]$adapter.Status
    }
    @{
        adapter = @{
            name        = [string]$adapter.Name
            description = [string]$adapter.InterfaceDescription
            ifIndex     = [int]$adapter.InterfaceIndex
            ifGuid      = ([string]$adapter.InterfaceGuid).ToUpperInvariant()
            instanceId  = [string]$adapter.PnPDeviceID
            status      = $status
            mac         = ([string]$adapter.MacAddress).Replace('-', '').ToUpperInvariant()
        }
    }
}

# An IPv4 address that came over a socket for both kinds is the same address.
function Get-PlainAddress {
    param([string]$Address)

    $parsed = $null
    if (-not [System.Net.IPAddress]::TryParse($Address, [ref]$parsed)) {
        return $null
    }
    if ($parsed.IsIPv4MappedToIPv6) {
        return $parsed.MapToIPv4()
    }
    $parsed
}

function Invoke-GetAdapterOfAddress {
    param([string]$Address)

    $wanted = Get-PlainAddress -Address $Address
    if ($null -eq $wanted) {
        throw "That is no IP address: $Address"
    }
    $found = Get-NetIPAddress | Where-Object { $wanted.Equals((Get-PlainAddress -Address $_.IPAddress)) } | Select-Object -First 1
    if ($null -eq $found) {
        return @{ name = $null }
    }
    @{ name = [string]$found.InterfaceAlias }
}

function Invoke-DisableAdapter {
    param([string]$Name)

    $null = Disable-NetAdapter -InputObject (Get-Adapter -Name $Name) -Confirm:$false
    @{}
}

function Invoke-EnableAdapter {
    param([string]$Name)

    $null = Enable-NetAdapter -InputObject (Get-Adapter -Name $Name) -Confirm:$false
    @{}
}

function Invoke-GetBinding {
    param([string]$Name)

    Assert-Plain -Text $Name
    $null = Get-Adapter -Name $Name
    $bindings = @(Get-NetAdapterBinding -Name $Name -AllBindings | Where-Object { $_.Name -eq $Name } | ForEach-Object {
            @{ component = [string]$_.ComponentID; displayName = [string]$_.DisplayName; enabled = [bool]$_.Enabled }
        })
    @{ bindings = $bindings }
}

function Invoke-GetBindingsOf {
    param([string]$Component)

    Assert-Plain -Text $Component
    $bindings = @(Get-NetAdapterBinding -AllBindings | Where-Object { $_.ComponentID -eq $Component } | ForEach-Object {
            @{ adapter = [string]$_.Name; enabled = [bool]$_.Enabled }
        })
    @{ bindings = $bindings }
}

function Invoke-EnableBinding {
    param([string]$Name, [string]$Component)

    $null = Enable-NetAdapterBinding -InputObject (Get-ExactBinding -Name $Name -Component $Component) -Confirm:$false
    @{}
}

function Invoke-DisableBinding {
    param([string]$Name, [string]$Component)

    $null = Disable-NetAdapterBinding -InputObject (Get-ExactBinding -Name $Name -Component $Component) -Confirm:$false
    @{}
}

function Invoke-GetService {
    param([string]$Name)

    $driver = Find-Driver -Name $Name
    if ($null -eq $driver) {
        return @{ state = 'Missing' }
    }
    switch ([string]$driver.Status) {
        'Running' { return @{ state = 'Running' } }
        'Stopped' { return @{ state = 'Stopped' } }
        'StartPending' { return @{ state = 'Start Pending' } }
        'StopPending' { return @{ state = 'Stop Pending' } }
        default { return @{ state = 'Other' } }
    }
}

function Invoke-StartService {
    param([string]$Name)

    $driver = Get-Driver -Name $Name
    if ([string]$driver.Status -ne 'Running') {
        $driver.Start()
        $driver.WaitForStatus([System.ServiceProcess.ServiceControllerStatus]::Running, $ServiceWait)
    }
    @{}
}

function Invoke-StopService {
    param([string]$Name)

    $driver = Get-Driver -Name $Name
    if ([string]$driver.Status -ne 'Stopped') {
        # Windows unloads a driver when nobody has it open any more, and refuses to be told twice.
        if ([string]$driver.Status -ne 'StopPending') {
            $driver.Stop()
        }
        try {
            $driver.WaitForStatus([System.ServiceProcess.ServiceControllerStatus]::Stopped, $ServiceWait)
        } catch [System.ServiceProcess.TimeoutException] {
            throw "The driver does not stop: somebody may have it open. Its service: $Name"
        }
    }
    @{}
}

# The processes of lwfio that another agent has started. Windows gives numbers again: one that began before this agent is not its own, although
# its parent had the same number.
function Get-OtherHelper {
    param([long]$Agent)

    $processes = @(Get-CimInstance -ClassName 'Win32_Process')
    $own = $processes | Where-Object { $_.ProcessId -eq $Agent } | Select-Object -First 1
    if ($null -eq $own) {
        throw "There is no agent of that number: $Agent"
    }
    $processes | Where-Object {
        $_.Name -eq 'lwfio.exe' -and ($_.ParentProcessId -ne $Agent -or $_.CreationDate -lt $own.CreationDate)
    }
}

# Of an agent that was killed, or is frozen: what its helper holds in the test drivers would be held against whoever comes next.
function Invoke-EndHelpers {
    param([long]$Agent)

    foreach ($other in @(Get-OtherHelper -Agent $Agent)) {
        # One that goes by itself meanwhile is no failure.
        Stop-Process -Id $other.ProcessId -Force -ErrorAction SilentlyContinue
        Wait-Process -Id $other.ProcessId -Timeout 10 -ErrorAction SilentlyContinue
    }
    if (@(Get-OtherHelper -Agent $Agent).Count -gt 0) {
        throw 'The helper of another agent does not end: look for lwfio.exe.'
    }
    @{}
}

# Without the texts of its provider an event has no message, but the values that belong into it: the bugcheck, and the dump.
function Get-BugcheckText {
    param($Record)

    if (-not [string]::IsNullOrEmpty($Record.Message)) {
        return [string]$Record.Message
    }
    $values = @($Record.Properties | ForEach-Object { [string]$_.Value })
    'The bugcheck was: {0}. A dump was saved in: {1}.' -f $values[0], $values[1]
}

function Invoke-GetBugcheckEvents {
    param([long]$After)

    $filter = @{ LogName = 'System'; ProviderName = 'Microsoft-Windows-WER-SystemErrorReporting'; Id = 1001 }
    $records = @()
    try {
        $records = @(Get-WinEvent -FilterHashtable $filter)
    } catch {
        # That there is none is no failure.
        if (-not $_.FullyQualifiedErrorId.StartsWith('NoMatchingEventsFound')) {
            throw
        }
    }
    $events = @($records | Where-Object { $_.RecordId -gt $After } | Sort-Object -Property RecordId | ForEach-Object {
            @{ record = [long]$_.RecordId; time = (Get-UtcText -Time $_.TimeCreated); message = (Get-BugcheckText -Record $_) }
        })
    @{ events = $events }
}

function Get-DumpsBelow {
    param([string]$Folder)

    if (Test-Path -LiteralPath $Folder -PathType Container) {
        Get-ChildItem -LiteralPath $Folder -Filter '*.dmp' -File -Recurse -ErrorAction SilentlyContinue
    }
}

# Where the system writes dumps, as it is set; the default where nothing is.
function Get-DumpPath {
    param([string]$Setting, [string]$Default)

    $control = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\CrashControl'
    $property = $control.PSObject.Properties[$Setting]
    if ($null -eq $property -or [string]::IsNullOrEmpty([string]$property.Value)) {
        return [System.IO.Path]::Combine($env:SystemRoot, $Default)
    }
    [System.Environment]::ExpandEnvironmentVariables([string]$property.Value)
}

function Invoke-GetDumps {
    $memory = Get-DumpPath -Setting 'DumpFile' -Default 'MEMORY.DMP'
    $minidumps = Get-DumpPath -Setting 'MinidumpDir' -Default 'Minidump'
    $found = @()
    if (Test-Path -LiteralPath $memory -PathType Leaf) {
        $found += @(Get-Item -LiteralPath $memory)
    }
    $found += @(Get-DumpsBelow -Folder $minidumps)
    $found += @(Get-DumpsBelow -Folder ([System.IO.Path]::Combine($env:SystemRoot, 'LiveKernelReports')))
    $files = @($found | Where-Object { $null -ne $_ } | ForEach-Object {
            @{ path = [string]$_.FullName; bytes = [long]$_.Length; time = (Get-UtcText -Time $_.LastWriteTime) }
        })
    @{ files = $files }
}

# Names on the wire, the function of each, and the type of each of its parameters. Undo says what takes a command back: nothing where it changes
# nothing, or ends by itself.
$Commands = @{
    GetOsInfo           = @{ Run = 'Invoke-GetOsInfo'; Parameters = @{}; Undo = '' }
    GetBootId           = @{ Run = 'Invoke-GetBootId'; Parameters = @{}; Undo = '' }
    GetAdapter          = @{ Run = 'Invoke-GetAdapter'; Parameters = @{ name = 'text' }; Undo = '' }
    GetAdapterOfAddress = @{ Run = 'Invoke-GetAdapterOfAddress'; Parameters = @{ address = 'text' }; Undo = '' }
    DisableAdapter      = @{ Run = 'Invoke-DisableAdapter'; Parameters = @{ name = 'text' }; Undo = 'EnableAdapter' }
    EnableAdapter       = @{ Run = 'Invoke-EnableAdapter'; Parameters = @{ name = 'text' }; Undo = 'DisableAdapter' }
    GetBinding          = @{ Run = 'Invoke-GetBinding'; Parameters = @{ name = 'text' }; Undo = '' }
    GetBindingsOf       = @{ Run = 'Invoke-GetBindingsOf'; Parameters = @{ component = 'text' }; Undo = '' }
    EnableBinding       = @{ Run = 'Invoke-EnableBinding'; Parameters = @{ name = 'text'; component = 'text' }; Undo = 'DisableBinding' }
    DisableBinding      = @{ Run = 'Invoke-DisableBinding'; Parameters = @{ name = 'text'; component = 'text' }; Undo = 'EnableBinding' }
    GetService          = @{ Run = 'Invoke-GetService'; Parameters = @{ name = 'text' }; Undo = '' }
    StartService        = @{ Run = 'Invoke-StartService'; Parameters = @{ name = 'text' }; Undo = 'StopService' }
    StopService         = @{ Run = 'Invoke-StopService'; Parameters = @{ name = 'text' }; Undo = 'StartService' }
    EndHelpers          = @{ Run = 'Invoke-EndHelpers'; Parameters = @{ agent = 'number' }; Undo = '' }
    GetBugcheckEvents   = @{ Run = 'Invoke-GetBugcheckEvents'; Parameters = @{ after = 'number' }; Undo = '' }
    GetDumps            = @{ Run = 'Invoke-GetDumps'; Parameters = @{}; Undo = '' }
}

# Exactly the parameters of the command, each of its type.
function Get-Argument {
    param([hashtable]$Command, $Parameters)

    $given = @()
    if ($Parameters -is [System.Management.Automation.PSCustomObject]) {
        $given = @($Parameters.PSObject.Properties)
    } elseif ($null -ne $Parameters) {
        throw 'Parameters are an object.'
    }
    if ($given.Count -ne $Command.Parameters.Count) {
        throw 'The command has other parameters.'
    }
    $arguments = @{}
    foreach ($each in $given) {
        $type = $Command.Parameters[$each.Name]
        $isText = $type -eq 'text' -and $each.Value -is [string] -and $each.Value.Length -gt 0 -and $each.Value.Length -le 256
        $isNumber = $type -eq 'number' -and ($each.Value -is [int] -or $each.Value -is [long]) -and $each.Value -ge 0
        if (-not ($isText -or $isNumber)) {
            throw "The command has no such parameter, or another value belongs there: $($each.Name)"
        }
        $arguments[$each.Name] = $each.Value
    }
    $arguments
}

# Words of whatever failed, on one line.
function Get-Word {
    param($Failure)

    $words = [string]$Failure.Exception.Message -replace '\s+', ' '
    if ($words.Length -gt $LongestWords) {
        $words = $words.Substring(0, $LongestWords)
    }
    $words
}

# A number of the request when it has one.
function Get-Id {
    param($Request)

    if ($Request -is [System.Management.Automation.PSCustomObject] -and $null -ne $Request.PSObject.Properties['id']) {
        $id = $Request.PSObject.Properties['id'].Value
        if ($id -is [int] -or $id -is [long]) {
            return $id
        }
    }
    $null
}

function Get-Answer {
    param([string]$Line)

    $id = $null
    try {
        if ($Line.Length -gt $LongestLine) {
            throw 'The line is too long.'
        }
        $request = ConvertFrom-Json -InputObject $Line
        $id = Get-Id -Request $request
        if ($null -eq $id -or $null -eq $request.PSObject.Properties['command']) {
            throw 'A request is {"id": number, "command": name, "parameters": {}}.'
        }
        $name = $request.PSObject.Properties['command'].Value
        if ($name -isnot [string] -or -not $Commands.ContainsKey($name)) {
            throw 'There is no such command.'
        }
        $parameters = $null
        if ($null -ne $request.PSObject.Properties['parameters']) {
            $parameters = $request.PSObject.Properties['parameters'].Value
        }
        $command = $Commands[$name]
        $arguments = Get-Argument -Command $command -Parameters $parameters
        $run = Get-Command -Name $command.Run -CommandType Function
        $answer = & $run @arguments
        @{ id = $id; answer = $answer }
    } catch {
        @{ id = $id; error = (Get-Word -Failure $_) }
    }
}

Add-Type -AssemblyName 'System.ServiceProcess'
# UTF-8, and no mark in front of it, whatever the console's code page is.
$utf8 = New-Object -TypeName 'System.Text.UTF8Encoding' -ArgumentList $false
$reader = New-Object -TypeName 'System.IO.StreamReader' -ArgumentList ([System.Console]::OpenStandardInput()), $utf8
$writer = New-Object -TypeName 'System.IO.StreamWriter' -ArgumentList ([System.Console]::OpenStandardOutput()), $utf8
$writer.AutoFlush = $true
$writer.NewLine = "`n"

$writer.WriteLine('{"ready":"host/1"}')
while ($null -ne ($line = $reader.ReadLine())) {
    if ($line.Trim().Length -gt 0) {
        $writer.WriteLine((ConvertTo-Json -InputObject (Get-Answer -Line $line) -Depth 5 -Compress))
    }
}
