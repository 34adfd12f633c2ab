"""Runs MiniStack where names under .localhost are this machine (RFC 6761, 6.3), also where the system does not know them."""

import runpy
import socket

from ministack.services.cloudformation import provisioners

system_getaddrinfo = socket.getaddrinfo


def getaddrinfo(host, *rest, **options):
    is_this_machine = isinstance(host, str) and host.endswith(".localhost")
    return system_getaddrinfo("127.0.0.1" if is_this_machine else host, *rest, **options)


socket.getaddrinfo = getaddrinfo

# What it refuses templates for, though nothing depends on it: it stands there, and does nothing.
for kind in ("AWS::CloudWatch::CompositeAlarm", "AWS::Logs::QueryDefinition"):
    provisioners._RESOURCE_HANDLERS.setdefault(
        kind,
        {
            "create": lambda logical_id, props, stack_name: (f"{stack_name}-{logical_id}", {}),
            "update": lambda physical_id, old_props, new_props, stack_name: (physical_id, {}),
            "delete": lambda physical_id, props: None,
        },
    )

runpy.run_module("ministack", run_name="__main__")
