extension KnownKeys {
    static let modelParams = """
        model text now the provider's prefix and the model's name there
        custom_llm_provider text now the provider, when the model's name does not tell it
        api_base text now the provider's address
        base_url text now the same as api_base
        api_key text now the key for the provider
        api_version text now the version of the provider's API
        organization text now the organization at the provider
        timeout seconds now longest wait for an answer
        stream_timeout seconds now longest wait for each part of a stream, the first included
        weight count now relative share of the group's requests
        rpm count now requests a minute: a limit, and a weight where no entry has one
        tpm count now tokens a minute: a limit, and a weight where no entry has one
        extra_headers map now header lines for the provider
        extra_body map now members that every request to the provider has
        drop_params flag now leave out parameters that the provider does not know
        additional_drop_params list now parameters that are always left out
        allowed_openai_params list later parameters that are passed on although the provider is not known to take them
        mock_response text now an answer without a provider
        configurable_clientside_auth_params list now parameters that the client may bring himself
        input_cost_per_token number now dollars for one token of the prompt
        output_cost_per_token number now dollars for one token of the answer
        cache_read_input_token_cost number now dollars for one cached token of the prompt
        cache_creation_input_token_cost number later dollars for one token written to the cache
        output_cost_per_reasoning_token number now dollars for one reasoning token
        input_cost_per_second number later dollars for a second of input
        output_cost_per_second number later dollars for a second of output
        ssl_verify any now whether the certificate is checked, or a file of authorities to trust
        ssl_certificate text now the certificate to identify with
        client_certificate text now the certificate to identify with
        client_key text now its private key
        order count now lower is tried first, higher before the fallbacks
        tags list now requests with these tags may come here
        tag_regex list now requests whose User-Agent matches may come here
        max_parallel_requests count now requests at the same time
        num_retries count now tries after one that failed here
        max_retries count now the same, when num_retries is left out
        cooldown_time seconds now seconds of rest after failures
        region_name text now where the deployment stands; a request may ask for a region (allowed_model_region)
        itpm count later prompt tokens a minute
        otpm count later answer tokens a minute
        rpd count later requests a day
        tpd count later tokens a day
        max_budget number later dollars that the deployment may cost
        budget_duration text later after which time max_budget begins anew
        litellm_credential_name text now an entry of credential_list, or one of /credentials; what the entry says itself stays
        timeout_by_service_tier map later timeouts for each service tier
        stream_timeout_by_service_tier map later stream timeouts for each service tier
        mock_timeout flag later fail with a timeout
        mock_tool_calls list later tool calls of the mock answer
        use_in_pass_through flag later use the key for pass-through paths too
        merge_reasoning_content_in_choices flag later put reasoning into the answer's text
        default_api_key_tpm_limit count later tokens a minute for keys without a limit
        default_api_key_rpm_limit count later requests a minute for keys without a limit
        keepalive_seconds number later interval of keep-alive events in streams
        use_litellm_proxy flag later the upstream is a LiteLLM
        use_chat_completions_api flag later call chat completions for the responses API
        rust flag later LiteLLM's own switch, without a meaning here
        model_id text later the deployment's id
        litellm_trace_id text later an id for traces
        max_file_size_mb number later largest file to upload
        auto_router_config_path text later the routes of an auto router
        auto_router_config any later the routes of an auto router
        auto_router_default_model text later where an auto router goes otherwise
        auto_router_embedding_model text later what an auto router compares with
        complexity_router_config map later settings of the complexity router
        adaptive_router_config map later settings of the adaptive router
        quality_router_config map later settings of the quality router
        input_cost_per_character number later dollars for one character of the prompt
        output_cost_per_character number later dollars for one character of the answer
        input_cost_per_pixel number later dollars for one pixel of input
        output_cost_per_pixel number later dollars for one pixel of output
        input_cost_per_audio_token number later dollars for one audio token of the prompt
        output_cost_per_audio_token number later dollars for one audio token of the answer
        input_cost_per_query number later dollars for one search
        output_cost_per_image number later dollars for one image
        tiered_pricing list later prices by length of the prompt
        aws_access_key_id text later credentials for AWS
        aws_secret_access_key text later credentials for AWS
        aws_session_token text later credentials for AWS
        aws_region_name text later the region at AWS
        aws_role_name text later the role to take at AWS
        aws_session_name text later the session's name at AWS
        aws_profile_name text later a profile of the AWS credentials file
        aws_web_identity_token text later credentials for AWS
        aws_sts_endpoint text later where tokens of AWS come from
        aws_external_id text later the external id of the role at AWS
        aws_bedrock_runtime_endpoint text later the address of Bedrock
        vertex_project text later the project at Google Cloud
        vertex_location text later the region at Google Cloud
        vertex_credentials any later credentials for Google Cloud
        azure_ad_token text later a token for Azure
        azure_scope text later the scope of the token for Azure
        azure_username text later credentials for Azure
        azure_password text later credentials for Azure
        tenant_id text later the tenant at Azure
        client_id text later the client's id at Azure
        client_secret text later credentials for Azure
        watsonx_region_name text later the region of watsonx
        s3_bucket_name text later where batch files are kept
        s3_region_name text later the region of that bucket
        gcs_bucket_name text later where batch files are kept
        guardrails list later guardrails of this model
        model_info map later belongs beside litellm_params, not into it
        hedge_after seconds now streams: ask another deployment besides when this one's first token has not come by then
        first_byte_timeout seconds now longest wait until an answer begins
        chunk_timeout seconds now longest pause within a stream
        min_tokens_per_second number now a stream that becomes slower is given up
        """

    static let modelInfo = """
        id text now the deployment's own id
        mode text now chat, completion, embedding, image_generation, audio_transcription, audio_speech, rerank, moderation, responses
        base_model text now the name to look the price up under
        max_tokens count now largest number of tokens in an answer
        max_input_tokens count now largest number of tokens in a prompt; else as the price table says
        max_output_tokens count now largest number of tokens in an answer
        input_cost_per_token number now dollars for one token of the prompt
        output_cost_per_token number now dollars for one token of the answer
        cache_read_input_token_cost number now dollars for one cached token of the prompt
        cache_creation_input_token_cost number later dollars for one token written to the cache
        output_cost_per_reasoning_token number now dollars for one reasoning token
        input_cost_per_second number later dollars for a second of input
        output_cost_per_second number later dollars for a second of output
        access_groups list later names for sets of models
        team_id text later the team that the model belongs to
        team_public_model_name text later the model's name for that team
        tier text later free or paid
        health_check_timeout seconds now longest wait of a health check; health_checks.timeout if left out
        health_check_model text now what a health check asks of a wildcard
        health_check_voice text later the voice of a health check
        disable_background_health_check flag now leave the model out of background checks
        blocked flag later take no requests
        enable_tag_filtering flag later choose by tags
        allow_fail_open flag later take requests when all else fails
        allowed_fails count now failures within the cooldown time that are forgiven
        allowed_fails_policy map now the same for each kind of failure
        cooldown_time seconds now seconds of rest after failures, where litellm_params has none
        health_check_with_inference flag now look at this backend by a call for one token
        """
}
