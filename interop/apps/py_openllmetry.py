"""The OpenAI SDK with OpenLLMetry, over OTLP/gRPC; session and user stand on the application's own span."""

import os

from openai import OpenAI
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from conversation import converse

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
OpenAIInstrumentor().instrument(tracer_provider=provider)
tracer = provider.get_tracer("shop")


def in_turn(work):
    attributes = {"session.id": os.environ["SESSION"], "user.id": os.environ["APP_USER"]}
    with tracer.start_as_current_span("POST /chat", attributes=attributes):
        work()


converse(OpenAI(), in_turn)
provider.shutdown()
