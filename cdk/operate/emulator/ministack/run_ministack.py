"""Runs MiniStack where names under .localhost are this machine (RFC 6761, 6.3), also where the system does not know them."""

import json
import runpy
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

from ministack.services import eventbridge, lambda_svc
from ministack.services.cloudformation import provisioners

system_getaddrinfo = socket.getaddrinfo


def getaddrinfo(host, *rest, **options):
    is_this_machine = isinstance(host, str) and host.endswith(".localhost")
    return system_getaddrinfo("127.0.0.1" if is_this_machine else host, *rest, **options)


socket.getaddrinfo = getaddrinfo

# What it refuses templates for, though nothing depends on it: it stands there, and does nothing.
for kind in (
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::CodeDeploy::Application",
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::Logs::QueryDefinition",
):
    provisioners._RESOURCE_HANDLERS.setdefault(
        kind,
        {
            "create": lambda logical_id, props, stack_name: (f"{stack_name}-{logical_id}", {}),
            "update": lambda physical_id, old_props, new_props, stack_name: (physical_id, {}),
            "delete": lambda physical_id, props: None,
        },
    )


# So many events are worked off at once, as each takes a process; the others wait, as they do in Lambda.
workers = ThreadPoolExecutor(max_workers=6)
attempts = 3
# Not for a moment in which a busy machine has no time: the third attempt is a minute after the first.
first_delay_seconds = 20


def attempt(record, event, failures=0):
    result = lambda_svc._execute_function_with_config_scope(record, event)
    if not result.get("error"):
        return
    failures += 1
    if failures < attempts:
        again = threading.Timer(first_delay_seconds * failures, workers.submit, (attempt, record, event, failures))
        again.daemon = True
        again.start()
        return
    settings = (record.get("event_invoke_configs") or {}).get("$LATEST") or {}
    arn = settings.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    if arn:
        name = record["config"]["FunctionName"]
        lambda_svc._run_with_function_config_scope(
            record, lambda_svc._route_async_failure, arn, name, event, result
        )


def dispatch_with_retries(arn, payload):
    """It invokes a rule's function once, whatever comes of it, and all of them at the same moment."""
    func, config, _name = lambda_svc._get_func_record_for_ref(arn)
    if func and config:
        workers.submit(attempt, lambda_svc._execution_record_for_config(func, config), json.loads(payload))


eventbridge._dispatch_to_lambda = dispatch_with_retries

record_of_alarm = provisioners._cw_metric_alarm_record


def record_without_math(name, props):
    """It refuses alarms over several metrics: such a one watches the first of them."""
    stats = [entry["MetricStat"] for entry in props.get("Metrics", []) if "MetricStat" in entry]
    if not stats:
        return record_of_alarm(name, props)
    others = {key: value for key, value in props.items() if key != "Metrics"}
    first = {"Period": stats[0]["Period"], "Statistic": stats[0]["Stat"], **stats[0]["Metric"]}
    return record_of_alarm(name, {**others, **first})


provisioners._cw_metric_alarm_record = record_without_math

runpy.run_module("ministack", run_name="__main__")
