"""The built-in engine, run as a child process of the server: llama.cpp's own HTTP server on the loopback.

A child because a crash in native code must not take the server along, and because it must be killable. Its parent
writes the key to stdin, keeps that pipe open, and reads LISTENING from stdout. The end of the pipe is the end of
the parent, however it died, on every system; Linux adds a signal for a child that is too busy to notice.
"""

import os
import sys
import threading
from pathlib import Path

from gantry_edge.children import die_with_parent

LISTENING = "engine listening on "
SLOTS = 2  # answers at once: the second person need not wait for the first
PROMPT_CACHE = 256  # MB; llama.cpp's default of 8 GB is the whole machine
SMALL_MODEL = "SmolLM2-135M-Instruct"


def serve(model: Path, port: int, threads: int, context: int) -> None:
    """Load the model and serve until the parent is gone. Port 0 takes a free one."""
    key = sys.stdin.buffer.readline().strip().decode()
    die_with_parent()
    # Read by the OpenMP library when it is loaded. Its threads would otherwise spin while they wait, which on a
    # busy machine is slower by a factor of ten.
    os.environ["OMP_WAIT_POLICY"] = "passive"
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.model_alias = {model_name(model)}
    params.n_parallel = SLOTS
    params.n_ctx = context * SLOTS  # llama.cpp divides it among the slots
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.n_gpu_layers = 0
    params.cache_ram_mib = PROMPT_CACHE
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.api_keys = [key]
    params.cors_origins = "http://127.0.0.1"
    params.ui = False
    params.offline = True
    params.endpoint_slots = False
    params.verbosity = 1
    if params.model_alias == {SMALL_MODEL}:  # so small that it repeats itself for ever, or rambles
        params.sampling.temp = 0.3
        params.sampling.penalty_freq = 0.4
        params.sampling.penalty_last_n = 256
    server = xllamacpp.Server(params)
    print(f"{LISTENING}{server.listening_address}", flush=True)
    threading.Event().wait()


def model_name(model: Path) -> str:
    """The file's name without its quantisation: SmolLM2-135M-Instruct.Q4_1.gguf is SmolLM2-135M-Instruct."""
    name = model.name.removesuffix(".gguf")
    for mark in (".", "-"):
        head, _, tail = name.rpartition(mark)
        if head and tail.upper().startswith(("Q", "IQ", "F16", "F32", "BF16")) and any(map(str.isdigit, tail)):
            return head
    return name
