"""Pieces of the gateway configurations that the tests write."""

MASTER_KEY = "sk-acceptance-4f1c09d2"
UPSTREAM_KEY = "sk-upstream-9b0e77aa"

INPUT_PRICE, OUTPUT_PRICE = 0.000003, 0.00001
PRICE = {"input_cost_per_token": "0.000003", "output_cost_per_token": "0.00001"}


def model(name, upstream, upstream_model, key="none", **parameters):
    """One entry of `model_list`."""
    entry = {"model": f"openai/{upstream_model}", "api_base": upstream, "api_key": key} | parameters
    lines = [f"  - model_name: {name}", "    litellm_params:"]
    return "\n".join(lines + [f"      {key}: {value}" for key, value in entry.items()]) + "\n"


def config(*models, key=MASTER_KEY):
    """A whole file. Without a key the gateway asks nobody for one."""
    settings = f"general_settings:\n  master_key: {key}\n" if key else ""
    return "model_list:\n" + "".join(models) + settings
