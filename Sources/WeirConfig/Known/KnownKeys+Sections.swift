extension KnownKeys {
    static let top = """
        model_list list now the models that can be called
        litellm_settings map now settings of LiteLLM as a library
        router_settings map now how a deployment is chosen
        general_settings map now settings of the gateway itself
        environment_variables map now variables that are set before anything else is read
        include list now files to merge in, relative to this one
        routes any now rules that add parameters or choose a model by a header
        logging map now where facts about requests go
        auth map now tokens that may call models
        health_checks map now what the probes answer
        features map now switches of the gateway
        rate_limits map now how much may pass in a minute or at once, altogether and for each key
        fallbacks list now which model group stands in for another
        retry map now how often and how soon to try again
        guardrails list later checks of prompts and answers
        callback_settings map later settings of single callbacks
        credential_list list now credentials that entries refer to by name
        files_settings list later credentials for the files API
        finetune_settings list later credentials for fine-tuning
        assistant_settings map later credentials for assistants
        mcp_servers map later MCP servers behind the gateway
        mcp_tools list later tools offered over MCP
        mcp_aliases map later other names for MCP servers
        search_tools list later search services
        vector_store_registry list later vector stores
        prompts list later managed prompts
        policies map later sets of guardrails
        policy_attachments list later who a policy is for
        agents list later agents behind the gateway
        agent_list list later agents behind the gateway
        pass_through_endpoints list later paths that are handed on to another address
        access_groups any later names for sets of models
        sandbox_params map later settings of the sandbox
        model_group_settings map later settings for whole model groups
        model_group_limits map now how much a model group may take from everybody together
        """

    static let modelEntry = """
        model_name text now the name that clients use; entries with one name share its requests
        litellm_params map now how the model is called
        model_info map now what is known of the model
        """

    static let credentialEntry = """
        credential_name text now the name that litellm_credential_name refers to
        credential_values map now members of litellm_params: api_key, api_base, api_version and others
        credential_info map now what people want to know of it
        """

    static let modelGroupAlias = """
        model text now the name from model_list that the alias stands for
        hidden flag now leave the alias out of the list of models
        """

    static let routes = """
        models list now names from model_list
        model text now one name from model_list
        condition map now a header that the request must have
        completion_params map now parameters for requests that do not set them
        """

    static let routeCondition = """
        header text now the header's name
        value text now the value it must have; any if left out
        """

    static let logging = """
        prometheus map now metrics on a port of their own
        langfuse map later traces for Langfuse
        """

    static let prometheus = """
        enabled flag now whether metrics are served on this port
        host text now the address to listen on
        port port now the port to listen on
        """

    static let langfuse = """
        host text later the server's address
        public_key text later the project's public key
        secret_key text later the project's secret key
        """

    static let rateLimits = """
        global_per_minute count now requests a minute, altogether
        per_api_key map now for each named key a number of requests a minute, or {rpm, tpm, max_parallel_requests}; default for each of the others
        global_tokens_per_minute count now tokens a minute, altogether
        global_max_parallel_requests count now requests at once, altogether
        assumed_output_tokens count now tokens reserved for the answer of a request that does not bound it
        """

    static let auth = """
        type text now bearer, or none
        tokens list now the tokens, each a text or a name with a token
        """

    static let authToken = """
        name text now the token's name in logs and metrics
        token text now what the client sends
        """

    static let healthChecks = """
        enabled flag now whether backends are looked at in the background and for the plain answer of /health
        endpoint text now the path that self-hosted servers are asked first
        require_backend_healthy flag now /health without a key answers 503 while a model has no healthy backend
        background flag now ask backends all the time
        interval seconds now from one such look to the next; 300 if left out
        timeout seconds now longest wait for an answer; if left out 5 in the background, 2 on demand, 30 for a call for one token
        with_inference flag now a call for one token where a backend cannot be asked for free
        """

    static let features = """
        separate_health_app flag now probes on a port of their own (SEPARATE_HEALTH_PORT, else 4001)
        pre_call_health_checks flag now whether an unhealthy deployment is passed over; switches background checks on unless they are switched off
        """

    static let fallbacks = """
        primary text now the model group that may fail, or *
        backup any now the group or groups that stand in
        condition text now any, timeout, error, rate_limit, context_window or content_policy
        """

    static let retry = """
        max_retries count now tries after the first, where router_settings and litellm_settings say nothing
        min_seconds seconds now the shortest wait before a try on the same deployment
        """

    static let limits = """
        rpm count now requests in any 60 seconds
        tpm count now tokens in any 60 seconds
        max_parallel_requests count now requests at once
        """
}
