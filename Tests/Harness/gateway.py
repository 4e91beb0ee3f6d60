"""What the tests ask of a running gateway."""

import httpx


class Gateway:
    """A running `weir serve`."""

    def __init__(self, child, port, key, config):
        self.child, self.port, self.key, self.config = child, port, key, config
        self.root = f"http://127.0.0.1:{port}"
        self.base = self.root + "/v1"

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}

    def get(self, path, **options):
        return httpx.get(self.root + path, headers=self.headers, timeout=20, **options)

    def post(self, path, body, headers=None, **options):
        return httpx.post(self.root + path, json=body, headers=self.headers | (headers or {}), timeout=20, **options)

    def chat(self, model, **fields):
        body = {"model": model, "messages": [{"role": "user", "content": "hola"}], "max_tokens": 4} | fields
        return self.post("/v1/chat/completions", body)

    @property
    def models(self):
        return sorted(model["id"] for model in self.get("/v1/models").json()["data"])
