"""Runs MiniStack where names under .localhost are this machine (RFC 6761, 6.3), also where the system does not know them."""

import runpy
import socket

system_getaddrinfo = socket.getaddrinfo


def getaddrinfo(host, *rest, **options):
    is_this_machine = isinstance(host, str) and host.endswith(".localhost")
    return system_getaddrinfo("127.0.0.1" if is_this_machine else host, *rest, **options)


socket.getaddrinfo = getaddrinfo
runpy.run_module("ministack", run_name="__main__")
