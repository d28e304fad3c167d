"""Runtime hook of the frozen program: Chroma imports an exporter of traces that is never used, and 18 MB with it."""

import sys
import types

PARTS = ("", ".otlp", ".otlp.proto", ".otlp.proto.grpc")


def plant(name: str, **attributes: object) -> None:
    module = types.ModuleType(name)
    module.__path__ = []
    module.__dict__.update(attributes)
    sys.modules[name] = module


class OTLPSpanExporter:
    def __init__(self, *args: object, **named: object) -> None:
        raise RuntimeError("Exporting traces is not part of this program")


for part in PARTS:
    plant(f"opentelemetry.exporter{part}")
plant("opentelemetry.exporter.otlp.proto.grpc.trace_exporter", OTLPSpanExporter=OTLPSpanExporter)
