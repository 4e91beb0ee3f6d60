"""A real llama.cpp server on loopback: `python llama_server.py MODEL.gguf PORT ALIAS [--embedding] [--api-key KEY]`.

The HTTP server is llama.cpp's own, compiled into the xllamacpp wheel; this only sets its parameters. It serves until
SIGTERM.
"""

import argparse
import os
import signal

import xllamacpp


def parameters(options):
    common = xllamacpp.CommonParams()
    common.model.path = options.model

    def put(name, value):
        """Some releases hold these as a text, some as a list or a set."""
        kind = type(getattr(common, name))
        setattr(common, name, value if kind is str else kind([value]))

    put("hostnames" if hasattr(common, "hostnames") else "hostname", "127.0.0.1")
    put("model_alias", options.alias)
    common.port = options.port
    common.n_parallel = 4
    common.n_ctx = 4 * 32768  # shared by the slots
    common.cpuparams.n_threads = 1
    common.n_threads_http = 8
    common.endpoint_metrics = True
    common.endpoint_slots = True
    common.offline = True
    common.ui = False
    common.warmup = False
    common.use_jinja = True
    common.sampling.temp = 0  # unless the client says otherwise, the same question has the same answer
    common.n_predict = 64  # ... and an end
    if options.embedding:
        common.embedding = True
        common.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    if options.api_key:
        common.api_keys = [options.api_key]
    return common


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("port", type=int)
    parser.add_argument("alias")
    parser.add_argument("--embedding", action="store_true")
    parser.add_argument("--api-key")
    # The server's threads are not Python's: without this a signal would wait for them.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server = xllamacpp.Server(parameters(parser.parse_args()))
    print("listening", server.listening_address, flush=True)
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
