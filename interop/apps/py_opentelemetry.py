"""The OpenAI SDK with OpenTelemetry's own instrumentation: the texts travel in log records."""

import os

from openai import OpenAI
from opentelemetry import trace
from opentelemetry._logs import set_logger_provider
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from conversation import converse

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
logs = LoggerProvider()
logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
set_logger_provider(logs)
OpenAIInstrumentor().instrument()
tracer = trace.get_tracer("shop")


def in_turn(work):
    attributes = {"session.id": os.environ["SESSION"], "user.id": os.environ["APP_USER"]}
    with tracer.start_as_current_span("POST /chat", attributes=attributes):
        work()


converse(OpenAI(), in_turn)
provider.shutdown()
logs.shutdown()
