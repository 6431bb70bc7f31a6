#!/usr/bin/env python3
"""An adapter for ndis-lwf-spec, complete and small: a model of an NDIS stack with a tiny filter driver in it.

    npx lwf adapter-check python3 adapter.py
    npx lwf run --adapter stdio --command 'python3 adapter.py'

It speaks lwf-adapter/1 (docs/adapter-protocol.md) and needs nothing but Python 3. From top to bottom: the trace, the filter driver
under test, the machine that it runs on, the calls of the protocol, and the loop that reads and writes lines. To test something of
your own, replace the middle; the two ends stay.
"""

import json
import sys
from contextlib import contextmanager

PROTOCOL = "lwf-adapter/1"
LONGEST_LINE = 1024 * 1024
PAGE_BYTES = LONGEST_LINE // 2

SUCCESS = "NDIS_STATUS_SUCCESS"
PENDING = "NDIS_STATUS_PENDING"
PASSIVE, DISPATCH = 0, 2


class Refused(Exception):
    """What is answered by an error of kind `kind`."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


class WrongParams(Exception):
    """What is answered by -32602."""


# ---- the trace -----------------------------------------------------------------------------------------------


class Trace:
    """Crossings as docs/trace-format.md describes them. Every thread has a name, and its crossings nest."""

    def __init__(self):
        self.crossings = []
        self.threads = 0
        self.thread = None
        self.irql = PASSIVE
        self.time = 0

    def cross(self, direction, ddi, **facts):
        crossing = {"seq": len(self.crossings) + 1, "dir": direction, "ddi": ddi, "time": self.time}
        if self.thread is not None:
            crossing.update(thread=self.thread, irql=self.irql, locks=[])
        if "nbls" in facts:
            facts["nbls"] = [nbl.view() for nbl in facts["nbls"]]
        crossing.update({name: value for name, value in facts.items() if value is not None})
        self.crossings.append(crossing)

    @contextmanager
    def on_thread(self, name=None, irql=PASSIVE):
        """What happens inside is done by a thread: a new one, or one that goes on."""
        before = (self.thread, self.irql)
        if name is None:
            self.threads += 1
            name = f"t{self.threads}"
        self.thread, self.irql = name, irql
        try:
            yield name
        finally:
            self.thread, self.irql = before

    @contextmanager
    def inside(self, ddi, **facts):
        """A call of a neighbour, which no rule is judged on."""
        self.cross("->", ddi, **facts)
        yield
        self.cross("<-", ddi, **{key: facts[key] for key in ("adapter", "neighbour") if key in facts})


class Nbl:
    """A NET_BUFFER_LIST with one NET_BUFFER."""

    def __init__(self, name, source, module=None, cancel_id=None):
        self.name, self.source, self.module, self.cancel_id = name, source, module, cancel_id
        self.status = SUCCESS

    @property
    def origin(self):
        return "neighbour" if self.module is None else "filter"

    def view(self):
        cancel_id = {} if self.cancel_id is None else {"cancelId": self.cancel_id}
        return {"nbl": self.name, "source": self.source, "status": self.status, **cancel_id}


# ---- the filter driver under test ----------------------------------------------------------------------------


class TinyFilter:
    """Passes everything through, and sends what applications write. All that it has to do right is here."""

    HANDLERS = [
        "FilterAttach",
        "FilterDetach",
        "FilterRestart",
        "FilterPause",
        "FilterSendNetBufferLists",
        "FilterSendNetBufferListsComplete",
        "FilterReceiveNetBufferLists",
        "FilterReturnNetBufferLists",
    ]

    def __init__(self, ndis):
        self.ndis = ndis

    def DriverEntry(self):
        self.ndis.NdisFRegisterFilterDriver(self.HANDLERS)
        self.ndis.NdisRegisterDeviceEx("\\Device\\Tiny")
        return "STATUS_SUCCESS"

    def FilterDriverUnload(self):
        self.ndis.NdisDeregisterDeviceEx()
        self.ndis.NdisFDeregisterFilterDriver()

    def FilterAttach(self, module):
        module.running = False
        module.outstanding = 0
        module.pause_pending = False
        module.pool = self.ndis.NdisAllocateNetBufferListPool(module)
        return self.ndis.NdisFSetAttributes(module)

    def FilterRestart(self, module):
        module.running = True
        return SUCCESS

    def FilterPause(self, module):
        """Nothing new from here on; what is out must come back first."""
        module.running = False
        if module.outstanding == 0:
            return SUCCESS
        module.pause_pending = True
        return PENDING

    def FilterDetach(self, module):
        self.ndis.NdisFreeNetBufferListPool(module, module.pool)

    def FilterSendNetBufferLists(self, module, nbls, flags):
        if module.running:
            self.ndis.NdisFSendNetBufferLists(module, nbls, flags)
            return
        for nbl in nbls:
            nbl.status = "NDIS_STATUS_PAUSED"
        self.ndis.NdisFSendNetBufferListsComplete(module, nbls, flags & 1)

    def FilterSendNetBufferListsComplete(self, module, nbls, flags):
        others = [nbl for nbl in nbls if nbl.module is not module]
        if others:
            self.ndis.NdisFSendNetBufferListsComplete(module, others, flags)
        own = [nbl for nbl in nbls if nbl.module is module]
        for nbl in own:
            self.ndis.NdisFreeNetBufferList(module, nbl)
        module.outstanding -= len(own)
        if module.pause_pending and module.outstanding == 0:
            module.pause_pending = False
            self.ndis.NdisFPauseComplete(module)

    def FilterReceiveNetBufferLists(self, module, nbls, flags):
        low_resources = flags & 2 != 0
        if module.running:
            self.ndis.NdisFIndicateReceiveNetBufferLists(module, nbls, flags)
        elif not low_resources:
            self.ndis.NdisFReturnNetBufferLists(module, nbls, flags & 1)

    def FilterReturnNetBufferLists(self, module, nbls, flags):
        self.ndis.NdisFReturnNetBufferLists(module, nbls, flags)

    def IRP_MJ_CREATE(self, file):
        return "STATUS_SUCCESS" if self.ndis.module_on(file.adapter) else "STATUS_NO_SUCH_DEVICE"

    def IRP_MJ_CLEANUP(self, file):
        return "STATUS_SUCCESS"

    def IRP_MJ_CLOSE(self, file):
        return "STATUS_SUCCESS"

    def IRP_MJ_WRITE(self, file, count, chained):
        """The handle knows its adapter by name only: the module of today may be another one than that of the open."""
        module = self.ndis.module_on(file.adapter)
        if module is None or not module.running:
            return "STATUS_DEVICE_NOT_READY"
        nbls = [self.ndis.NdisAllocateNetBufferAndNetBufferList(module, module.pool) for _ in range(count)]
        module.outstanding += count
        for chain in [nbls] if chained else [[nbl] for nbl in nbls]:
            self.ndis.NdisFSendNetBufferLists(module, chain, 0)
        return "STATUS_SUCCESS"


# ---- the machine: NDIS, miniports, protocols, applications ---------------------------------------------------


class Module:
    """A filter module: a driver's instance on an adapter, from its attach to its detach."""

    def __init__(self, number, stack):
        self.name, self.handle, self.stack = f"m{number}", f"h{number}", stack
        self.state, self.restarts = "Attaching", 0

    def view(self):
        return {
            "module": self.name,
            "adapter": self.stack.name,
            "position": 0,
            "state": self.state,
            "restarts": self.restarts,
        }


class Stack:
    """A network adapter: a miniport below, a protocol above, one filter module in between."""

    def __init__(self, name):
        self.name = name
        self.module = None
        self.miniport = "Paused"
        self.protocol = "Unbound"
        self.policy = {
            "miniportSends": "later",
            "sendStatus": SUCCESS,
            "protocolReceives": "later",
            "miniportOids": "inside-the-call",
            "oidStatus": SUCCESS,
        }
        self.sends, self.receives, self.oids = [], [], []
        self.sends_out, self.receives_out = set(), set()
        self.busy = False
        self.books = {
            "sendsBack": [],
            "receivesBack": [],
            "oidsBack": [],
            "statusesAbove": [],
            "netPnPEventsAbove": [],
            "devicePnPEventsBelow": [],
            "cancelsBelow": [],
        }


class File:
    def __init__(self, name, adapter):
        self.name, self.adapter = name, adapter


class Machine:
    """Everything that a rig is. A procedure of NDIS is a generator: it yields a condition that it waits for."""

    def __init__(self):
        self.trace = Trace()
        self.stacks = {}
        self.modules = []
        self.files = {}
        self.driver = None
        self.outcomes = []
        self.procedures = []
        self.soon = []
        self.counts = {}

    def number(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1
        return self.counts[what]

    # what the driver calls: every export is two crossings, with what happens in between

    @contextmanager
    def export(self, ddi, module=None, **facts):
        place = {} if module is None else {"module": module.name, "adapter": module.stack.name}
        result = {}
        self.trace.cross("=>", ddi, **place, **facts)
        yield result
        self.trace.cross("<=", ddi, **place, **result)

    def module_on(self, adapter):
        stack = self.stacks.get(adapter)
        return stack.module if stack else None

    def NdisFRegisterFilterDriver(self, handlers):
        with self.export("NdisFRegisterFilterDriver", args={"handlers": handlers}) as result:
            result.update(status=SUCCESS, args={"handle": "driver1"})

    def NdisFDeregisterFilterDriver(self):
        with self.export("NdisFDeregisterFilterDriver", args={"handle": "driver1"}):
            pass

    def NdisRegisterDeviceEx(self, name):
        with self.export("NdisRegisterDeviceEx", args={"handle": "driver1", "name": name}) as result:
            result.update(status=SUCCESS, args={"device": "device1"})

    def NdisDeregisterDeviceEx(self):
        with self.export("NdisDeregisterDeviceEx", args={"handle": "device1"}):
            pass

    def NdisFSetAttributes(self, module):
        args = {"handle": module.handle, "context": f"context of {module.name}"}
        with self.export("NdisFSetAttributes", module, args=args) as result:
            result.update(status=SUCCESS)
        return SUCCESS

    def NdisAllocateNetBufferListPool(self, module):
        pool = f"pool{self.number('pool')}"
        with self.export("NdisAllocateNetBufferListPool", module) as result:
            result.update(args={"pool": pool})
        return pool

    def NdisFreeNetBufferListPool(self, module, pool):
        with self.export("NdisFreeNetBufferListPool", module, args={"pool": pool}):
            pass

    def NdisAllocateNetBufferAndNetBufferList(self, module, pool):
        nbl = Nbl(f"n{self.number('nbl')}", module.handle, module)
        with self.export("NdisAllocateNetBufferAndNetBufferList", module, args={"pool": pool}) as result:
            result.update(args={"pool": pool}, nbls=[nbl])
        return nbl

    def NdisFreeNetBufferList(self, module, nbl):
        with self.export("NdisFreeNetBufferList", module, args={"pool": module.pool}, nbls=[nbl]):
            pass

    def NdisFSendNetBufferLists(self, module, nbls, flags):
        args = {"handle": module.handle, "flags": flags}
        with self.export("NdisFSendNetBufferLists", module, args=args, nbls=nbls):
            self.miniport_sends(module.stack, nbls)

    def NdisFSendNetBufferListsComplete(self, module, nbls, flags):
        args = {"handle": module.handle, "flags": flags}
        with self.export("NdisFSendNetBufferListsComplete", module, args=args, nbls=nbls):
            self.sends_are_back(module.stack, nbls)

    def NdisFIndicateReceiveNetBufferLists(self, module, nbls, flags):
        args = {"handle": module.handle, "flags": flags, "count": len(nbls)}
        with self.export("NdisFIndicateReceiveNetBufferLists", module, args=args, nbls=nbls):
            self.protocol_receives(module.stack, nbls, flags)

    def NdisFReturnNetBufferLists(self, module, nbls, flags):
        args = {"handle": module.handle, "flags": flags}
        with self.export("NdisFReturnNetBufferLists", module, args=args, nbls=nbls):
            self.receives_are_back(module.stack, nbls)

    def NdisFPauseComplete(self, module):
        with self.export("NdisFPauseComplete", module, args={"handle": module.handle}):
            module.state = "Paused"

    # what NDIS calls

    def enter(self, ddi, module, nbls=None, args=None, values=()):
        """Calls a handler of the driver for a module. Handlers of data have no status."""
        place = {"module": module.name, "adapter": module.stack.name}
        self.trace.cross("->", ddi, **place, args=args, **({} if nbls is None else {"nbls": nbls}))
        status = getattr(self.driver, ddi)(module, *values)
        self.trace.cross("<-", ddi, **place, status=status)
        return status

    def data(self, ddi, module, nbls, low_resources=False):
        """The flags tell the driver the IRQL, and whether the miniport wants its buffers back at the return."""
        flags = (1 if self.trace.irql == DISPATCH else 0) | (2 if low_resources else 0)
        args = {"flags": flags, "count": len(nbls)} if "Receive" in ddi else {"flags": flags}
        self.enter(ddi, module, nbls, args, (nbls, flags))

    # the neighbours

    def miniport_sends(self, stack, nbls):
        stack.sends.extend(nbls)
        if stack.policy["miniportSends"] == "inside-the-call":
            self.complete_sends(stack, list(nbls))
        elif stack.policy["miniportSends"] == "later":
            self.later(lambda: self.complete_sends(stack, [nbl for nbl in nbls if nbl in stack.sends]))

    def complete_sends(self, stack, nbls, status=None):
        if not nbls:
            return
        for nbl in nbls:
            stack.sends.remove(nbl)
            nbl.status = status or stack.policy["sendStatus"]
        if stack.module is None:
            self.sends_are_back(stack, nbls)
        else:
            self.data("FilterSendNetBufferListsComplete", stack.module, nbls)

    def sends_are_back(self, stack, nbls):
        for nbl in nbls:
            stack.sends_out.discard(nbl)
            stack.books["sendsBack"].append({"item": nbl.name, "status": nbl.status})

    def protocol_receives(self, stack, nbls, flags):
        if flags & 2:
            return
        stack.receives.extend(nbls)
        policy = stack.policy["protocolReceives"] if stack.protocol == "Running" else "later"
        if policy == "inside-the-call":
            self.return_receives(stack, list(nbls))
        elif policy == "later":
            self.later(lambda: self.return_receives(stack, [nbl for nbl in nbls if nbl in stack.receives]))

    def return_receives(self, stack, nbls):
        if not nbls:
            return
        stack.receives = [nbl for nbl in stack.receives if nbl not in nbls]
        if stack.module is None:
            self.receives_are_back(stack, nbls)
        else:
            self.data("FilterReturnNetBufferLists", stack.module, nbls)

    def receives_are_back(self, stack, nbls):
        for nbl in nbls:
            stack.receives_out.discard(nbl)
            stack.books["receivesBack"].append(nbl.name)

    # procedures of NDIS

    def load(self):
        self.driver = TinyFilter(self)
        self.trace.cross("->", "DriverEntry")
        status = self.driver.DriverEntry()
        self.trace.cross("<-", "DriverEntry", status=status)
        return status
        yield

    def unload(self):
        """The system keeps the driver for as long as somebody has a handle on it."""
        for stack in self.stacks.values():
            yield from self.detach(stack)
        yield lambda: not self.files
        self.trace.cross("->", "FilterDriverUnload")
        self.driver.FilterDriverUnload()
        self.trace.cross("<-", "FilterDriverUnload")
        return SUCCESS

    def attach(self, stack):
        if stack.module is None and self.driver is not None:
            module = stack.module = Module(len(self.modules) + 1, stack)
            self.modules.append(module)
            self.enter("FilterAttach", module, args={"handle": module.handle})
            module.state = "Paused"
        if stack.protocol == "Unbound":
            stack.protocol = "Paused"
        return SUCCESS
        yield

    def restart(self, stack):
        if stack.miniport == "Paused":
            with self.trace.inside("MiniportRestart", adapter=stack.name, neighbour="miniport"):
                stack.miniport = "Running"
        module = stack.module
        if module is not None and module.state == "Paused":
            module.state = "Restarting"
            self.enter("FilterRestart", module)
            module.state = "Running"
            module.restarts += 1
        if stack.protocol == "Paused":
            stack.protocol = "Running"
        return SUCCESS
        yield

    def pause(self, stack):
        """From the top to the bottom: whoever is paused has nothing of its own outside any more."""
        if stack.protocol == "Running":
            stack.protocol = "Pausing"
            yield lambda: not stack.sends_out
            stack.protocol = "Paused"
        module = stack.module
        if module is not None and module.state == "Running":
            module.state = "Pausing"
            if self.enter("FilterPause", module) == PENDING:
                yield lambda: module.state == "Paused"
            module.state = "Paused"
        if stack.miniport == "Running":
            yield lambda: not stack.receives_out
            with self.trace.inside("MiniportPause", adapter=stack.name, neighbour="miniport"):
                stack.miniport = "Paused"
        return SUCCESS

    def detach(self, stack):
        yield from self.pause(stack)
        module = stack.module
        if module is not None:
            module.state = "Detaching"
            self.enter("FilterDetach", module)
            module.state = "Detached"
            stack.module = None
        stack.protocol = "Unbound"
        return SUCCESS

    def enable(self, stack):
        if stack.miniport == "Halted":
            stack.miniport = "Paused"
        yield from self.attach(stack)
        return (yield from self.restart(stack))

    def disable(self, stack):
        if stack.protocol != "Unbound":
            stack.books["netPnPEventsAbove"].append("NetEventQueryRemoveDevice")
        yield from self.detach(stack)
        stack.miniport = "Halted"
        return SUCCESS

    def oid(self, stack, oid):
        """The filter has no FilterOidRequest, so NDIS passes it by."""
        request = Nbl(f"o{self.number('oid')}", "protocol")
        stack.oids.append(request)
        if stack.policy["miniportOids"] != "hold":
            self.complete_oids(stack, [request])
        yield lambda: request not in stack.oids
        return request.status

    def complete_oids(self, stack, requests, status=None):
        for request in requests:
            stack.oids.remove(request)
            request.status = status or stack.policy["oidStatus"]
            stack.books["oidsBack"].append({"item": request.name, "status": request.status})

    # applications

    def irp(self, major, file, *values, **args):
        irp = f"irp{self.number('irp')}"
        facts = {"irp": irp, "file": file.name}
        self.trace.cross("->", major, args={**facts, **args})
        status = getattr(self.driver, major)(file, *values)
        with self.export("IoCompleteRequest", args={"irp": irp, "status": status}):
            pass
        self.trace.cross("<-", major, status=status, args=facts)
        return status

    def open_handle(self, app, adapter):
        file = File(f"file{self.number('file')}", adapter)
        status = self.irp("IRP_MJ_CREATE", file, name=adapter)
        if status == "STATUS_SUCCESS":
            self.files[app] = file
        return status
        yield

    def close_handle(self, app):
        file = self.files.pop(app, None)
        if file is None:
            return "STATUS_INVALID_PARAMETER"
        self.irp("IRP_MJ_CLEANUP", file)
        return self.irp("IRP_MJ_CLOSE", file)
        yield

    def write(self, app, count, chained):
        file = self.files.get(app)
        return "STATUS_INVALID_PARAMETER" if file is None else self.irp("IRP_MJ_WRITE", file, count, chained)
        yield

    # order

    def operate(self, procedure, stack=None):
        """Begins an operation. NDIS does one at a time on a stack."""
        operation = len(self.outcomes)
        self.outcomes.append(None)
        self.procedures.append([operation, self.one_at_a_time(procedure, stack), None, None])
        self.settle()
        return {"id": operation}

    def one_at_a_time(self, procedure, stack):
        if stack is None:
            return (yield from procedure)
        yield lambda: not stack.busy
        stack.busy = True
        status = yield from procedure
        stack.busy = False
        return status

    def perform(self, work, irql=DISPATCH):
        with self.trace.on_thread(irql=irql):
            work()
        self.settle()

    def later(self, work):
        self.soon.append(work)

    def settle(self):
        """Until nothing more happens by itself."""
        moved = True
        while moved:
            moved = False
            for procedure in list(self.procedures):
                moved |= self.go_on(procedure)
            while self.soon:
                moved = True
                work = self.soon.pop(0)
                with self.trace.on_thread(irql=DISPATCH):
                    work()
        if self.trace.crossings and self.trace.crossings[-1]["ddi"] != "Quiescent":
            self.trace.cross("!!", "Quiescent")

    def go_on(self, procedure):
        operation, steps, thread, condition = procedure
        if condition is not None and not condition():
            return False
        with self.trace.on_thread(thread) as name:
            procedure[2] = name
            try:
                procedure[3] = next(steps)
            except StopIteration as end:
                self.procedures.remove(procedure)
                self.outcomes[operation] = end.value
        return True


# ---- the calls of the protocol -------------------------------------------------------------------------------

HELLO = {
    "protocol": PROTOCOL,
    "adapter": {"name": "python-model", "version": "1.0"},
    "driver": "tiny",
    "observation": "white-box",
    "capabilities": ["exactTrace", "holdCompletions", "lateTraffic", "virtualTime"],
}

PROFILE = {
    "capabilities": ["userModeHandles", "originatesSends"],
    "device": {"name": "\\Device\\Tiny", "fileName": "{adapter}"},
    "requests": {"send": {"irp": "IRP_MJ_WRITE"}, "sendChain": {"irp": "IRP_MJ_WRITE", "input": {"chain": True}}},
}


def chosen(held, which):
    """What a selection means, as lists that go back in one call each."""
    items = [nbl for nbl in held if which.get("origin") in (None, nbl.origin)]
    if "items" in which:
        items = [nbl for nbl in items if nbl.name in which["items"]]
    if which.get("order") == "newest-first":
        items.reverse()
    items = items[: which.get("count", len(items))]
    if which.get("oneChain", True):
        return [items] if items else []
    return [[nbl] for nbl in items]


class Calls:
    """A method of this class is a method of the protocol. What is not here is answered by -32601: the adapter cannot do it."""

    def __init__(self):
        self.machine = None

    def rig(self):
        if self.machine is None:
            raise Refused("environment", "No rig is open.")
        return self.machine

    def stack(self, name):
        stack = self.rig().stacks.get(name)
        if stack is None:
            raise Refused("environment", f"There is no adapter {name}.")
        return stack

    def hello(self, protocols, controller, **later):
        """Later versions may say more."""
        if PROTOCOL not in protocols:
            raise Refused("environment", f"This adapter speaks {PROTOCOL} only.")
        return HELLO

    def profile(self):
        return PROFILE

    def open(self, seed, schedule="run-to-block"):
        if self.machine is not None:
            raise Refused("environment", "A rig is open already.")
        if not isinstance(seed, int) or seed < 0:
            raise WrongParams("`seed` is a whole number.")
        self.machine = Machine()

    def close(self):
        self.machine = None

    def bye(self):
        self.close()

    def load(self):
        return self.rig().operate(self.rig().load())

    def unload(self):
        return self.rig().operate(self.rig().unload())

    def addAdapter(self, adapter, spec={}):
        if spec.get("layers", ["dut"]) != ["dut"] or spec.get("mandatory") or spec.get("noPauseOnSuspend"):
            raise Refused("notSupported", "This model has one optional filter module on each adapter.")
        if adapter in self.rig().stacks:
            raise Refused("environment", f"Adapter {adapter} is there already.")
        self.machine.stacks[adapter] = Stack(adapter)

    def attach(self, adapter):
        return self.on_stack(adapter, self.rig().attach)

    def restart(self, adapter):
        return self.on_stack(adapter, self.rig().restart)

    def pause(self, adapter):
        return self.on_stack(adapter, self.rig().pause)

    def detach(self, adapter):
        return self.on_stack(adapter, self.rig().detach)

    def enableAdapter(self, adapter):
        return self.on_stack(adapter, self.rig().enable)

    def disableAdapter(self, adapter):
        return self.on_stack(adapter, self.rig().disable)

    def on_stack(self, adapter, procedure):
        stack = self.stack(adapter)
        return self.machine.operate(procedure(stack), stack)

    def openHandle(self, app, adapter):
        return self.rig().operate(self.rig().open_handle(app, adapter))

    def closeHandle(self, app):
        return self.rig().operate(self.rig().close_handle(app))

    def ask(self, app, what, count=1):
        if what not in PROFILE["requests"]:
            raise Refused("notApplicable", f"The driver cannot be asked for {what}.")
        return self.rig().operate(self.rig().write(app, count, what == "sendChain"))

    def cancelRequests(self, app):
        """No request of this driver is ever pending."""

    def setNeighbours(self, adapter, policy):
        if policy.get("protocolVetoes"):
            raise Refused("notSupported", "The protocol of this model never vetoes.")
        self.stack(adapter).policy.update(policy)

    def sendFromAbove(self, adapter, what):
        stack = self.stack(adapter)
        cancel_id = what.get("cancelId")
        nbls = [Nbl(f"n{self.machine.number('nbl')}", "protocol", None, cancel_id) for _ in range(what["count"])]
        stack.sends_out.update(nbls)
        passive = what.get("passive", False)
        if stack.module is None:
            work = lambda: self.machine.miniport_sends(stack, nbls)
        else:
            work = lambda: self.machine.data("FilterSendNetBufferLists", stack.module, nbls)
        self.machine.perform(work, PASSIVE if passive else DISPATCH)
        return {"id": self.machine.number("batch"), "items": [nbl.name for nbl in nbls]}

    def receiveFromBelow(self, adapter, what):
        stack = self.stack(adapter)
        nbls = [Nbl(f"n{self.machine.number('nbl')}", "miniport") for _ in range(what["count"])]
        low = what.get("lowResources", False)
        if not low:
            stack.receives_out.update(nbls)

        def work():
            if stack.module is None:
                self.machine.protocol_receives(stack, nbls, 3 if low else 1)
            else:
                self.machine.data("FilterReceiveNetBufferLists", stack.module, nbls, low)
            if low:
                self.machine.receives_are_back(stack, nbls)

        self.machine.perform(work)
        return {"id": self.machine.number("batch"), "items": [nbl.name for nbl in nbls]}

    def completeSends(self, adapter, which={}):
        stack = self.stack(adapter)
        for chain in chosen(stack.sends, which):
            self.give_back(which, lambda: self.machine.complete_sends(stack, chain, which.get("status")))

    def returnReceives(self, adapter, which={}):
        stack = self.stack(adapter)
        for chain in chosen(stack.receives, which):
            self.give_back(which, lambda: self.machine.return_receives(stack, chain))

    def completeOids(self, adapter, which={}):
        stack = self.stack(adapter)
        for requests in chosen(stack.oids, which):
            self.give_back(which, lambda: self.machine.complete_oids(stack, requests, which.get("status")))

    def give_back(self, which, work):
        self.machine.perform(work, PASSIVE if which.get("passive") else DISPATCH)

    def cancelSends(self, adapter, cancelId):
        """The filter has no FilterCancelSendNetBufferLists, so NDIS passes it by; the miniport completes what it holds."""
        stack = self.stack(adapter)
        stack.books["cancelsBelow"].append(cancelId)
        nbls = [nbl for nbl in stack.sends if nbl.cancel_id == cancelId]
        self.machine.perform(lambda: self.machine.complete_sends(stack, nbls, "NDIS_STATUS_SEND_ABORTED"))

    def oidFromAbove(self, adapter, oid, type="query"):
        return self.rig().operate(self.rig().oid(self.stack(adapter), oid))

    def statusFromBelow(self, adapter, code):
        """The filter has no FilterStatus, so NDIS passes it by."""
        self.stack(adapter).books["statusesAbove"].append(code)

    def letTimePass(self, milliseconds):
        self.rig().trace.time += milliseconds
        self.machine.settle()

    def operation(self, operation):
        outcomes = self.rig().outcomes
        if not 0 <= operation["id"] < len(outcomes):
            raise WrongParams(f"There is no operation {operation['id']}.")
        status = outcomes[operation["id"]]
        return {"state": "pending"} if status is None else {"state": "done", "status": status}

    def trace(self, after=0, limit=1000):
        """A page: no more than was asked for, and no more than a line holds."""
        rest = self.rig().trace.crossings[after:]
        page, size = [], 0
        for crossing in rest[:limit]:
            size += len(json.dumps(crossing))
            if page and size > PAGE_BYTES:
                break
            page.append(crossing)
        return {"crossings": page, "more": len(page) < len(rest)}

    def modules(self):
        return [module.view() for module in self.rig().modules]

    def neighbours(self, adapter):
        stack = self.stack(adapter)
        return {
            "miniportSends": [self.held(nbl) for nbl in stack.sends],
            "protocolReceives": [self.held(nbl) for nbl in stack.receives],
            "miniportOids": [self.held(oid) for oid in stack.oids],
            **stack.books,
        }

    def held(self, nbl):
        module = {} if nbl.module is None else {"module": nbl.module.name}
        return {"item": nbl.name, "origin": nbl.origin, **module}

    def settle(self):
        self.rig().settle()

    def bugcheck(self):
        """This model never stops."""
        self.rig()


METHODS = [
    name
    for name in vars(Calls)
    if not name.startswith("_") and name not in ("rig", "stack", "on_stack", "give_back", "held")
]

# ---- lines ---------------------------------------------------------------------------------------------------


def error(id, code, message, kind=None):
    data = {} if kind is None else {"data": {"kind": kind}}
    return {"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message, **data}}


def call(calls, id, method, params):
    if method not in METHODS:
        return error(id, -32601, f"There is no method {method}.")
    if not isinstance(params, dict):
        return error(id, -32602, "Parameters are an object.")
    try:
        return {"jsonrpc": "2.0", "id": id, "result": getattr(calls, method)(**params)}
    except Refused as refused:
        return error(id, -32000, str(refused), refused.kind)
    except (WrongParams, TypeError, KeyError, AttributeError) as wrong:
        return error(id, -32602, f"Wrong parameters: {wrong}")


def answer(calls, line):
    """The answer to a line, and the method that it called; no answer to a notification."""
    if len(line) > LONGEST_LINE:
        return error(None, -32700, f"A line is longer than {LONGEST_LINE} bytes."), None
    try:
        message = json.loads(line.decode("utf-8"))
    except ValueError as wrong:
        return error(None, -32700, f"A line is no JSON in UTF-8: {wrong}"), None
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0" or not isinstance(message.get("method"), str):
        return error(None, -32600, "A line is no request of JSON-RPC 2.0."), None
    if "id" not in message:
        return None, None
    method = message["method"]
    return call(calls, message["id"], method, message.get("params", {})), method


def main():
    calls = Calls()
    # The end of the input ends the program: nothing is left behind, because nothing of it is outside.
    for line in sys.stdin.buffer:
        line = line.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
        if not line.strip():
            continue
        reply, method = answer(calls, line)
        if reply is not None:
            sys.stdout.buffer.write(json.dumps(reply).encode() + b"\n")
            sys.stdout.buffer.flush()
        if method == "bye":
            return


if __name__ == "__main__":
    main()
