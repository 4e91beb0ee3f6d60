extension KnownKeys {
    static let litellmSettings = """
        require_auth_for_metrics_endpoint flag now metrics need a key
        ssl_verify any now whether certificates are checked, or a file of authorities to trust
        ssl_certificate text now the certificate to identify with
        drop_params flag now leave out parameters that a provider does not know
        request_timeout seconds now longest wait for an answer
        json_logs flag now write the log as JSON
        client_certificate text now the certificate to identify with
        client_key text now its private key
        input_callback any later what is told of requests
        success_callback any later what is told of successes
        failure_callback any later what is told of failures
        service_callback any later what is told of the gateway's own services
        audit_log_callbacks any later what is told of changes by admins
        batch_line_item_callbacks list later what is told of each line of a batch
        cold_storage_custom_logger any later where full logs are kept
        logged_real_time_event_types any later real-time events that are logged
        callback_settings map later settings of single callbacks
        langfuse_default_tags list later tags for every trace
        langfuse_enable_update_trace_keys flag later let requests change traces
        langsmith_batch_size count later traces sent at once
        prometheus_initialize_budget_metrics flag later show budgets from the start
        prometheus_latency_buckets list later bounds of the latency histograms
        argilla_batch_size count later records sent at once
        datadog_use_v1 flag later the older form for Datadog
        gcs_pub_sub_use_v1 flag later the older form for Pub/Sub
        generic_api_use_v1 flag later the older form for the generic logger
        argilla_transformation_object map later how records are shaped
        pre_call_rules list later Python code that checks prompts
        post_call_rules list later Python code that checks answers
        turn_off_message_logging flag later keep prompts and answers out of logs
        standard_logging_payload_excluded_fields list later fields kept out of logs
        log_raw_request_response flag later log what went to the provider
        log_auth_failure_key_identity flag later log whose key was refused
        request_correlation_in_logs flag later name the request in each line
        redact_messages_in_exceptions flag later keep prompts out of error texts
        redact_user_api_key_info flag later keep the key's owner out of logs
        expose_router_debug_in_errors flag later tell the client about the deployments tried
        filter_invalid_headers flag later drop headers that no provider takes
        add_user_information_to_llm_headers flag later tell the provider who asks
        overwrite_user_with_key_hash flag later send the key's hash as the user
        bedrock_request_metadata_fields list later metadata sent to Bedrock
        store_audit_logs flag later keep changes by admins
        skip_system_message_in_guardrail flag later do not check system messages
        skip_tool_message_in_guardrail flag later do not check tool messages
        max_tokens count later answer length when none is asked for
        bedrock_neutralize_orphaned_tool_blocks flag later mend tool messages for Bedrock
        use_chat_completions_url_for_anthropic_messages flag later serve /v1/messages by chat completions
        anthropic_messages_estimate_initial_input_tokens flag later guess the prompt's tokens at a stream's start
        strip_anthropic_total_tokens flag later no sum of tokens in messages
        anthropic_sse_ping_interval_seconds number later seconds between pings in message streams
        sse_keepalive_ping_interval_seconds number later seconds between pings in streams
        route_all_chat_openai_to_responses flag later serve OpenAI's chat by the responses API
        gemini_live_defer_setup flag later begin live sessions late
        gdc_api_base text later the address of Google's distributed cloud
        vertex_project text later the project at Google Cloud
        vertex_location text later the region at Google Cloud
        predibase_tenant_id text later the tenant at Predibase
        common_cloud_provider_auth_params map later names of credentials
        use_litellm_proxy flag later the upstream is a LiteLLM
        ssl_security_level text later how strict OpenSSL is
        user_url_validation flag later check addresses that clients send
        user_url_allowed_hosts list later hosts that such addresses may always have
        provider_url_destination_allowed_hosts list later hosts to which a provider call may be sent
        otel_tenant_destination_mode text later where a tenant's traces go
        ssl_ecdh_curve text later the curve for TLS
        disable_streaming_logging flag later do not log streams
        disable_token_counter flag later do not count tokens
        disable_add_transform_inline_image_block flag later leave images for Fireworks as they are
        disable_add_user_agent_to_request_tags flag later no tag for the client's program
        disable_anthropic_gemini_context_caching_transform flag later leave Gemini's caching alone
        enable_anthropic_prompt_caching flag later mark prompts for Anthropic's cache
        anthropic_prompt_caching_ttl text later how long they stay there
        openai_system_messages_first flag later put system messages first
        disable_vertex_batch_output_transformation flag later leave Vertex's batch results as they are
        extra_spend_tag_headers list later headers that become tags
        safe_memory_mode flag later keep less in memory
        enable_azure_ad_token_refresh flag later renew tokens for Azure
        proxy_auth any later how to sign in to an upstream LiteLLM
        credential_list list later credentials that entries refer to by name
        llamaguard_model_name text later the model of Llama Guard
        openai_moderations_model_name text later the model for moderation
        presidio_ad_hoc_recognizers text later more patterns for Presidio
        google_moderation_confidence_threshold number later how sure Google's moderation must be
        llamaguard_unsafe_content_categories text later what Llama Guard refuses
        blocked_user_list any later users who may not ask
        banned_keywords_list any later words that may not be asked
        llm_guard_mode text later which keys LLM Guard checks
        guardrail_name_config_map map later guardrails by name
        include_cost_in_streaming_usage flag later tell the cost at a stream's end
        reasoning_auto_summary flag later ask for a summary of the reasoning
        reasoning_effort_rounding text later which way an unknown effort is rounded
        prompt_name_config_map map later prompts by name
        enable_preview_features flag later features that are not finished
        return_response_headers flag later hand the provider's headers on
        enable_json_schema_validation flag later check answers against their schema
        enable_model_config_credential_overrides flag later a team's own credentials
        enable_key_alias_format_validation flag later check the names of keys
        key_alias_pattern text later what names of keys must look like
        enable_gemini_default_thinking_level_low flag later Gemini thinks little unless asked
        gemini_include_thoughts_default flag later Gemini's thoughts are sent
        logging flag later whether anything is told to callbacks
        enable_loadbalancing_on_batch_endpoints flag later share files and batches out too
        require_managed_files flag later files must be uploaded here
        enable_caching_on_provider_specific_optional_params flag later all parameters count for the cache
        caching flag later the older switch for the cache
        cache any later keep answers and give them again
        default_in_memory_ttl number later seconds that answers stay in memory
        default_redis_ttl number later seconds that answers stay in Redis
        default_redis_batch_cache_expiry number later seconds that batches of answers stay in Redis
        model_alias_map map later other names for models
        model_group_settings any later settings for whole model groups
        max_budget number later dollars that everything may cost
        budget_exceeded_status_code count later the status when a budget is used up
        budget_duration text later after which time max_budget begins anew
        default_soft_budget number later dollars at which a key is warned
        budget_exceeded_throttle_percentage number later slow down instead of refusing
        forward_traceparent_to_llm_provider flag now send the trace's header on
        error_logs map later errors, in memory
        add_function_to_prompt flag later write tools into the prompt where a provider has none
        client_session any later a Python object
        aclient_session any later a Python object
        model_fallbacks list later the older form of fallbacks
        blog_posts_url text later where news come from
        anthropic_beta_headers_url text later where the list of beta headers comes from
        autorouter_presets_url text later where presets of the auto router come from
        suppress_debug_info flag later say less on errors
        dynamodb_table_name text later the table for logs
        s3_callback_params map later the bucket for logs
        s3_audit_callback_params map later the bucket for changes by admins
        datadog_llm_observability_params any later settings for Datadog
        datadog_params any later settings for Datadog
        newrelic_params any later settings for New Relic
        pointfive_params any later settings for PointFive
        zerobus_params any later settings for Zerobus
        aws_sqs_callback_params map later the queue for logs
        generic_logger_headers map later headers of the generic logger
        default_key_generate_params map now what a new key gets
        default_key_max_budget_alert_emails map later who is told when a key's budget ends
        upperbound_key_generate_params any now the most that a new key may get
        key_generation_settings any now who may make keys
        default_internal_user_params map now what a new user gets
        default_team_params any now what a new team gets
        default_team_settings list later callbacks of single teams
        max_user_budget number later dollars of a user
        default_max_internal_user_budget number later dollars of a new user
        max_internal_user_budget number later dollars of an internal user
        max_ui_session_budget number later dollars of a session of the admin pages
        internal_user_budget_duration text later after which time a user's budget begins anew
        budget_rollover flag later what is left of a budget is kept
        tag_budget_config map later dollars of single tags
        max_end_user_budget number later dollars of an end user
        max_end_user_budget_id text now the budget of customers who have none: its limits and its models
        validate_end_user_id_in_db flag later end users must be known
        block_requests_for_models_without_pricing flag later refuse models without a price
        personal_key_model_access_from_teams flag later personal keys may use the teams' models
        disable_end_user_cost_tracking flag later do not add up costs of end users
        disable_end_user_cost_tracking_prometheus_only flag later no end users in metrics
        enable_end_user_cost_tracking_prometheus_only flag later end users in metrics
        custom_prometheus_metadata_labels list later metadata that become labels
        custom_prometheus_tags list later tags that become labels
        prometheus_metrics_config list later which metrics have which labels
        prometheus_exclude_metrics list later metrics to leave out
        prometheus_exclude_labels list later labels to leave out
        prometheus_emit_stream_label flag later a label for streams
        prometheus_emit_input_sequence_length_label flag later a label for the prompt's length
        prometheus_emit_rate_limit_labels flag later labels for limits
        prometheus_user_budget_label_include_email_alias flag later the user's address in budget metrics
        prometheus_end_user_metrics_max_series_per_metric count later most end users in one metric
        prometheus_end_user_metrics_ttl_seconds number later how long they stay
        prometheus_end_user_metrics_cleanup_interval_seconds number later how often they are removed
        prometheus_metrics_max_series_per_metric count later most series of one metric
        prometheus_metrics_ttl_seconds number later how long a series stays
        prometheus_metrics_cleanup_interval_seconds number later how often series are removed
        disable_add_prefix_to_prompt flag later no prefix for prompts
        disable_copilot_system_to_assistant flag later leave system messages for Copilot as they are
        force_redis_hash_tag_grouping flag later keys of one request on one node of Redis
        public_mcp_servers list later MCP servers that everyone sees
        public_mcp_hub_strict_whitelist flag later only those
        public_model_groups list later model groups that everyone sees
        public_skills_index flag later skills that everyone sees
        public_agent_groups list later agents that everyone sees
        agent_search_embedding_model text later the model that finds agents
        mcp_tool_search map later how MCP tools are found
        skill_search_embedding_model text later the model that finds skills
        public_model_groups_links map later links on that page
        priority_reservation map later shares of a limit for each priority
        use_aiohttp_transport flag later the HTTP client, without a meaning here
        aiohttp_trust_env flag later take proxies from the environment
        disable_aiohttp_transport flag later the HTTP client, without a meaning here
        disable_aiohttp_trust_env flag later take no proxies from the environment
        force_ipv4 flag later use IPv4 only
        http2 flag later use HTTP/2
        network_mock flag later answer without a network, for tests
        disable_stop_sequence_limit flag later send any number of stop sequences
        num_retries count now tries after the first, where router_settings says nothing
        max_fallbacks count now most fallbacks of one request; 5 if left out
        default_fallbacks list now model groups that stand in for any that has no fallbacks of its own
        fallbacks list now which model group stands in for another
        context_window_fallbacks list now which one does when the prompt is too long
        content_policy_fallbacks list now which one does when the content is refused
        allowed_fails count now failures that are forgiven, where router_settings says nothing
        allow_dynamic_callback_disabling flag later keys may switch callbacks off
        num_retries_per_request count later tries of one request
        output_parse_pii flag later put masked names back into answers
        cost_discount_config map later discounts of single providers
        apply_search_free_tier flag later count the free searches
        custom_prompt_dict map later forms of prompts
        api_base text later the address for every model
        api_version text later the API's version for every model
        vertex_ai_safety_settings map later safety settings for Vertex
        models_by_provider map later the lists of models
        longer_context_model_fallback_dict map later models with longer prompts
        adapters list later forms of requests
        vector_store_registry any later vector stores
        vector_store_index_registry any later indexes of vector stores
        vector_store_search_failure_mode any later what happens when a search fails
        custom_provider_map list later providers written in Python
        disable_hf_tokenizer_download flag later fetch no tokenizers
        global_disable_no_log_param flag later clients may not switch logs off
        global_bitbucket_config map later where prompts are kept
        global_gitlab_config map later where prompts are kept
        modify_params flag later change requests so that a provider takes them
        telemetry flag later LiteLLM's own statistics, without a meaning here
        set_verbose flag later say more in the log
        cache_params map later where and how long answers are kept
        callbacks any later what is told of requests, and what checks them
        guardrails list later checks of prompts and answers, in the older form
        enable_redis_auth_cache flag later keep keys in Redis
        budget_reset_time text later the time of day at which budgets begin anew
        timezone text later the zone of that time
        cost_margin_config map later margins on single providers
        check_provider_endpoint any later ask providers for their models
        priority_reservation_settings any later settings of these shares
        """
}
